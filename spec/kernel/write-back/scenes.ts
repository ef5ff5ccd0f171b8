import { fileURLToPath } from 'node:url';

/** Objects to copy, and the commands that must print the same for the copy and the original. */
export interface Scene {
  readonly name: string;
  /** Commands, one a line; a line that begins with `?` may fail, because some kernels lack the feature. */
  readonly setup: string;
  /** Commands that both namespaces need first, because netlink cannot write what they set. */
  readonly everywhere?: string;
  readonly copies: readonly ('links' | 'bridge VLANs' | 'addresses' | 'routes' | 'rules' | 'neighbours' | 'traffic control' | 'nftables')[];
  readonly tools: readonly string[];
}

const PAIR = `
ip link add v0 numrxqueues 3 numtxqueues 2 address 02:00:00:00:00:10 mtu 1400 type veth peer name v1 address 02:00:00:00:00:11 numrxqueues 4
ip link set v0 alias porch
ip link property add dev v0 altname a-name-longer-than-fifteen altname another-name
`;
export const UP = `
ip link add v0 address 02:00:00:00:00:10 type veth peer name v1 address 02:00:00:00:00:11
ip link set v0 addrgenmode none up
ip link set v1 addrgenmode none up
ip addr add 10.1.0.1/24 dev v0
ip addr add 10.9.0.1 peer 10.9.0.2/32 dev v1
ip addr add fd00::1/64 dev v0 nodad
ip addr add fd01::2/64 dev v1 nodad
`;

export function links(name: string, setup: string): Scene {
  return { name: `links: ${name}`, setup, copies: ['links'], tools: ['ip -d -j link', 'bridge -d -j link'] };
}

export function qdisc(name: string, ...words: readonly string[]): Scene {
  const setup = `${UP}tc qdisc add dev v0 root handle 1: ${words.join('\ntc ')}`;
  const tools = ['tc -d -j qdisc show dev v0', 'tc -d -j class show dev v0'];
  return { name: `queueing: ${name}`, setup, copies: ['links', 'addresses', 'traffic control'], tools };
}

export function filters(name: string, setup: string, hooks: readonly string[] = ['ingress', 'egress']): Scene {
  const tools = hooks.map((hook) => `tc -d -j filter show dev v0 ${hook}`);
  return { name: `filters: ${name}`, setup: `${UP}${setup}`, copies: ['links', 'addresses', 'traffic control'], tools };
}

/** Compares text instead of JSON, which tc prints incorrectly for some classes and filters. */
export function asText(scene: Scene): Scene {
  return { ...scene, tools: scene.tools.map((line) => line.replace(' -j', '')) };
}

/** Returns a scene with a rule set of the fixtures, and the devices that it names. */
function ruleset(name: string, file: string, traffic = ''): Scene {
  const path = fileURLToPath(new URL(`../../fixtures/capture/rules/${file}`, import.meta.url));
  const setup = `ip link add v0 type veth peer name v1\nip link set v0 up\nnft -f ${path}\n${traffic}`;
  return { name: `nftables: ${name}`, setup, copies: ['links', 'nftables'], tools: ['nft -j list ruleset', 'nft list ruleset'] };
}

