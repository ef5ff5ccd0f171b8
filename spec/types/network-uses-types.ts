/*
 * Compiled with all other files, never run: uses of `rxnetlink/network` that the compiler must accept.
 */
import { expectTypeOf } from 'expect-type';
import { concat, exhaustMap, filter, first, firstValueFrom, lastValueFrom, map, pairwise, timer, type Observable } from 'rxjs';
import type { LiveChange } from '../../lib/index.js';
import {
  isNetworkError,
  namespaces,
  network,
  parseTime,
  type Address,
  type AddressSpec,
  type Link,
  type LinkSpec,
  type Neighbour,
  type NeighbourSpec,
  type Route,
  type RouteSpec,
  type Rule,
  type RuleSpec,
} from '../../lib/network/index.js';

declare const text: string;
const net = network({ netns: 'blue' });
const one = <T>(verb: Observable<T>): Promise<T> => lastValueFrom(verb);

/* An object that was read can be written: each field both ways. */
expectTypeOf<Link>().toExtend<LinkSpec>();
expectTypeOf<Address>().toExtend<AddressSpec>();
expectTypeOf<Route>().toExtend<RouteSpec>();
expectTypeOf<Rule>().toExtend<RuleSpec>();
expectTypeOf<Neighbour>().toExtend<NeighbourSpec>();

export async function links(): Promise<void> {
  for (const { name, up, mtu, addresses } of await one(net.links.list({ with: 'addresses' })))
    [name, up, mtu, addresses.map((each) => each.address)];
  const [busy] = await one(net.links.list({ kind: 'bridge', up: true, with: ['addresses', 'statistics'] }));
  expectTypeOf(busy!.statistics.rxBytes).toEqualTypeOf<bigint>();
  await one(net.links.list({ master: null, kind: null, mtu: 1500, carrier: true }));
  const { object, changed } = await one(net.links.ensure({ name: 'br0', kind: 'bridge', up: true, bridge: { stp: false, ageing: '5m' } }));
  expectTypeOf(changed[0]!.text).toEqualTypeOf<string>();
  // Numbers are read, and need no narrowing by the kind.
  expectTypeOf(object.bridge?.ageing).toEqualTypeOf<number | undefined>();
  expectTypeOf(object.master).toEqualTypeOf<string | undefined>();
  await one(net.links.ensure(object));
  await one(net.links.ensure({ ...object, mtu: 9000 }));
  if (object.kind === 'vxlan') expectTypeOf(object.vxlan?.id).toEqualTypeOf<number | undefined>();
  await one(net.links.change('eth0', { master: null, alias: null, mtu: 1400 }));
  await one(net.links.change({ index: 3 }, { kind: 'bridge', bridge: { ageing: parseTime(text) } }));
  await one(net.links.change(object, { altnames: ['uplink'], ipv4: { forwarding: true } }));
  await one(net.links.add({ name: 'x0', kind: 'hsr', options: { slave1: 4, slave2: 5 } }));
  await one(net.links.add({ name: 'eth0', kind: 'macvlan', parent: 'lan0', netns: 'blue', macvlan: { mode: 'bridge' }, up: true }));
  await one(net.links.ensure({ name: 'p1', master: 'br0', bridgePort: { hairpin: true } }, { recreate: true, timeout: '2s' }));
  await one(net.links.move('eth0', { netns: { pid: 42 }, name: 'wan0' }));
  const found = await one(net.links.find('eth0', { with: 'addresses' }));
  expectTypeOf(found?.addresses).toEqualTypeOf<readonly Address[] | undefined>();
  const kinds: readonly Link[] = [object];
  void kinds.map((link) => link.vlan?.id ?? link.bond?.miimon ?? link.veth?.peer?.name);
}

export async function tables(): Promise<void> {
  await one(
    net.addresses.ensure({ link: 'br0', address: '10.0.0.1/24', valid: '1h', preferred: null }, { signal: AbortSignal.timeout(100) }),
  );
  const [address] = await one(net.addresses.list({ link: 'br0', secondary: true, metric: null }));
  expectTypeOf(address!.valid).toEqualTypeOf<number | undefined>();
  await one(net.addresses.delete(address!));
  const route = await one(net.routes.replace({ to: 'default', hops: [{ via: '192.0.2.1', weight: 2 }, { via: '198.51.100.1' }] }));
  await firstValueFrom(net.routes.delete(route));
  const generated = function* (): Generator<RouteSpec> {
    for (let index = 0; index < 9; index++) yield { to: `10.${index}.0.0/16`, via: '10.9.0.1', expires: '5m', mtu: null };
  };
  const { failed } = await one(net.routes.addMany(generated()));
  void failed.map(({ index, error }) => [index, error.reason]);
  await one(net.routes.change({ to: '10.0.0.0/8' }, { source: null, rtoMin: '200ms' }));
  await one(net.rules.ensure({ priority: 9, from: '10.0.0.0/8', uids: [1000, 2000], suppressPrefixLength: 0 }));
  await one(net.neighbours.ensure({ link: 'br0', address: '10.0.0.9', mac: '02:00:00:00:00:01', state: 'permanent' }));
  await one(net.qdiscs.ensure({ link: 'eth0', parent: 'root', kind: 'tbf', tbf: { rate: '20mbit', burst: '32kib', latency: 50 } }));
  await one(net.qdiscs.ensure({ link: 'eth0', kind: 'netem', netem: { delay: '10ms', loss: '0.5%' } }));
  await one(net.shape('eth0', { out: '100mbit', in: '50mbit', loss: '1%' }));
  await one(net.shape('eth0', null));
  try {
    await lastValueFrom(concat(net.links.ensureAbsent('a'), net.links.ensureAbsent('b')));
  } catch (error) {
    if (isNetworkError(error, 'missing')) expectTypeOf(error.subject).toEqualTypeOf<string>();
  }
}

