import { expect } from 'chai';
import type { NetworkDocument } from '../../../../../lib/network/documents/document.js';
import { Unavailable } from '../../../../support/unavailable.js';
import { useScene } from '../support.js';

type Document = Omit<NetworkDocument, 'version'>;

/** The properties that `ip` and `bridge` write, and the same as a document. */
const MADE: readonly (readonly [title: string, commands: readonly string[], document: Document])[] = [
  [
    'links: flags and settings',
    [
      'ip link set v0 mtu 1400 address 02:00:00:00:00:77 alias an-alias group 7 txqueuelen 55 arp off multicast off allmulticast on promisc on',
      'ip link property add dev v0 altname one altname two',
      'ip link set v0 gso_max_size 20000',
    ],
    {
      links: [
        {
          ...{ name: 'v0', up: true, mtu: 1400, mac: '02-00-00-00-00-77', alias: 'an-alias', group: 7, txQueueLength: 55 },
          ...{ arp: false, multicast: false, allMulticast: true, promiscuous: true, altnames: ['two', 'one'] },
          offload: { gsoMaxSize: 20_000 },
        },
      ],
    },
  ],
  [
    'links: what is absent',
    ['ip link set v0 nomaster'],
    {
      links: [
        { name: 'v0', alias: null, master: null, altnames: [] },
        { name: 'nothing', absent: true },
      ],
    },
  ],
  [
    'links: a bridge with a port and its VLANs',
    [
      'ip link add br0 type bridge ageing_time 1234 stp_state 1 priority 4096',
      'ip link set v0 master br0',
      'bridge link set dev v0 cost 7 priority 5 hairpin on guard on learning off flood off isolated on',
    ],
    {
      links: [
        { name: 'br0', kind: 'bridge', bridge: { ageing: '12.34s', stp: true, priority: 4096 } },
        {
          ...{ name: 'v0', master: 'br0' },
          bridgePort: { cost: 7, priority: 5, hairpin: true, guard: true, learning: false, unicastFlood: false, isolated: true },
        },
      ],
    },
  ],
  [
    'links: a pair and a macvlan',
    ['ip link add a0 type veth peer name a1', 'ip link add m0 link a0 type macvlan mode private'],
    {
      links: [
        { name: 'a0', kind: 'veth', veth: { peer: { name: 'a1' } } },
        { name: 'a1', kind: 'veth', veth: { peer: { name: 'a0' } } },
        { name: 'm0', kind: 'macvlan', parent: 'a0', macvlan: { mode: 'private' } },
      ],
    },
  ],
  [
    'addresses of IPv4',
    [
      'ip addr add 10.1.0.1/24 dev v0 label v0:x broadcast 10.1.0.200 metric 77',
      'ip addr add 10.1.0.2/24 dev v0',
      'ip addr add 10.2.0.1 peer 10.3.0.1/32 dev v0 scope link',
      'ip addr add 10.4.0.1/24 dev v0 noprefixroute',
    ],
    {
      links: [
        {
          name: 'v0',
          addresses: [
            '10.1.0.2/24',
            { address: '10.1.0.1/24', label: 'v0:x', broadcast: '10.1.0.200', metric: 77 },
            { address: '10.2.0.1', peer: '10.3.0.1/32', scope: 'link' },
            { address: '10.4.0.1/24', noPrefixRoute: true },
          ],
        },
      ],
    },
  ],
  [
    'addresses of IPv6, in other words; those of the kernel are not listed',
    [
      'sysctl -qw net.ipv6.conf.v0.addr_gen_mode=0',
      'ip link set v0 down',
      'ip link set v0 up',
      'ip addr add fd01::1/64 dev v0 nodad metric 5',
      'ip addr add fd02::1/128 dev v0 nodad home noprefixroute',
      'ip addr add 10.1.0.7/24 dev v0 valid_lft 600 preferred_lft 300',
    ],
    {
      links: [
        { name: 'lo', addresses: [] },
        {
          name: 'v0',
          addresses: [
            { address: 'FD01:0:0::1/64', noDad: true, metric: 5 },
            { address: 'fd02::0:1/128', home: true, noPrefixRoute: true, noDad: true },
          ],
        },
      ],
    },
  ],
  [
    'routes of IPv4',
    [
      'ip addr add 10.1.0.1/24 dev v0',
      'ip addr add 10.2.0.1/24 dev v1',
      'ip route add default via 10.1.0.9 proto static',
      'ip route add 10.9.0.0/16 via 10.1.0.9 src 10.1.0.1 metric 5 mtu lock 1400 advmss 1300 proto bgp table 77',
      'ip route add 10.8.0.0/16 proto static nexthop via 10.1.0.8 weight 3 nexthop via 10.2.0.8',
      'ip route add 10.7.0.0/16 dev v0 proto static scope link',
      'ip route add 10.6.0.0/16 dev v0 proto static tos 0x10',
      'ip route add 10.5.0.1 via 192.0.2.1 dev v0 onlink proto static',
      'ip route add blackhole 10.4.0.0/16 proto static',
      'ip route add 10.3.0.0/16 via 10.1.0.9 proto 111',
    ],
    {
      routes: [
        { to: '0.0.0.0/0', via: '10.1.0.9' },
        {
          to: '10.9.0.0/16',
          via: '10.1.0.9',
          source: '10.1.0.1',
          metric: 5,
          mtu: 1400,
          mtuLocked: true,
          advmss: 1300,
          protocol: 'bgp',
          table: 77,
        },
        {
          to: '10.8.0.0/16',
          hops: [
            { via: '10.2.0.8', link: 'v1' },
            { via: '10.1.0.8', weight: 3 },
          ],
        },
        { to: '10.7.0.0/16', link: 'v0' },
        { to: '10.6.0.0/16', link: 'v0', tos: 16 },
        { to: '10.5.0.1', hops: [{ via: '192.0.2.1', link: 'v0', onlink: true }] },
        { to: '10.4.0.0/16', type: 'blackhole' },
        { to: '10.3.0.0/16', via: '10.1.0.9', protocol: 111 },
        { to: '10.77.0.0/16', absent: true },
      ],
    },
  ],
  [
    'routes of IPv6',
    [
      'ip addr add fd01::1/64 dev v0 nodad',
      'ip addr add fd02::1/64 dev v1 nodad',
      'ip -6 route add default via fd01::9 proto static',
      'ip -6 route add fd09::/64 via fd01::9 proto static pref low metric 7 mtu 1400',
      'ip -6 route add fd08::/64 proto static nexthop via fd01::8 weight 2 nexthop via fd02::8',
      'ip -6 route add unreachable fd07::/64 proto static',
      'ip -6 route add fd06::/64 dev v0 proto static',
    ],
    {
      routes: [
        { to: '::/0', via: 'fd01::9', metric: 0 },
        { to: 'fd09:0::/64', via: 'fd01::9', link: 'v0', pref: 'low', metric: 7, mtu: 1400 },
        { to: 'fd08::/64', hops: [{ via: 'fd02::8' }, { via: 'fd01::8', link: 'v0', weight: 2 }] },
        { to: 'fd07::/64', type: 'unreachable' },
        { to: 'fd06::/64', link: 'v0', metric: 1024 },
      ],
    },
  ],
  [
    'rules',
    [
      'ip rule add priority 100 from 10.1.2.3/8 to 10.9.0.0/16 iif v0 fwmark 5/255 table 77',
      'ip rule add priority 101 not from 10.0.0.0/8 uidrange 10-20 sport 1-9 dport 53 ipproto udp lookup main suppress_prefixlength 0',
      'ip -6 rule add priority 102 from fd01::/64 blackhole',
      'ip rule add priority 103 goto 32766',
    ],
    {
      rules: [
        { priority: 100, from: '10.1.2.3/8', to: '10.9.0.0/16', iif: 'v0', mark: 5, mask: 255, table: 77 },
        {
          ...{ priority: 101, not: true, from: '10.0.0.0/8', uids: [10, 20], sourcePorts: [1, 9], ports: 53, ipProtocol: 'udp' },
          ...{ table: 'main', suppressPrefixLength: 0 },
        },
        { priority: 102, from: 'fd01::/64', action: 'blackhole' },
        { priority: 103, family: 4, goto: 32_766 },
        { priority: 32_766, family: 4 },
        { priority: 999, absent: true },
      ],
    },
  ],
  [
    'nexthops, and routes over them',
    [
      'ip addr add 10.1.0.1/24 dev v0',
      'ip nexthop add id 7 via 10.1.0.7 dev v0',
      'ip nexthop add id 8 via 10.1.0.8 dev v0 proto static',
      'ip nexthop add id 9 group 7,2/8',
      'ip nexthop add id 10 blackhole',
      'ip route add 10.9.0.0/16 nhid 9 proto static',
    ],
    {
      nexthops: [
        { id: 7, via: '10.1.0.7' },
        { id: 8, via: '10.1.0.8', link: 'v0' },
        { id: 9, group: [{ id: 8 }, { id: 7, weight: 2 }] },
        { id: 10, blackhole: true },
        { id: 11, absent: true },
      ],
      routes: [{ to: '10.9.0.0/16', nexthop: 9 }],
    },
  ],
  [
    'neighbours',
    [
      'ip addr add 10.1.0.1/24 dev v0',
      'ip neigh add 10.1.0.7 lladdr 02:00:00:00:00:07 dev v0 nud permanent',
      'ip neigh add fd01::7 lladdr 02:00:00:00:00:08 dev v0 router',
      'ip neigh add 10.1.0.9 lladdr 02:00:00:00:00:09 dev v0 nud noarp',
      'ip neigh add 10.1.0.10 lladdr 02:00:00:00:00:0a dev v0 nud reachable',
      'ip neigh add proxy 10.1.0.11 dev v0',
    ],
    {
      links: [
        {
          name: 'v0',
          neighbours: [
            { address: '10.1.0.7', mac: '02:00:00:00:00:07' },
            { address: 'fd01:0::7', mac: '02:00:00:00:00:08', router: true },
            { address: '10.1.0.9', mac: '02:00:00:00:00:09', state: 'noarp' },
            { address: '10.1.0.11', proxy: true },
          ],
        },
      ],
    },
  ],
  [
    'forwarding entries of a port',
    [
      'ip link add br0 type bridge',
      'ip link set v0 master br0',
      'bridge fdb add 02:00:00:00:00:07 dev v0 master static',
      'bridge fdb add 02:00:00:00:00:08 dev v0 master static sticky',
    ],
    {
      links: [
        {
          name: 'v0',
          fdb: [{ mac: '02:00:00:00:00:07' }, { mac: '02:00:00:00:00:08', sticky: true }],
        },
      ],
    },
  ],
];

describe('network().plan of what ip made', () => {
  const scene = useScene();

  for (const [title, commands, document] of MADE) {
    it(`is empty for ${title}`, async () => {
      const { namespace } = scene();
      namespace.batch(['link add v0 type veth peer name v1', 'link set v0 up', 'link set v1 up']);
      for (const command of commands) {
        const [program, ...args] = command.split(' ') as [string, ...string[]];
        try {
          namespace.run(program, ...args);
        } catch (error) {
          const { message } = error as Error;
          if (/not supported|Unknown device type|Unknown qdisc/.test(message)) throw new Unavailable(command, { detail: message });
          throw error;
        }
      }
      expect(await scene().lines(document)).to.deep.equal([]);
    });
  }
});
