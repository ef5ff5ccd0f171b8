import type { NatsConnection } from '@nats-io/nats-core';
import { expect } from 'chai';
import { fleet, type FleetChange, type SampledRows, type SampledTableName } from '../../../lib/fleet/index.js';
import { lastValueFrom } from 'rxjs';
import { conntrackSchema } from '../../../lib/families/conntrack.js';
import { nftablesSchema } from '../../../lib/families/nftables.js';
import { rtLink, rtLinkSchema, type GetlinkReply } from '../../../lib/families/rt-link.js';
import { errorReply, fakeFamilies, fakeFamily, fakeKernel } from '../../../lib/testing/index.js';
import { useNamespace, type Namespace } from '../../support/namespace.js';
import { PATIENCE } from '../../support/patience.js';
import { requirePrograms } from '../../support/programs.js';
import { BEAT, FleetKit, isSilent, until, type Recorded } from './fleet-kit.js';

/** Sends a UDP datagram to a port of the loopback without a listener. */
const SEND = 'echo hello > /dev/udp/127.0.0.1/9';

const objectOf: (entries: readonly (readonly [string, unknown])[]) => object = Object.fromEntries;

/** Returns the rows after the changes of a reader of one host. */
function rowsOf<Row extends object>(changes: readonly FleetChange<Row>[]): readonly Row[] {
  let rows: readonly Row[] = [];
  for (const change of changes) {
    if (change.type === 'synced') rows = change.entries;
    else if (change.type === 'added') rows = [...rows, change.value];
    else if (change.type === 'changed') rows = rows.map((row) => (row === change.previous ? change.value : row));
    else if (change.type === 'removed') rows = rows.filter((row) => row !== change.value);
  }
  return rows;
}

