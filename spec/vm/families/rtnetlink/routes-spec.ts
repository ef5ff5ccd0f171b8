import { expect } from 'chai';

import { rtRoute, type GetrouteReply, type RtRouteFamily } from '../../../../lib/families/rt-route.js';
import { until } from '../../../support/sockets.js';
import { json, modules, run } from '../../support.js';

/** RTNL_FAMILY_IPMR and RTNL_FAMILY_IP6MR of linux/rtnetlink.h. */
const [MULTICAST4, MULTICAST6] = [128, 129];

/**
 * A daemon for multicast routes of either family (linux/mroute.h, linux/mroute6.h): two interfaces, and a route that it
 * deletes when it reads a line.
 */
const DAEMON = `
import socket, struct, sys
six = sys.argv[1] == '6'
links = [socket.if_nametoindex(name) for name in ('mc0', 'mc1')]
if six:
    router, level = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6), socket.IPPROTO_IPV6
    address = lambda text: struct.pack('=HHI16sI', socket.AF_INET6, 0, 0, socket.inet_pton(socket.AF_INET6, text), 0)
    interface = lambda number: struct.pack('=HBBHxxI', number, 0, 1, links[number], 0)
    route = address('fd00::7') + address('ff05::1:3') + struct.pack('=Hxx', 0) + bytes([2]) + bytes(31)
else:
    router, level = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_IGMP), socket.IPPROTO_IP
    interface = lambda number: struct.pack('=HBBIiI', number, 8, 1, 0, links[number], 0)
    route = socket.inet_aton('10.1.0.7') + socket.inet_aton('239.1.2.3') + struct.pack('=H', 0) + bytes([0, 1]) + bytes(30) + struct.pack('=2xIIIi', 0, 0, 0, 0)
router.setsockopt(level, 200, 1)
for number in range(2):
    router.setsockopt(level, 202, interface(number))
router.setsockopt(level, 204, route)
sys.stdin.readline()
router.setsockopt(level, 205, route)
sys.stdin.readline()
`;
import { spawn } from '../../../support/programs.js';

interface Received {
  readonly op: string;
  readonly group: number | undefined;
  readonly value: GetrouteReply;
}

/** Collects the notifications of a group while a function runs. */
async function listen(group: keyof RtRouteFamily['groups'], act: (received: readonly Received[]) => Promise<void>): Promise<void> {
  using client = rtRoute();
  const received: Received[] = [];
  const subscription = client.notifications(group).subscribe((event) => received.push(event as Received));
  try {
    await act(received);
  } finally {
    subscription.unsubscribe();
  }
}

describe('MPLS and multicast routes on the wide kernel', () => {
  before(() => {
    modules('mpls_router', 'dummy');
    for (const name of ['mc0', 'mc1']) {
      run(`ip link add ${name} type dummy`);
      run(`ip link set ${name} up multicast on`);
    }
    run('ip addr add 10.1.0.1/24 dev mc0');
    run('sysctl -q net.mpls.platform_labels=1000');
  });
  after(() => {
    for (const name of ['mc0', 'mc1']) run(`ip link del ${name}`);
  });

  it('are emitted by the MPLS group with the attributes that ip shows', async () => {
    await listen('rtnlgrp-mpls-route', async (received) => {
      run('ip -f mpls route add 100 as 200/300 via inet 10.1.0.9');
      const [shown] = json<{ to: string; via: { host: string }; dev: string }[]>('ip -j -f mpls route show 100');
      run('ip -f mpls route del 100');
      await until('two events', () => received.length === 2);
      // RTNLGRP_MPLS_ROUTE
      expect(received.map(({ op, group }) => [op, group])).to.deep.equal([
        ['newroute-ntf', 27],
        ['delroute-ntf', 27],
      ]);
      for (const { value } of received) {
        expect(value.newdst?.map((entry) => entry >>> 12).join('/')).to.equal(shown!.to);
        expect(value.via?.rtviaAddr).to.equal(shown!.via.host);
      }
    });
  });

  for (const [family, number, group, events] of [
    ['4', MULTICAST4, 'rtnlgrp-ipv4-mroute', 6],
    ['6', MULTICAST6, 'rtnlgrp-ipv6-mroute', 10],
  ] as const)
    it(`are emitted by the multicast group of IPv${family} with the attributes that ip shows`, async () => {
      await listen(group, async (received) => {
        const daemon = spawn('python3', ['-c', DAEMON, family], { stdio: ['pipe', 'ignore', 'inherit'] });
        try {
          await until('a new route', () => received.length > 0);
          const [shown] = json<{ src: string; dst: string; iif: string; multipath: { oif: string }[] }[]>(`ip -${family} -j mroute show`);
          daemon.stdin.write('\n');
          await until('a deleted route', () => received.some(({ op }) => op === 'delroute-ntf'));
          expect([...new Set(received.map((event) => event.group))]).to.deep.equal([events]);
          const names = new Map(json<{ ifindex: number; ifname: string }[]>('ip -j link').map(({ ifindex, ifname }) => [ifindex, ifname]));
          for (const { value } of received) {
            expect(value.rtmFamily).to.equal(number);
            const { src, dst, iif, multipath } = value;
            expect({ src, dst, iif: names.get(iif!), oif: multipath?.map(({ rtnhIfindex }) => names.get(rtnhIfindex)) }).to.deep.equal({
              src: shown!.src,
              dst: shown!.dst,
              iif: shown!.iif,
              oif: shown!.multipath.map(({ oif }) => oif),
            });
          }
        } finally {
          daemon.kill();
        }
      });
    });
});
