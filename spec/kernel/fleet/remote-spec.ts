import { connect } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/nats-core';
import { expect } from 'chai';
import { filter, firstValueFrom, lastValueFrom, type Observable, type Subscription } from 'rxjs';
import { rtLink } from '../../../lib/families/rt-link.js';
import { rtRoute } from '../../../lib/families/rt-route.js';
import { nlctrl } from '../../../lib/families/nlctrl.js';
import { remote, serveRemote, type RemoteEvent, type RemotePolicy } from '../../../lib/fleet/index.js';
import type { NetlinkError } from '../../../lib/index.js';
import { network } from '../../../lib/network/index.js';
import { createNamespace, type Namespace } from '../../support/namespace.js';
import { startNatsServer, type NatsServer } from '../../support/nats-server.js';

const USERS = `authorization { users: [
  { user: host, password: x, permissions: { publish: ["rxf.nl.a.*.*.welcome", "rxf.nl.a.*.*.rx"], subscribe: ["rxf.nl.a.open", "rxf.nl.a.*.*.tx"] } }
  { user: operator, password: x, permissions: { publish: ["rxf.nl.a.open", "rxf.nl.a.any.*.tx"], subscribe: ["rxf.nl.a.any.*.welcome", "rxf.nl.a.any.*.rx"] } }
  { user: reader, password: x, permissions: { publish: ["rxf.other"], subscribe: ["_INBOX.>"] } }
] }`;

/** Returns the error with which an Observable ends. */
function endOf(stream: Observable<unknown>): Promise<NetlinkError> {
  return new Promise((resolve, reject) => {
    stream.subscribe({ error: resolve, complete: () => reject(new Error('it completed')) });
  });
}

describe('netlink of another host, over a nats-server', function () {
  this.timeout(60_000);
  let server: NatsServer;
  let namespace: Namespace;
  const connections: NatsConnection[] = [];
  const hosts: Subscription[] = [];

  before(async () => {
    server = await startNatsServer({ jetstream: false, config: USERS });
    namespace = createNamespace();
    namespace.batch(['link add d0 type bridge', 'link set d0 up', 'address add 192.0.2.1/24 dev d0', 'link add d1 type bridge']);
  });
  afterEach(async () => {
    for (const host of hosts.splice(0)) host.unsubscribe();
    for (const connection of connections.splice(0)) await connection.close();
  });
  after(async () => {
    namespace?.delete();
    await server?.delete();
  });

  async function connection(user: string): Promise<NatsConnection> {
    const made = await connect({ servers: server.url, user, pass: 'x', reconnect: false });
    connections.push(made);
    return made;
  }

  async function serve(policy: RemotePolicy = {}): Promise<void> {
    const events = serveRemote(await connection('host'), { host: 'a', netns: namespace.path, policy, beat: 100 });
    await new Promise<void>((resolve, reject) => {
      hosts.push(events.subscribe({ next: ({ type }: RemoteEvent) => type === 'started' && resolve(), error: reject }));
    });
  }

  it('reads links and routes as `ip -j` has them, and follows changes', async () => {
    await serve();
    const transport = remote(await connection('operator'), 'a');
    using link = rtLink({ transport });
    using route = rtRoute({ transport });
    const names = (JSON.parse(namespace.ip('-j link')) as { readonly ifname: string }[]).map(({ ifname }) => ifname);
    expect((await lastValueFrom(link.list('getlink'))).map(({ ifname }) => ifname)).to.deep.equal(names);
    const routes = JSON.parse(namespace.ip('-j -4 route show table all')) as unknown[];
    expect(await lastValueFrom(route.list('getroute', { rtmFamily: 2 }))).to.have.length(routes.length);
    const added = firstValueFrom(link.watch('getlink').pipe(filter((change) => change.type === 'added')));
    await firstValueFrom(link.watch('getlink'));
    namespace.ip('link add d2 type bridge');
    expect((await added).value.ifname).to.equal('d2');
    namespace.ip('link del d2');
    using families = nlctrl({ transport });
    expect((await lastValueFrom(families.list('getfamily'))).map(({ familyName }) => familyName)).to.include('nlctrl');
  });

  it('plans and applies a document where the policy allows it', async () => {
    await serve({ families: { '*': ['*'] }, write: { 'rt-*': ['*'] } });
    const net = network({ transport: remote(await connection('operator'), 'a') });
    const document = { version: 1, links: [{ name: 'd1', up: true, mtu: 1400, addresses: ['198.51.100.1/24'] }] } as const;
    const plan = await lastValueFrom(net.plan(document));
    await lastValueFrom(net.apply(plan));
    net.close();
    const [row] = JSON.parse(namespace.ip('-j address show d1')) as {
      readonly mtu: number;
      readonly addr_info: { readonly local: string }[];
    }[];
    expect(row!.mtu).to.equal(1400);
    expect(row!.addr_info.map(({ local }) => local)).to.include('198.51.100.1');
  });

  it('plans a firewall and a qdisc where the policy allows reading only', async () => {
    await serve({ families: { '*': ['*'] } });
    const net = network({ transport: remote(await connection('operator'), 'a') });
    const tables = [{ family: 'inet', name: 'app', chains: [{ name: 'c', hook: 'input' }] }] as const;
    const links = [{ name: 'd1', qdisc: { kind: 'htb' } }] as const;
    const plan = net.plan({ version: 1, links, firewall: { tables } });
    expect((await lastValueFrom(plan)).text)
      .to.contain('+ qdisc root on d1')
      .and.to.contain('+ table inet app');
    net.close();
  });

  it('changes nothing without a list of writes', async () => {
    await serve();
    using link = rtLink({ transport: remote(await connection('operator'), 'a') });
    const before = namespace.ip('-j link');
    const error = await endOf(link.do('newlink', { ifname: 'x0', linkinfo: { kind: 'dummy' } }));
    expect(error.code).to.equal('EPERM');
    expect(error.message).to.include("the policy of host 'a' does not allow newlink of rt-link");
    expect(namespace.ip('-j link')).to.equal(before);
  });

  it('is not open to an account without the permission', async () => {
    await serve();
    using link = rtLink({ transport: remote(await connection('reader'), 'a') });
    const error = await endOf(link.list('getlink'));
    expect(error.code).to.equal('EACCES');
    expect(error.message).to.include('the account of this connection may not use rxf.nl.a.');
    const events = serveRemote(await connection('reader'), { host: 'a' });
    expect((await endOf(events)).message).to.include('the account of this connection may not use rxf.nl.a.');
  });

  it('ends with ENOTCONN when the server is killed', async () => {
    await serve();
    using link = rtLink({ transport: remote(await connection('operator'), 'a') });
    await firstValueFrom(link.watch('getlink'));
    const end = endOf(link.watch('getlink'));
    hosts[0]!.unsubscribe();
    expect((await end).code).to.equal('ENOTCONN');
    await serve();
    await lastValueFrom(link.list('getlink'));
    hosts.at(-1)!.add(() => undefined);
    const last = endOf(link.watch('getlink'));
    await server.stop();
    expect((await last).code).to.equal('ENOTCONN');
    await server.start();
  });
});