export function live(): void {
  net.links.watch().subscribe((change) => {
    if (change.type === 'changed' && change.properties.includes('mtu')) change.previous.mtu === change.value.mtu;
  });
  net.links.watch({ with: 'addresses' }).subscribe((change) => {
    if (change.type === 'changed' && change.properties.includes('addresses')) change.value.addresses;
  });
  net.routes
    .watch({ table: 'main', family: 4 })
    .pipe(filter((change) => change.type !== 'synced'))
    .subscribe(({ type, value }) => [type, value.via ?? value.link]);
  // A change of a subtype needs no cast to be handled as a change.
  const kindOf = (change: LiveChange<Link>): string => change.type;
  net.links.watch().pipe(map(kindOf)).subscribe();
  net
    .view({ links: true, routes: { table: 'main' } })
    .pipe(pairwise())
    .subscribe(([before, after]) => {
      expectTypeOf(before.links).toEqualTypeOf<ReadonlyMap<string, Link>>();
      expectTypeOf(after.routes).toEqualTypeOf<ReadonlyMap<string, Route>>();
      expectTypeOf(after.version).toEqualTypeOf<number>();
    });
  net
    .view({ links: true })
    .pipe(first((view) => view.links.get('eth0')?.carrier === true))
    .subscribe();
  namespaces.all((each) => each.links.watch()).subscribe((emission) => expectTypeOf(emission.namespace.name).toEqualTypeOf<string>());
  timer(1000)
    .pipe(exhaustMap(() => net.routes.lookup('192.0.2.1', { mark: 5 })))
    .subscribe(({ source }) => expectTypeOf(source).toEqualTypeOf<string | undefined>());
}

/* The examples of the documentation */
export async function examples(pid: number): Promise<void> {
  for (const { name, up, mtu, addresses } of await one(net.links.list({ with: 'addresses' })))
    [name, up, mtu, ...addresses.map((a) => a.address)];
  await one(net.links.ensure({ name: 'br0', kind: 'bridge', up: true, bridge: { stp: false, ageing: '5m' } }));
  await one(net.addresses.ensure({ link: 'br0', address: '192.168.100.1/24' }));
  await one(net.routes.ensure({ to: '10.0.0.0/8', via: '192.168.100.254' }));
  await one(
    net.links.add({ name: 'vc1', kind: 'veth', up: true, master: 'br0', veth: { peer: { name: 'eth0', netns: { pid }, up: true } } }),
  );
  await one(net.links.until('eth0', { carrier: true, address: 'global', settled: true, timeout: '10s' }));
  net.links.watch({ with: 'addresses' }).subscribe((change) => {
    if (change.type === 'changed') [change.value.name, change.properties];
  });
  net.routes.watch({ table: 'main', family: 4 }).subscribe((change) => {
    if (change.type !== 'synced') [change.type, change.value.to, change.value.via ?? change.value.link];
  });
  await one(net.routes.replace({ to: 'default', hops: [{ via: '192.0.2.1', weight: 2 }, { via: '198.51.100.1' }] }));
  await one(net.qdiscs.ensure({ link: 'eth0', parent: 'root', kind: 'tbf', tbf: { rate: '20mbit', burst: '32kib', latency: '50ms' } }));
  for (const name of ['a', 'b']) await one(namespaces.ensure(name));
  const wire = { name: 'wire', kind: 'veth', up: true, veth: { peer: { name: 'wire', netns: 'b', up: true } } } as const;
  await one(network({ netns: 'a' }).links.ensure(wire));
  const { link, source } = await one(net.routes.lookup('192.0.2.1'));
  [link, source];
  await firstValueFrom(net.sockets.list({ protocol: 'tcp', state: 'listen', port: 443, process: true }));
}
