import { expect } from 'chai';
import { firstValueFrom, type Observable } from 'rxjs';
import { isNetworkError, network } from '../../../lib/network/index.js';
import { fakeNetwork } from '../../../lib/testing/index.js';

const MAC = '02:00:00:00:00:09';

describe('a property that only the kernel sets, in an object that was not read', () => {
  const fake = fakeNetwork();
  const net = network(fake.options);
  const { links, addresses, neighbours, fdb, routes, rules, nexthops, qdiscs, classes, filters } = net;
  const V0 = { name: 'v0', kind: 'dummy' } as const;
  before(() => firstValueFrom(links.add(V0)));
  after(() => net.close());

  const address = { link: 'v0', address: '10.0.0.1/24' };
  const neighbour = { link: 'v0', address: '10.0.0.9', mac: MAC };
  const route = { to: '10.9.0.0/16', link: 'v0' };
  const filter = { link: 'v0', parent: 'ingress', priority: 1, kind: 'matchall' } as const;
  const omit = (name: string): string => `${name}: only the kernel sets it; omit the property`;
  const state = 'state: only the kernel sets it; write up: true, or up: false';

  for (const [title, verb, message] of [
    ['links.change state', () => links.change('v0', { state: 'up' } as never), state],
    ['links.ensure state', () => links.ensure({ ...V0, state: 'up' } as never), state],
    ['links.add state', () => links.add({ name: 'br1', kind: 'bridge', state: 'up' } as never), state],
    ['links.change carrier', () => links.change('v0', { carrier: true } as never), omit('carrier')],
    ['links.change index', () => links.change('v0', { index: 77 } as never), omit('index')],
    ['links.ensure index and state', () => links.ensure({ ...V0, index: 77, state: 'up' } as never), omit('index')],
    ['links.change minMtu', () => links.change('v0', { minMtu: 1 } as never), omit('minMtu')],
    [
      'links.add peer',
      () => links.add({ name: 'v1', kind: 'veth', peer: { name: 'v2' } } as never),
      'peer: only the kernel sets it; did you mean veth.peer?',
    ],
    [
      'links.ensure addresses',
      () => links.ensure({ ...V0, addresses: ['10.0.0.1/24'] } as never),
      'addresses: written by net.addresses.ensure({ link, address })',
    ],
    ['addresses.add family', () => addresses.add({ ...address, family: 6 } as never), omit('family')],
    ['addresses.ensure linkIndex', () => addresses.ensure({ ...address, linkIndex: 999 } as never), omit('linkIndex')],
    ['addresses.change tentative', () => addresses.change(address, { tentative: false } as never), omit('tentative')],
    ['neighbours.add linkIndex', () => neighbours.add({ ...neighbour, linkIndex: 999 } as never), omit('linkIndex')],
    ['fdb.add offloaded', () => fdb.add({ link: 'v0', mac: MAC, offloaded: true } as never), omit('offloaded')],
    ['routes.add dead', () => routes.add({ ...route, dead: true } as never), omit('dead')],
    ['routes.replace linkIndex', () => routes.replace({ ...route, linkIndex: 999 } as never), omit('linkIndex')],
    ['rules.add detached', () => rules.add({ priority: 9, family: 4, detached: true } as never), omit('detached')],
    ['nexthops.add dead', () => nexthops.add({ id: 7, blackhole: true, dead: true } as never), omit('dead')],
    ['qdiscs.add byDefault', () => qdiscs.add({ link: 'v0', kind: 'pfifo', byDefault: false } as never), omit('byDefault')],
    ['classes.change linkIndex', () => classes.change({ link: 'v0', handle: '1:1' }, { linkIndex: 999 } as never), omit('linkIndex')],
    [
      'wireguard.add bytesSent',
      () => net.wireguard.add({ link: 'v0', publicKey: `${'A'.repeat(43)}=`, bytesSent: 1n } as never),
      omit('bytesSent'),
    ],
    ['filters.add inHardware', () => filters.add({ ...filter, inHardware: true } as never), omit('inHardware')],
  ] as readonly (readonly [string, () => Observable<unknown>, string])[])
    it(`is rejected before a request: ${title}`, async () => {
      const before = fake.requests.length;
      const error: unknown = await firstValueFrom(verb()).catch((reason: unknown) => reason);
      if (!isNetworkError(error, 'invalid')) throw new Error(`not rejected: ${String(error)}`);
      expect(error.message.endsWith(message), error.message).to.equal(true);
      expect(fake.requests.length).to.equal(before);
    });

  it('fails alone among many', async () => {
    const { written, failed } = await firstValueFrom(links.ensureMany([{ ...V0, carrier: true } as never, V0]));
    expect([written, failed.map(({ index }) => index)]).to.deep.equal([0, [0]]);
    expect(failed[0]!.error.message).to.include(omit('carrier'));
    const many = await firstValueFrom(addresses.addMany([{ ...address, family: 6 } as never]));
    expect(many.failed[0]!.error.message).to.include(omit('family'));
  });
});

describe('an object that was read', () => {
  const fake = fakeNetwork();
  const net = network(fake.options);
  after(() => net.close());

  it('is written with changes, also after JSON', async () => {
    await firstValueFrom(net.links.add({ name: 'v0', kind: 'dummy', up: true }));
    const link = await firstValueFrom(net.links.get('v0'));
    await firstValueFrom(net.links.ensure({ ...link, mtu: 1400 }));
    const copy = JSON.parse(JSON.stringify(link)) as typeof link;
    const { object } = await firstValueFrom(net.links.change('v0', { ...copy, mtu: 1300 }));
    expect(object.mtu).to.equal(1300);
    await firstValueFrom(net.links.add({ ...link, name: 'v1' }));

    const address = await firstValueFrom(net.addresses.add({ link: 'v0', address: '10.0.0.1/24' }));
    await firstValueFrom(net.addresses.ensure({ ...address, link: 'v1', label: 'v1' }));
    await firstValueFrom(net.addresses.change(address, { ...address, metric: 5 }));
  });

  it('is accepted in each table', async () => {
    await firstValueFrom(net.addresses.ensure({ link: 'v0', address: '10.1.0.1/24' }));
    await firstValueFrom(net.neighbours.add({ link: 'v0', address: '10.1.0.9', mac: MAC }));
    await firstValueFrom(net.nexthops.add({ id: 7, via: '10.1.0.9', link: 'v0' }));
    await firstValueFrom(net.routes.add({ to: '10.9.0.0/16', via: '10.1.0.9' }));
    await firstValueFrom(net.rules.add({ priority: 9, family: 4, table: 5 }));
    for (const table of ['links', 'addresses', 'neighbours', 'routes', 'rules', 'nexthops'] as const) {
      const rows: readonly object[] = await firstValueFrom(net[table].list() as Observable<readonly object[]>);
      expect(rows.length, table).to.be.greaterThan(0);
      const ensure = net[table].ensure.bind(net[table]) as (spec: object) => Observable<{ readonly changed: readonly object[] }>;
      for (const row of rows) expect((await firstValueFrom(ensure({ ...row }))).changed, table).to.deep.equal([]);
    }
  });
});