export const SCENES: readonly Scene[] = [
  links(
    'veth and ifb',
    `${PAIR}
ip link set v0 up
ip link set v1 up group 7 txqueuelen 77 addrgenmode none
ip link add ifb7 address 02:00:00:00:00:12 type ifb
ip link set ifb7 gso_max_size 60000 gso_max_segs 1000 gro_max_size 50000`,
  ),
  links(
    'a bridge and its port',
    `${PAIR}
ip link add br0 address 02:00:00:00:00:20 type bridge forward_delay 400 hello_time 300 max_age 1000 ageing_time 1234 priority 4096
ip link set br0 type bridge group_fwd_mask 8 mcast_snooping 1 mcast_querier 1 no_linklocal_learn 1 fdb_max_learned 99 mcast_startup_query_count 3
?ip link set br0 type bridge mcast_hash_max 1024 mcast_last_member_count 4 mcast_igmp_version 3 mcast_mld_version 2
ip link set v1 master br0
bridge link set dev v1 cost 7 priority 3 guard on learning off isolated on hairpin on fastleave on mcast_router 2`,
  ),
  links(
    "ports of bridges whose state was written, or is the kernel's own",
    `${PAIR}
ip link add v2 address 02:00:00:00:00:13 type veth peer name v3 address 02:00:00:00:00:14
ip link add br0 address 02:00:00:00:00:20 type bridge
ip link add br1 address 02:00:00:00:00:21 type bridge stp_state 1
ip link set v1 master br0
ip link set v3 master br1
ip link set v0 up
ip link set v1 up
ip link set v2 up
ip link set v3 up
ip link set br0 up
bridge link set dev v1 state 1`,
  ),
  links(
    'tun and tap',
    `ip tuntap add dev tap0 mode tap user 7 group 8 pi vnet_hdr
ip link set tap0 address 02:00:00:00:00:15 mtu 1300 alias socket
ip tuntap add dev tun0 mode tun
ip link set tun0 mtu 1400 txqueuelen 33 group 4`,
  ),
  links(
    'vxlan',
    `${PAIR}
ip link add vx4 address 02:00:00:00:00:30 type vxlan id 77 dstport 4789 local 192.0.2.1 remote 192.0.2.2 dev v0 ttl 5 tos 4 ageing 99 port 1000 2000 nolearning
ip link add vx6 address 02:00:00:00:00:31 type vxlan id 16777215 dstport 8472 local 2001:db8::1 group ff05::100 dev v0 l2miss l3miss proxy udp6zerocsumtx maxaddress 10 flowlabel 0x1234
ip link add vxe address 02:00:00:00:00:32 type vxlan external dstport 4790 vnifilter
ip link add vxg address 02:00:00:00:00:33 type vxlan id 5 dstport 4791 gbp rsc df set ttl inherit nolocalbypass`,
  ),
  links(
    'macvlan and macvtap',
    `${PAIR}
ip link add mv0 link v0 address 02:00:00:00:00:40 type macvlan mode bridge bcqueuelen 500
ip link add mv1 link v0 address 02:00:00:00:00:41 type macvlan mode source macaddr add 02:00:00:00:00:0a
ip link set mv1 type macvlan macaddr add 02:00:00:00:00:0b
ip link add mt0 link v0 address 02:00:00:00:00:42 type macvtap mode private`,
  ),
  {
    name: 'addresses',
    setup: `
ip link add v0 address 02:00:00:00:00:10 type veth peer name v1 address 02:00:00:00:00:11
ip link set v0 up
ip link set v1 up
ip addr add 10.1.0.1/24 broadcast 10.1.0.255 dev v0 label v0:one
ip addr add 10.1.0.2/24 dev v0
ip addr add 10.1.0.2/16 dev v0 scope link noprefixroute
ip addr add 10.9.0.1 peer 10.9.0.2/32 dev v1
ip addr add 10.7.0.1/16 dev v0 valid_lft 1000 preferred_lft 500 metric 77
ip addr add fd00::1/64 dev v0 nodad
ip addr add fd00::5/64 dev v1 valid_lft 600 preferred_lft 0 nodad
ip addr add fd00::9/128 dev lo home proto 7
ip addr add fd00::a peer fd00::b/128 dev v0 nodad noprefixroute
ip addr add fd00:c::1/64 dev v0 mngtmpaddr nodad`,
    copies: ['links', 'addresses'],
    tools: ['ip -d -j addr', 'ip -d -j route show table all', 'ip -6 -d -j route show table all'],
  },
  {
    name: 'IPv4 routes and nexthop objects',
    setup: `${UP}
ip route add 10.50.0.0/24 via 10.1.0.9
ip route add 10.51.0.0/24 nexthop via 10.1.0.9 weight 3 nexthop via 10.9.0.2 dev v1 weight 256
ip route add blackhole 10.52.0.0/16 metric 9
ip route add 10.53.0.0/24 dev v0 table 300 src 10.1.0.1 mtu 1300 advmss 1200 initcwnd 12 proto 99 scope link tos 4
ip route add 10.54.0.0/24 via 10.1.0.9 dev v0 rtt 100ms window 1000 onlink realm 3/4
ip route add 10.56.0.0/24 via 10.1.0.9 mtu lock 1400 rttvar 50ms rto_min 300ms ssthresh 99 cwnd 8 hoplimit 33 initrwnd 5 reordering 4 quickack 1 features ecn congctl cubic
ip route add unreachable 10.55.0.1
ip route add prohibit 10.55.0.2
ip route add throw 10.55.0.3 table 400
ip nexthop add id 9 via 10.1.0.77 dev v0
ip nexthop add id 12 via 10.1.0.78 dev v0
ip nexthop add id 13 blackhole
ip nexthop add id 14 via fd00::14 dev v0 proto 77
ip nexthop add id 10 group 9,5/12
?ip nexthop add id 11 group 9/12,2 type resilient buckets 16 idle_timer 10 unbalanced_timer 20
ip nexthop add id 20 via fd00::20 fdb
ip route add 10.58.0.0/24 nhid 10
ip route add 10.57.0.0/24 via inet6 fd00::99 dev v0
ip route add 10.59.0.0/24 nhid 9
ip route add 10.62.0.0/24 encap ip id 5 dst 192.0.2.9 ttl 7 tos 4 dev v0
?ip route add 10.60.0.0/24 encap ip6 id 6 dst fd00::77 hoplimit 9 tc 3 dev v0
ip route add default via 10.1.0.9 metric 4000000000`,
    copies: ['links', 'addresses', 'routes'],
    tools: ['ip -4 -d -j route show table all', 'ip -d -j nexthop'],
  },
  {
    name: 'IPv6 routes',
    setup: `${UP}
ip -6 route add fd50::/64 via fd00::99 dev v0 metric 5 pref high
ip -6 route add fd51::/64 nexthop via fd00::7 dev v0 weight 2 nexthop via fd01::8 dev v1 weight 4
ip -6 route add blackhole fd52::/48
ip -6 route add fd53::/64 dev v1 mtu lock 1400 expires 500
?ip -6 route add fd54::/64 from fd00::/16 dev v1
ip -6 route add fd55::/64 dev v1 proto 99 pref low table 500
ip nexthop add id 14 via fd00::14 dev v0
ip -6 route add fd56::/64 nhid 14`,
    copies: ['links', 'addresses', 'routes'],
    tools: ['ip -6 -d -j route show table all', 'ip -d -j nexthop'],
  },
  {
    name: 'rules',
    setup: `
ip link add v0 type veth peer name v1
ip rule add from 10.1.0.0/16 to 10.50.0.0/24 iif v0 fwmark 0x10/0xff table 300 priority 900 suppress_prefixlength 8 ipproto tcp sport 100-200 dport 80
ip rule add unreachable to 10.99.0.0/16 pref 902
ip rule add goto 902 pref 800 uidrange 0-1000
ip rule add nop pref 700
ip rule add not from 192.0.2.4 table 20 pref 701
ip rule add prohibit iif absent0 pref 703
ip rule add oif v1 lookup 5 suppress_ifgroup 7 pref 704 protocol 99
ip rule add tun_id 77 lookup 6 pref 705
?ip rule add l3mdev pref 706
?ip rule add dscp 10 lookup 7 pref 707
ip rule add from 10.2.0.0/16 lookup 8 realms 3/4 pref 708
ip -6 rule add from fd00::/16 oif v1 lookup 300 pref 901 tos 4
ip -6 rule add to fd00:1:2:3:4:5:6:7 blackhole pref 904
?ip -6 rule add flowlabel 0x123 lookup 9 pref 905`,
    copies: ['links', 'rules'],
    tools: ['ip -4 -d -j rule', 'ip -6 -d -j rule'],
  },
  {
    name: 'neighbours and forwarding databases',
    setup: `
ip link add v0 address 02:00:00:00:00:10 type veth peer name v1 address 02:00:00:00:00:11
ip link set v0 up
ip link set v1 up
ip addr add 10.1.0.1/24 dev v0
ip addr add fd00::1/64 dev v0 nodad
ip link add br0 address 02:00:00:00:00:20 type bridge
ip link add p0 address 02:00:00:00:00:21 type veth peer name p1 address 02:00:00:00:00:22
ip link set p0 master br0
ip link add vx0 address 02:00:00:00:00:23 type vxlan id 7 dstport 4789 local 192.0.2.1 dev v0
ip neigh add 10.1.0.9 lladdr 02:00:00:00:00:99 dev v0 nud permanent
ip neigh add fd00::9 lladdr 02:00:00:00:00:98 dev v0 nud stale router
ip neigh add proxy 10.1.0.77 dev v0 router
ip neigh add 10.1.0.10 lladdr 02:00:00:00:00:9a dev v0 nud stale extern_learn protocol 9
bridge fdb add 02:00:00:00:00:77 dev p0 master static
bridge fdb add 02:00:00:00:00:7b dev p0 master static sticky
bridge fdb add 02:00:00:00:00:78 dev p0 self
bridge fdb add 02:00:00:00:00:79 dev vx0 dst 192.0.2.9 port 8472 vni 33 self
bridge fdb append 00:00:00:00:00:00 dev vx0 dst 192.0.2.10 via v0 self
ip nexthop add id 20 via 192.0.2.20 fdb
ip nexthop add id 21 group 20 fdb
bridge fdb add 02:00:00:00:00:7c dev vx0 nhid 21 self`,
    copies: ['links', 'addresses', 'routes', 'neighbours'],
    tools: ['ip -d -j neigh show nud all', 'ip -d -j neigh show proxy', 'bridge -d -j fdb'],
  },
  qdisc(
    'htb with tbf below',
    'htb default 30 r2q 20 direct_qlen 500',
    'class add dev v0 parent 1: classid 1:1 htb rate 100mbit ceil 200mbit burst 15k cburst 20k quantum 60000',
    'class add dev v0 parent 1:1 classid 1:30 htb rate 5mbit ceil 50mbit prio 3 quantum 2000 mpu 64 overhead 20',
    'class add dev v0 parent 1:1 classid 1:31 htb rate 8kbit quantum 1514',
    'qdisc add dev v0 parent 1:30 handle 30: tbf rate 1mbit burst 32kb latency 400ms peakrate 2mbit minburst 1540',
    'qdisc add dev v0 clsact',
  ),
  qdisc('pfifo', 'pfifo limit 55'),
  qdisc('bfifo', 'bfifo limit 5555'),
  qdisc('fast htb', 'htb default 1', 'class add dev v0 parent 1: classid 1:1 htb rate 80gbit ceil 90gbit'),
  filters(
    'u32 of htb',
    `tc qdisc add dev v0 root handle 1: htb default 30
tc class add dev v0 parent 1: classid 1:31 htb rate 8mbit
tc filter add dev v0 parent 1: protocol ip prio 10 u32 match ip dst 10.1.0.0/24 match ip dport 80 0xffff flowid 1:31`,
    ['parent 1:'],
  ),
  asText(
    filters(
      'hash tables of u32',
      `tc qdisc add dev v0 root handle 1: htb default 30
tc class add dev v0 parent 1: classid 1:31 htb rate 8mbit
tc filter add dev v0 parent 1: protocol ip prio 10 handle 2: u32 divisor 256
tc filter add dev v0 parent 1: protocol ip prio 10 handle 3: u32 divisor 16
tc filter add dev v0 parent 1: protocol ip prio 10 handle 2:7:5 u32 ht 2:7: match ip src 10.1.0.7/32 flowid 1:31
tc filter add dev v0 parent 1: protocol ip prio 10 u32 ht 2:ff: match ip src 10.1.0.255/32 link 3: offset at 0 mask 0x0f00 shift 6 eat
tc filter add dev v0 parent 1: protocol ip prio 10 u32 ht 3:a: match tcp dst 80 0xffff flowid 1:31
tc filter add dev v0 parent 1: protocol ip prio 10 u32 match ip src 10.1.0.0/24 link 2: hashkey mask 0x000000ff at 12
tc filter add dev v0 parent 1: protocol ip prio 9 u32 match ip tos 0x10 0xff flowid 1:31
tc filter add dev v0 parent 1: protocol ipv6 prio 11 u32 divisor 4`,
      ['parent 1:'],
    ),
  ),
  {
    name: 'filters: shared blocks',
    setup: `${UP}
tc qdisc add dev v0 ingress_block 22 egress_block 23 clsact
tc qdisc add dev v1 ingress_block 22 clsact
tc filter add block 22 prio 5 protocol all bpf da bytecode '1,6 0 0 4294967295'
tc filter add block 22 prio 6 protocol ip u32 match ip dst 10.1.0.0/24 flowid 1:31
tc filter add block 23 prio 6 protocol ip chain 4 bpf bytecode '1,6 0 0 4294967295' flowid 1:7
tc filter add dev v1 egress prio 7 protocol ip bpf bytecode '1,6 0 0 4294967295' flowid 1:8`,
    copies: ['links', 'addresses', 'traffic control'],
    tools: [
      'tc -d -j qdisc',
      ...['block 22', 'block 23', 'dev v0 ingress', 'dev v0 egress', 'dev v1 ingress', 'dev v1 egress'].map(
        (place) => `tc -d -j filter show ${place}`,
      ),
    ],
  },
  filters(
    'bpf',
    `tc qdisc add dev v0 clsact
tc filter add dev v0 ingress prio 5 protocol all bpf da bytecode '1,6 0 0 4294967295'
tc filter add dev v0 egress prio 6 protocol ip bpf bytecode '1,6 0 0 4294967295' flowid 1:7`,
  ),
  ruleset('tables, chains, sets, maps and statements', 'plain.nft'),
  ruleset('sets of all kinds', 'sets.nft'),
  ruleset('statements', 'statements.nft'),
  ruleset('devices', 'netdev.nft'),
  ruleset('what the kernel reports and refuses', 'refused.nft', "bash -c 'echo more than twenty bytes >/dev/udp/127.0.0.1/9'"),
];