describe('sampled tables of an agent', function () {
  this.timeout(60_000 * PATIENCE);
  let kit: FleetKit;
  let connection: NatsConnection;
  let namespace: Namespace;

  beforeEach(async () => {
    kit = await FleetKit.create();
    namespace = kit.namespace('link add v0 type veth peer v1', 'link set v0 up', 'link set v1 up');
    connection = await kit.connect();
  });
  afterEach(() => kit?.delete());

  /** Starts an agent with one table, and a reader of it. */
  const read = <Name extends SampledTableName>(table: Name): Recorded<FleetChange<SampledRows[Name]>> => {
    kit.agent(connection, { host: 'a', netns: namespace.path, tables: [table], sample: 1000 });
    return kit.record(fleet(connection, { beat: BEAT }).watch(table));
  };

  it('carry the counters of links as `ip -s -j link` has them, and only those that change', async () => {
    requirePrograms('ip', 'bash');
    const links = read('link-counters');
    await links.find(({ type }) => type === 'synced');
    namespace.run('bash', '-c', `for i in 1 2 3; do ${SEND}; done`);
    interface Counted {
      readonly ifindex: number;
      readonly ifname: string;
      readonly stats64: Readonly<
        Record<'rx' | 'tx', { readonly bytes: number; readonly packets: number; readonly errors: number; readonly dropped: number }>
      >;
    }
    const expected = (): unknown =>
      (JSON.parse(namespace.run('ip', '-s', '-j', 'link')) as readonly Counted[])
        .map(({ ifindex, ifname, stats64: { rx, tx } }) => [
          ifindex,
          ifname,
          rx.bytes,
          rx.packets,
          rx.dropped,
          tx.bytes,
          tx.packets,
          tx.errors,
        ])
        .sort();
    const found = (): unknown =>
      rowsOf(links.values)
        .map((row) => [
          ...[row.ifiIndex, row.ifname],
          ...[row.rxBytes, row.rxPackets, row.rxDropped, row.txBytes, row.txPackets, row.txErrors].map(Number),
        ])
        .sort();
    await until(() => JSON.stringify(found()) === JSON.stringify(expected()));
    const changes = links.values.flatMap((change) => (change.type === 'changed' ? [change] : []));
    expect(changes.map(({ value }) => value.ifname)).to.include('lo');
    for (const { properties } of changes) expect(properties).to.not.include('ifname');
    // A UDP datagram of 6 bytes, with its headers, and the ICMP error about its port.
    expect(rowsOf(links.values).find(({ ifname }) => ifname === 'lo')?.rxPackets).to.equal(6n);
  });

  it('carry the number of sockets as `ss` lists them', async () => {
    requirePrograms('ss', 'nsenter');
    const script = `
      const { createServer, connect } = require('node:net');
      const udp = require('node:dgram').createSocket('udp6');
      const server = createServer().listen(7001, '127.0.0.1', () => {
        for (let i = 0; i < 3; i++) connect(7001, '127.0.0.1');
        createServer().listen(7002, '::1', () => udp.bind(7003));
      });`;
    namespace.start(process.execPath, '-e', script);
    const STATES: Readonly<Record<string, string>> = { LISTEN: 'listen', ESTAB: 'established', UNCONN: 'close', 'TIME-WAIT': 'time-wait' };
    const listed = (protocol: string, version: string): readonly string[] =>
      namespace
        .run('ss', '-H', '-a', '-n', protocol === 'tcp' ? '-t' : '-u', version)
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => `${protocol} ipv${version.slice(1)} ${STATES[line.split(/\s+/)[0]!] ?? line}`);
    const expected = (): string[] => ['tcp', 'udp'].flatMap((protocol) => [...listed(protocol, '-4'), ...listed(protocol, '-6')]).sort();
    await until(() => expected().length === 9);
    const sockets = read('sockets');
    await sockets.find(({ type }) => type === 'synced');
    const found = (): string[] =>
      rowsOf(sockets.values)
        .filter(({ protocol }) => protocol === 'tcp' || protocol === 'udp')
        .flatMap(({ protocol, addressFamily, state, count }) =>
          Array.from({ length: count }, () => `${protocol} ${addressFamily} ${String(state)}`),
        )
        .sort();
    expect(found()).to.deep.equal(expected());
    expect(rowsOf(sockets.values)).to.deep.include({ protocol: 'tcp', addressFamily: 'ipv4', state: 'established', count: 6 });
  });

  it('carry the counters of nftables as `nft` lists them, and a counter that is removed', async () => {
    requirePrograms('nft', 'bash');
    namespace.run('nft', 'add table inet app; add counter inet app k; add counter inet app idle');
    namespace.run(
      'nft',
      'add chain inet app out { type filter hook output priority 0; }; add rule inet app out udp dport 9 counter name k counter comment "discard"',
    );
    const counters = read('firewall-counters');
    await counters.find(({ type }) => type === 'synced');
    expect(rowsOf(counters.values)).to.have.deep.members([
      { name: 'counter inet app k', packets: 0n, bytes: 0n },
      { name: 'counter inet app idle', packets: 0n, bytes: 0n },
      { name: 'rule inet app out: discard', packets: 0n, bytes: 0n },
    ]);
    namespace.run('bash', '-c', `${SEND}; ${SEND}`);
    const changed = await counters.find((change) => change.type === 'changed' && change.value.name === 'counter inet app k');
    const listed = JSON.parse(namespace.run('nft', '-j', 'list', 'counters')) as {
      readonly nftables: readonly { readonly counter?: { readonly name: string; readonly packets: number; readonly bytes: number } }[];
    };
    const { packets, bytes } = listed.nftables.find(({ counter }) => counter?.name === 'k')!.counter!;
    expect(packets).to.equal(2);
    expect(changed)
      .to.have.property('value')
      .that.deep.equals({ name: 'counter inet app k', packets: BigInt(packets), bytes: BigInt(bytes) });
    namespace.run('nft', 'delete counter inet app idle');
    expect(await counters.find(({ type }) => type === 'removed')).to.deep.include({
      value: { name: 'counter inet app idle', packets: 0n, bytes: 0n },
    });
  });

  it('carry the statistics of connection tracking as `conntrack -S` prints them', async () => {
    requirePrograms('conntrack', 'nft', 'bash');
    namespace.run(
      'nft',
      'add table inet t; add chain inet t c { type filter hook output priority 0; }; add rule inet t c ct state invalid drop',
    );
    namespace.run('bash', '-c', SEND);
    const statistics = read('conntrack-statistics');
    await statistics.find(({ type }) => type === 'synced');
    const expected = (): object[] =>
      namespace
        .run('conntrack', '-S')
        .split('\n')
        .filter((line) => line.startsWith('cpu='))
        .map((line) => objectOf([...line.matchAll(/(\w+)=(\d+)/g)].map(([, name, value]) => [name!, Number(value)])));
    const found = (): object[] =>
      rowsOf(statistics.values).map((row) =>
        objectOf(
          Object.entries(row).map(([name, value]) => [
            name === 'chainToolong' ? 'chaintoolong' : name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
            value,
          ]),
        ),
      );
    await until(() => JSON.stringify(found()) === JSON.stringify(expected())).catch(() => undefined);
    expect(found()).to.deep.equal(expected());
    expect(expected()).to.have.length.greaterThan(0);
  });

  it('do not change the table `links`, and end with an agent that does not follow them', async () => {
    requirePrograms('bash');
    const events = kit.agent(connection, { host: 'a', netns: namespace.path, tables: ['links', 'link-counters'], sample: 1000 });
    const counters = kit.record(fleet(connection, { beat: BEAT }).watch('link-counters'));
    await counters.find(({ type }) => type === 'synced');
    await events.find((event) => event.type === 'published' && event.table === 'links');
    namespace.run('bash', '-c', SEND);
    await counters.find((change) => change.type === 'changed');
    expect(events.values.filter((event) => event.type === 'published' && event.table === 'links')).to.have.length(1);
    events.stop();
    expect(await counters.find(isSilent('ended'))).to.include({ host: 'a' });
    kit.agent(connection, { host: 'a', netns: namespace.path, tables: ['links'] });
    expect(await counters.find(({ type }) => type === 'gone')).to.include({ host: 'a' });
  });
});

