import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import { rtRoute, type GetrouteReply } from '../../../lib/families/rt-route.js';
import { useNamespace } from '../../support/namespace.js';
import { pause } from '../../support/sockets.js';
import { useWatchers } from './watcher.js';

/** A row of `ip -j route`. */
interface Shown {
  readonly gateway?: string;
  readonly dev?: string;
  readonly nexthops?: readonly { readonly gateway?: string }[];
}

const gatewaysOf = ({ gateway, multipath }: GetrouteReply): string[] =>
  (gateway === undefined ? (multipath ?? []).map((hop) => hop.gateway ?? '') : [gateway]).sort();

/** The collection holds some of the routes to one destination; changes of the others alter the same list of routes in the kernel. */
describe('a live collection with a route filter', function () {
  this.timeout(30_000);
  const namespace = useNamespace();
  const watch = useWatchers();
  let client: ReturnType<typeof rtRoute>;

  const index = (name: string): number => (JSON.parse(namespace().ip(`-j link show ${name}`)) as { ifindex: number }[])[0]!.ifindex;
  const shown = (line: string): Shown[] => JSON.parse(namespace().ip(`-j ${line}`) || '[]') as Shown[];

  beforeEach(() => {
    namespace().batch([
      ...['v', 'w'].flatMap((name) => [`link add ${name}0 type veth peer name ${name}1`, `link set ${name}0 up`, `link set ${name}1 up`]),
      'addr add 10.1.0.1/24 dev v0',
      'addr add 10.2.0.1/24 dev w0',
      'addr add fd01::1/64 dev v0 nodad',
      'addr add fd02::1/64 dev w0 nodad',
    ]);
    client = rtRoute({ netns: namespace().path });
  });
  afterEach(() => {
    client.close();
    namespace().batch(['link del v0', 'link del w0']);
  });

  /** Runs the steps; after each step the collection must equal the routes that `ip` shows. */
  async function follow(request: object, dst: string, steps: readonly string[], wanted: () => Shown[]): Promise<void> {
    const watcher = watch(client.watch('getroute', request));
    const held = (routes: readonly GetrouteReply[]) => routes.filter((route) => route.dst === dst).map(gatewaysOf);
    await watcher.has('being in sync');
    for (const step of steps) {
      // Prevents that a resync for the previous step reads the result of this one.
      await pause(50);
      namespace().ip(step);
      const expected = wanted().map(({ gateway, nexthops }) =>
        nexthops === undefined ? [gateway ?? ''] : nexthops.map((hop) => hop.gateway ?? '').sort(),
      );
      await watcher.has('agreement', (routes) => isDeepStrictEqual(held(routes), expected)).catch(() => undefined);
      expect(held(watcher.entries ?? []), step).to.deep.equal(expected);
    }
  }

  for (const device of ['v0', 'w0']) {
    it(`follows routes through ${device} when their nexthops on other links change`, () =>
      follow(
        { rtmFamily: 10, oif: index(device) },
        'fd71::',
        [
          '-6 route add fd71::/64 nexthop via fd01::7 nexthop via fd02::7',
          '-6 route del fd71::/64 via fd02::7',
          '-6 route append fd71::/64 via fd02::7',
          '-6 route replace fd71::/64 via fd02::8',
          '-6 route replace fd71::/64 via fd01::8',
          '-6 route append fd71::/64 via fd02::8',
          '-6 route del fd71::/64 via fd01::8',
          '-6 route flush fd71::/64',
        ],
        () =>
          shown('-6 route show fd71::/64').filter(
            (route) => route.dev === device || JSON.stringify(route.nexthops ?? '').includes(`"${device}"`),
          ),
      ));
  }

  it('follows the routes of one protocol when the routes of other protocols change', () =>
    follow(
      // RTPROT_STATIC
      { rtmFamily: 2, rtmProtocol: 4 },
      '10.71.0.0',
      [
        'route add 10.71.0.0/24 via 10.1.0.7 proto bird',
        'route append 10.71.0.0/24 via 10.1.0.8 proto static',
        // The first route in the list is of the other protocol.
        'route replace 10.71.0.0/24 via 10.1.0.9 proto static',
        'route replace 10.71.0.0/24 via 10.1.0.10 proto bird',
        'route append 10.71.0.0/24 via 10.1.0.11 proto static',
        'route flush 10.71.0.0/24',
      ],
      () => shown('route show 10.71.0.0/24 proto static'),
    ));
});
