import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, map, filter, type Observable } from 'rxjs';
import { rtLink } from '../../../lib/families/rt-link.js';
import { flaps, type LiveChange } from '../../../lib/live/index.js';
import { isNetworkError } from '../../../lib/network/common/network-error.js';
import type { Link } from '../../../lib/network/links/link.js';
import { network, type Network } from '../../../lib/network/network.js';
import { fakeNetwork, netlinkTestScheduler, type NetlinkRunHelpers } from '../../../lib/testing/index.js';
import { eventually } from './world.js';

const one = <T>(verb: Observable<T>): Promise<T> => lastValueFrom(verb);
const text = (change: LiveChange<Link>): string =>
  change.type === 'synced'
    ? `synced ${change.entries.map(({ name }) => name).join(' ')}`
    : `${change.type} ${change.value.name} ${change.value.state}`;

/** Runs marbles in virtual time. */
function runVirtually(test: (helpers: NetlinkRunHelpers) => void): void {
  netlinkTestScheduler((actual, expected) => expect(actual).to.deep.equal(expected)).run(test);
}

describe('fakeNetwork()', () => {
  it('has the loopback and the interfaces of the machine, which no program can delete', async () => {
    const { options } = fakeNetwork({ links: ['eth0', 'eth1'] });
    using net = network(options);
    const links = await one(net.links.list());
    expect(links.map(({ name, up, carrier, state, kind }) => [name, up, carrier, state, kind])).to.deep.equal([
      ['lo', true, true, 'unknown', undefined],
      ['eth0', true, true, 'up', undefined],
      ['eth1', true, true, 'up', undefined],
    ]);
    expect((await one(net.addresses.list())).map(({ address, link }) => [address, link])).to.deep.equal([
      ['127.0.0.1/8', 'lo'],
      ['::1/128', 'lo'],
    ]);
    const deletion = one(rtLink(options).do('dellink', { ifname: 'eth0' }));
    expect(await deletion.catch((error: unknown) => (error as { code: string }).code)).to.equal('EOPNOTSUPP');
  });

  it('runs in virtual time: a cable that is pulled out and plugged in again', () => {
    runVirtually(({ hot, expectObservable }) => {
      const kernel = fakeNetwork();
      const net = network(kernel.options);
      hot('9s d 1s u', { d: false, u: true }).subscribe((carrier) => kernel.setCarrier('eth0', carrier));
      const changes = net.links.watch({ name: 'eth0' }).pipe(
        filter(({ type }) => type !== 'synced'),
        map(text),
      );
      expectObservable(changes, '^ 20s !').toBe('9s d 1s u', { d: 'changed eth0 down', u: 'changed eth0 up' });
    });
  });

  it('raises an alarm when a link goes down and up three times in ten seconds', () => {
    runVirtually(({ hot, expectObservable }) => {
      const kernel = fakeNetwork({ links: ['eth0', 'eth1'] });
      const { links } = network(kernel.options);
      hot('     1s d 999ms u 999ms d 999ms u 999ms d 999ms u 30s d', { d: false, u: true }).subscribe((carrier) =>
        kernel.setCarrier('eth0', carrier),
      );
      const expected = '1s - 999ms - 999ms - 999ms - 999ms - 999ms a';
      const alarms = links.watch().pipe(
        flaps({ within: 10_000, times: 6, of: 'carrier', key: ({ name }) => name }),
        map(({ key, times }) => `${String(key)} ${times}`),
      );
      expectObservable(alarms, '^ 60s !').toBe(expected, { a: 'eth0 6' });
    });
  });

  it('emits a view at most once in each turn, in virtual time', () => {
    runVirtually(({ hot, expectObservable }) => {
      const kernel = fakeNetwork({ links: [] });
      const net = network(kernel.options);
      hot('5ms a').subscribe(() => {
        kernel.addLink('eth0');
        kernel.addLink('eth1');
      });
      const names = net.view({ links: true }).pipe(map(({ links, version }) => `${version} ${[...links.keys()].join(' ')}`));
      expectObservable(names, '^ 100ms !').toBe('a 4ms b', { a: '1 lo', b: '2 lo eth0 eth1' });
    });
  });

  it('reads all again after an overrun', async () => {
    const kernel = fakeNetwork({ links: [] });
    using net = network(kernel.options);
    const seen: string[] = [];
    const watching = net.links.watch().subscribe((change) => seen.push(text(change)));
    await eventually(() => seen.length === 1, 'synced');
    kernel.overrun();
    kernel.addLink('eth0');
    await eventually(() => seen.length === 3, 'synced again');
    watching.unsubscribe();
    expect(seen).to.deep.equal(['synced lo', 'added eth0 up', 'synced lo eth0']);
  });

  it('denies writes to a table until it is allowed again, and reads of it never', async () => {
    const kernel = fakeNetwork();
    using net = network(kernel.options);
    const add = () => one(net.addresses.add({ link: 'eth0', address: '10.0.0.1/24' }));
    kernel.deny('addresses', 'routes', 'fdb');
    const error = await add().catch((caught: unknown) => caught);
    expect(isNetworkError(error, 'denied')).to.equal(true);
    expect(await one(net.addresses.list({ link: 'eth0' }))).to.deep.equal([]);
    const entry = { link: 'eth0', mac: '02:00:00:00:00:07', on: 'device', state: 'permanent' } as const;
    expect(isNetworkError(await one(net.fdb.add(entry)).catch((caught: unknown) => caught), 'denied')).to.equal(true);
    await one(net.neighbours.add({ link: 'eth0', address: '10.0.0.9', mac: '02:00:00:00:00:07' }));
    await one(net.nexthops.add({ id: 7, blackhole: true }));
    await one(net.rules.add({ priority: 9, family: 4, table: 5 }));
    kernel.deny();
    expect((await add()).address).to.equal('10.0.0.1/24');
  });

  it('accepts every kind of link with its options, and no kind that does not exist', async () => {
    const { options } = fakeNetwork();
    using net = network(options);
    const vxlan = await one(net.links.add({ name: 'x0', kind: 'vxlan', vxlan: { id: 7, port: 4789 } }));
    expect(vxlan.vxlan).to.deep.include({ id: 7, port: 4789 });
    const vlan = await one(net.links.add({ name: 'eth0.5', kind: 'vlan', parent: 'eth0', vlan: { id: 5 }, up: true }));
    expect([vlan.parent, vlan.vlan?.id, vlan.carrier]).to.deep.equal(['eth0', 5, true]);
    const error = await one(net.links.add({ name: 'y0', kind: 'nosuchkind' })).catch((caught: unknown) => caught);
    expect(String(error)).to.include('this kernel may lack link kind');
  });

  it('gives a carrier to what is above a link', async () => {
    const kernel = fakeNetwork();
    using net = network(kernel.options);
    await one(net.links.add({ name: 'eth0.5', kind: 'vlan', parent: 'eth0', vlan: { id: 5 }, up: true }));
    await one(net.links.add({ name: 'b0', kind: 'bridge', up: true }));
    await one(net.links.change('eth0.5', { master: 'b0' }));
    const states = async () => (await one(net.links.list())).slice(1).map(({ name, state }) => `${name} ${state}`);
    const seen = [await states()];
    for (const carrier of [false, true]) {
      kernel.setCarrier('eth0', carrier);
      seen.push(await states());
    }
    expect(seen).to.deep.equal([
      ['eth0 up', 'eth0.5 up', 'b0 up'],
      ['eth0 down', 'eth0.5 lower-layer-down', 'b0 down'],
      ['eth0 up', 'eth0.5 up', 'b0 up'],
    ]);
  });

  it('shapes a link in both directions, and takes the shape back', async () => {
    using net = network(fakeNetwork().options);
    const wanted = { out: '100mbit', in: '50mbit' } as const;
    expect((await one(net.shape('eth0', wanted))).shape).to.deep.equal({ out: 1e8, in: 5e7 });
    expect((await one(net.shape('eth0', wanted))).changed).to.deep.equal([]);
    await one(net.shape('eth0', null));
    expect(await one(net.qdiscs.list({ byDefault: false }))).to.deep.equal([]);
    expect((await one(net.links.list())).map(({ name }) => name)).to.deep.equal(['lo', 'eth0']);
  });

  const absent: Readonly<Record<string, (net: Network) => Observable<unknown>>> = {
    sockets: (net) => net.sockets.list({ protocol: 'tcp' }),
    'operation getaction': (net) => net.clients.tc.list('getaction', {}),
    'generic netlink families, WireGuard among them': (net) => net.clients.wireguard.list('get-device', { ifindex: 2 }),
  };
  for (const [objects, read] of Object.entries(absent)) {
    it(`rejects requests for ${objects}, which it does not have`, async () => {
      using net = network(fakeNetwork().options);
      const error = await firstValueFrom(read(net)).catch((caught: unknown) => caught);
      expect(String(error)).to.include(`the fake network has no ${objects}`);
    });
  }

  it('rejects the denial of a table that it does not have', () => {
    const kernel = fakeNetwork();
    expect(() => kernel.deny('rules', 'adresses' as never)).to.throw(
      TypeError,
      "deny: unknown table 'adresses'; there are links, addresses, routes, nexthops, rules, neighbours, qdiscs, classes, filters, fdb; did you mean addresses?",
    );
    expect(() => kernel.deny(undefined as never)).to.throw(TypeError, "deny: unknown table 'undefined'");
  });

  it('rejects misspelt options and links that do not exist', () => {
    expect(() => fakeNetwork({ link: ['eth0'] } as never)).to.throw(TypeError, 'links');
    expect(() => fakeNetwork().setCarrier('eth7', false)).to.throw(RangeError, "no link is named 'eth7'");
  });
});