describe('a sampled table that cannot be read', function () {
  this.timeout(60_000 * PATIENCE);
  let kit: FleetKit;

  beforeEach(async () => {
    kit = await FleetKit.create();
  });
  afterEach(() => kit?.delete());

  it('does not end the agent: the table is absent, then current, then stale with the reason', async () => {
    const connection = await kit.connect();
    let isAllowed = false;
    const objects = (): object =>
      isAllowed
        ? [{ nfgenFamily: 1, version: 0, resId: 0, table: 't', name: 'k', type: 'counter', data: { packets: 1n, bytes: 2n } }]
        : errorReply('EPERM');
    const dump = { getobj: objects, getrule: () => [] };
    const links = fakeFamily(rtLinkSchema, { dump: { getlink: () => [{ ifiIndex: 1, ifname: 'lo' }] } });
    const transport = fakeKernel(fakeFamilies(links, fakeFamily(nftablesSchema, { dump })));
    const events = kit.agent(connection, { host: 'a', transport, tables: ['links', 'firewall-counters'], sample: 1000 });
    const counters = kit.record(fleet(connection, { beat: BEAT }).watch('firewall-counters'));
    const hosts = kit.record(fleet(connection, { beat: BEAT }).hosts());

    const unread = await events.find(({ type }) => type === 'unread');
    expect(unread).to.include({ table: 'firewall-counters' });
    expect((unread as { readonly reason: string }).reason).to.match(/EPERM.*CAP_NET_ADMIN/);
    await events.find((event) => event.type === 'published' && event.table === 'links');
    const reported = await hosts.find((change) => change.type !== 'silent' && 'unread' in change);
    expect(reported).to.have.nested.property('unread.sampled/firewall-counters').that.matches(/EPERM/);
    expect(reported).to.have.deep.nested.property('tables.sampled/firewall-counters', false);
    expect(counters.values).to.deep.equal([]);

    isAllowed = true;
    expect(rowsOf([await counters.find(({ type }) => type === 'synced')])).to.deep.equal([
      { name: 'counter inet t k', packets: 1n, bytes: 2n },
    ]);
    await hosts.find((change) => change.type === 'changed' && !('unread' in change) && change.tables['sampled/firewall-counters'] === true);

    isAllowed = false;
    const silent = await counters.find((change) => change.type === 'silent' && change.reason === 'unread');
    expect((silent as { readonly detail?: string }).detail).to.match(/EPERM/);
    expect(rowsOf(counters.values)).to.have.length(1);
    isAllowed = true;
    await counters.find(({ type }) => type === 'back', counters.values.indexOf(silent));
    expect(events.error).to.equal(undefined);
  });

  it('has the rows of the last run, stale with the reason, if a new run cannot read it', async () => {
    const connection = await kit.connect();
    const kernelOf = (rows: () => object) => fakeKernel(fakeFamilies(fakeFamily(conntrackSchema, { dump: { 'get-stats': rows } })));
    const first = kernelOf(() => [{ nfgenFamily: 0, version: 0, resId: 0, found: 1 }]);
    const run = kit.agent(connection, { host: 'a', transport: first, tables: ['conntrack-statistics'], sample: 1000 });
    const statistics = kit.record(fleet(connection, { beat: BEAT }).watch('conntrack-statistics'));
    await statistics.find(({ type }) => type === 'synced');
    run.stop();
    const second = kernelOf(() => errorReply('EPERM'));
    kit.agent(connection, { host: 'a', transport: second, tables: ['conntrack-statistics'], sample: 1000 });
    await statistics.find((change) => change.type === 'silent' && change.reason === 'unread');
    const later = kit.record(fleet(connection, { beat: BEAT }).watch('conntrack-statistics'));
    await later.find((change) => change.type === 'silent' && change.reason === 'unread');
    expect(rowsOf(later.values)).to.deep.equal([{ cpu: 0, found: 1 }]);
  });
});

describe('the state of a link', function () {
  this.timeout(30_000 * PATIENCE);
  const namespace = useNamespace();

  it('does not change with the packets and the clocks of a bridge', async () => {
    requirePrograms('bash');
    for (const line of ['link add br0 type bridge', 'link add v0 type veth peer v1', 'link set v0 master br0']) namespace().ip(line);
    for (const name of ['v0', 'v1', 'br0']) namespace().ip(`link set ${name} up`);
    namespace().run('sh', '-c', 'until ip link show br0 | grep -q "state UP"; do sleep 0.1; done');
    using client = rtLink({ netns: namespace().path });
    const stateOf = client.stateOf('getlink');
    const read = async (): Promise<readonly GetlinkReply[]> => lastValueFrom(client.list('getlink'));
    const before = await read();
    namespace().run('bash', '-c', `for i in $(seq 20); do ${SEND}; done; sleep 1`);
    const after = await read();
    const named = (rows: readonly GetlinkReply[]) => new Map(rows.map((row) => [row.ifname, row]));
    expect(named(after).get('lo')?.stats64).to.not.deep.equal(named(before).get('lo')?.stats64);
    expect(named(after).get('br0')?.linkinfo).to.not.deep.equal(named(before).get('br0')?.linkinfo);
    expect(after.map(stateOf)).to.deep.equal(before.map(stateOf));
  });
});
