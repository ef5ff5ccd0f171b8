import { expect } from 'chai';
import { rtRoute, type GetnexthopReply } from '../../../lib/families/rt-route.js';
import { linkNames } from '../families/names.js';
import { useNamespace } from '../../support/namespace.js';
import { compareTable } from './soak.js';
import { routes } from './soak-tables.js';
import { useWatchers } from './watcher.js';

/** A row of `ip -j nexthop`. */
interface ShownNexthop {
  readonly id: number;
  readonly gateway?: string;
  readonly dev?: string;
  readonly blackhole?: null;
  readonly group?: readonly { readonly id: number; readonly weight?: number }[];
}

/** The changes of nexthops and of routes through them, in this order. */
const STEPS = [
  'nexthop add id 1 via 10.1.0.9 dev v0',
  'nexthop add id 2 via 10.1.0.10 dev v0',
  'nexthop add id 3 blackhole',
  'nexthop add id 4 via 10.2.0.9 dev w0',
  'nexthop add id 11 via fd01::9 dev v0',
  'nexthop add id 20 group 1/2',
  'nexthop add id 21 group 4',
  'route add 10.60.0.0/24 nhid 1',
  'route add 10.61.0.0/24 nhid 20',
  'route add 10.62.0.0/24 nhid 3',
  'route add 10.63.0.0/24 nhid 4',
  'route add 10.64.0.0/24 nhid 21',
  '-6 route add fd60::/64 nhid 11',
  '-6 route add fd61::/64 nhid 11 metric 5',
  'nexthop replace id 1 via 10.1.0.11 dev v0',
  'nexthop replace id 11 via fd01::10 dev v0',
  'nexthop replace id 20 group 2',
  'nexthop replace id 20 group 1,5/2,3',
  'route replace 10.60.0.0/24 nhid 20',
  'nexthop replace id 3 via 10.1.0.12 dev v0',
  'nexthop del id 2',
  'link set w0 down',
  'nexthop del id 11',
  'route append 10.62.0.0/24 via 10.1.0.13',
  'nexthop del id 20',
  'nexthop flush',
] as const;

const nexthopLine = (...parts: readonly unknown[]): string => parts.map((part) => JSON.stringify(part ?? null)).join(' ');

describe('live collections of nexthops, and of routes through them', function () {
  this.timeout(30_000);
  const namespace = useNamespace();
  const watch = useWatchers();
  let client: ReturnType<typeof rtRoute>;

  beforeEach(() => {
    namespace().batch([
      ...['v', 'w'].flatMap((name) => [`link add ${name}0 type veth peer name ${name}1`, `link set ${name}0 up`, `link set ${name}1 up`]),
      'addr add 10.1.0.1/24 dev v0',
      'addr add 10.2.0.1/24 dev w0',
      'addr add fd01::1/64 dev v0 nodad',
    ]);
    client = rtRoute({ netns: namespace().path });
  });
  afterEach(() => {
    client.close();
    namespace().batch(['link del v0', 'link del w0']);
  });

  // If it is off, the kernel sends no events for the routes of a replaced nexthop, and route events carry no nexthops.
  for (const compatible of [1, 0]) {
    it(`equal the output of ip after each step with nexthop_compat_mode ${String(compatible)}`, async () => {
      namespace().run('sh', '-c', `echo ${String(compatible)} > /proc/sys/net/ipv4/nexthop_compat_mode`);
      const names = await linkNames(namespace());
      const nexthops = watch(client.watch('getnexthop'));
      const held = watch(client.watch('getroute'));
      const shownNexthops = () =>
        (JSON.parse(namespace().ip('-j nexthop') || '[]') as ShownNexthop[])
          .map(({ id, gateway, dev, blackhole, group }) => nexthopLine(id, gateway, dev, blackhole === null, group))
          .sort();
      const heldNexthops = (rows: readonly GetnexthopReply[]) =>
        rows
          .map(({ id, gateway, oif, blackhole, group }) =>
            nexthopLine(
              id,
              gateway,
              names.of(oif),
              blackhole === true,
              group?.map(({ id: member, weight }) => (weight === 0 ? { id: member } : { id: member, weight: weight + 1 })),
            ),
          )
          .sort();
      await held.has('being in sync');
      for (const step of STEPS) {
        namespace().ip(step);
        const wanted = shownNexthops();
        await nexthops.has('agreement', (rows) => JSON.stringify(heldNexthops(rows)) === JSON.stringify(wanted)).catch(() => undefined);
        expect(heldNexthops(nexthops.entries ?? []), step).to.deep.equal(wanted);
        let differences: string[] = [];
        await held
          .has('agreement', (entries) => (differences = compareTable(namespace(), step, routes, entries, names)).length === 0)
          .catch(() => undefined);
        expect(differences, step).to.deep.equal([]);
      }
      expect(namespace().ip('nexthop')).to.equal('');
    });
  }
});
