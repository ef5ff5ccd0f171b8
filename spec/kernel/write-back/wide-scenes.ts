import { asText, filters, links, qdisc, UP, type Scene } from './scenes.js';

const UNDER = 'ip link add v0 address 02:00:00:00:00:10 type veth peer name v1 address 02:00:00:00:00:11\n';

/** Returns a scene with a device of several queues. */
function withQueues(scene: Scene): Scene {
  return { ...scene, setup: scene.setup.replace('02:00:00:00:00:10', '02:00:00:00:00:10 numtxqueues 2 numrxqueues 2') };
}

/** Returns a scene that also compares the filters of shared blocks, which do not belong to a device. */
function withBlocks(scene: Scene, ...blocks: readonly number[]): Scene {
  return { ...scene, tools: [...scene.tools, ...blocks.map((block) => `tc -d -j filter show block ${block}`)] };
}

/** Returns a scene without the flows, which tc shows as classes after traffic. */
function withoutClasses(scene: Scene): Scene {
  return { ...scene, tools: scene.tools.slice(0, 1) };
}

/** Scenes with kinds that a distribution's kernel has as modules. */
export const WIDE_SCENES: readonly Scene[] = [
  links('VRF', `ip link add red address 02:00:00:00:00:51 type vrf table 1234`),
  links('GENEVE', `ip link add gn0 address 02:00:00:00:00:54 type geneve id 99 remote 10.1.2.3 ttl 33 tos 0x16 dstport 6090`),
  links(
    'VLAN',
    `${UNDER}ip link add v0.5 link v0 type vlan id 5 protocol 802.1ad loose_binding on ingress-qos-map 1:2 3:4 egress-qos-map 3:4
ip link add v0.6 link v0 type vlan id 6 gvrp on reorder_hdr off
ip link add br0 address 02:00:00:00:00:20 type bridge vlan_filtering 1 vlan_default_pvid 7 vlan_stats_enabled 1
ip link set v1 master br0`,
  ),
  links(
    'dummy',
    `ip link add d0 address 02:00:00:00:00:21 mtu 1300 type dummy\nip link add d1 address 02:00:00:00:00:22 type dummy\nip link set d1 carrier off\nip link set d1 up`,
  ),
  links(
    'bond with ports',
    `${UNDER}ip link add bd0 address 02:00:00:00:00:60 type bond mode active-backup miimon 150 updelay 300 primary_reselect better fail_over_mac active num_grat_arp 3 resend_igmp 2
ip link set v0 master bd0
ip link set v1 master bd0
ip link set bd0 type bond primary v0
ip link set bd0 up`,
  ),
  links(
    'bond of 802.3ad',
    `${UNDER}ip link add bd1 address 02:00:00:00:00:61 type bond mode 802.3ad miimon 100 lacp_rate fast xmit_hash_policy layer3+4 ad_select bandwidth min_links 1 ad_actor_sys_prio 7 ad_user_port_key 9 ad_actor_system 02:00:00:00:00:0f
ip link set v0 master bd1
ip link set v0 type bond_slave queue_id 3`,
  ),
  links(
    'bond of ARP',
    `ip link add bd2 address 02:00:00:00:00:62 type bond mode 1 arp_interval 700 arp_ip_target 10.1.0.1,10.1.0.2 ns_ip6_target fd00::1 arp_validate all arp_all_targets all`,
  ),
  links(
    'bond of balance-rr',
    `ip link add bd3 address 02:00:00:00:00:63 type bond mode balance-rr packets_per_slave 7 all_slaves_active 1`,
  ),
  links('bond of balance-tlb', `ip link add bd4 address 02:00:00:00:00:64 type bond mode balance-tlb tlb_dynamic_lb 0 lp_interval 5`),
  links(
    'ipvlan',
    `${UNDER}ip link add iv0 link v0 type ipvlan mode l3 private\nip link add iv1 link v1 type ipvlan mode l2 bridge\nip link add it0 link v1 type ipvtap mode l2 bridge`,
  ),
  links(
    'ipip',
    `${UNDER}ip link add ii0 type ipip local 10.1.2.3 remote 10.1.2.4 ttl 9 tos 4 dev v0\nip link add ii1 type ipip local 10.1.2.3 remote 10.1.2.5 ttl inherit nopmtudisc mode any\nip link add ii2 type ipip external`,
  ),
  links(
    'sit',
    `ip link add st0 type sit local 10.1.2.3 remote 10.1.2.4 ttl 9 tos inherit isatap\nip link set st0 type sit 6rd-prefix 2001:db8::/32 6rd-relay_prefix 10.0.0.0/8\nip link add st1 type sit local 10.1.2.3 remote 10.1.2.5`,
  ),
  links(
    'gre',
    `ip link add gr0 type gre local 10.1.2.3 remote 10.1.2.4 ttl 9 tos 4 ikey 5 okey 6 iseq oseq icsum ocsum\nip link add gr1 type gre local 10.1.2.3 remote 10.1.2.5 nopmtudisc ignore-df\nip link add gt0 address 02:00:00:00:00:71 type gretap local 10.1.2.3 remote 10.1.2.6 key 0x1000001\nip link add gr2 type gre external`,
  ),
  links(
    'gre over IPv6',
    `ip link add g60 type ip6gre local fd00::1 remote fd00::2 hoplimit 9 tclass 4 flowlabel 0x123 encaplimit 5\nip link add g61 address 02:00:00:00:00:72 type ip6gretap local fd00::1 remote fd00::3 dscp inherit`,
  ),
  links(
    'erspan',
    `ip link add er1 address 02:00:00:00:00:73 type erspan local 10.1.2.3 remote 10.1.2.8 key 5 seq erspan_ver 1 erspan 77\nip link add er2 address 02:00:00:00:00:74 type erspan local 10.1.2.3 remote 10.1.2.9 key 6 seq erspan_ver 2 erspan_dir egress erspan_hwid 3\nip link add er6 address 02:00:00:00:00:75 type ip6erspan local fd00::1 remote fd00::9 key 6 seq erspan_ver 1 erspan 7`,
  ),
  links(
    'ip6tnl',
    `ip link add i60 type ip6tnl local fd00::1 remote fd00::2 mode any hoplimit 9 tclass 4 flowlabel 0x123 encaplimit none\nip link add i61 type ip6tnl local fd00::1 remote fd00::3 mode ipip6 dscp inherit fwmark 7`,
  ),
  links(
    'vti',
    `ip link add vt0 type vti local 10.1.2.3 remote 10.1.2.4 ikey 5 okey 6 fwmark 3\nip link add vt6 type vti6 local fd00::1 remote fd00::2 key 9`,
  ),
  links('xfrm', `${UNDER}ip link add xf0 type xfrm dev v0 if_id 77\nip link add xf1 type xfrm external`),
  links('macsec', `${UNDER}ip link add ms0 link v0 address 02:00:00:00:00:81 type macsec port 7 encrypt on replay on window 64 icvlen 16`),
  links('netkit', `ip link add nk0 type netkit mode l2 peer name nk1`),
  links(
    'nlmon, vcan, HSR and WireGuard',
    `${UNDER}ip link add nm0 type nlmon\nip link add vc0 type vcan\nip link add hs0 type hsr slave1 v0 slave2 v1 version 1\nip link add wg0 type wireguard`,
  ),
  links(
    'HSR and PRP with an address of their own for supervision',
    `${UNDER}ip link add v2 address 02:00:00:00:00:12 type veth peer name v3 address 02:00:00:00:00:13
ip link add hs1 address 02:00:00:00:00:92 type hsr slave1 v0 slave2 v1 supervision 45 version 1
ip link add hs2 address 02:00:00:00:00:93 type hsr slave1 v2 slave2 v3 supervision 200 proto 1`,
  ),
  links('GTP', `ip link add gtp0 type gtp role sgsn hsize 77 restart_count 5`),
  links(
    'vxcan',
    `ip link add vx0 mtu 72 type vxcan peer name vx1 mtu 16
ip link set vx0 txqueuelen 33 group 4 alias bus
ip link set vx0 up
ip link set vx1 up`,
  ),
  {
    name: 'links: bridge VLANs',
    setup: `${UNDER}ip link add br0 address 02:00:00:00:00:20 type bridge vlan_filtering 1 vlan_default_pvid 7
ip link add br1 address 02:00:00:00:00:21 type bridge vlan_filtering 1
ip link add vx0 address 02:00:00:00:00:30 type vxlan dstport 4789 external
ip link set v0 master br0
ip link set v1 master br1
ip link set vx0 master br0
bridge link set dev vx0 vlan_tunnel on
bridge vlan add dev v0 vid 10-20 untagged
bridge vlan add dev v0 vid 33 pvid untagged
bridge vlan add dev v0 vid 4094
bridge vlan add dev br0 vid 44 self
bridge vlan add dev br0 vid 100-200 self untagged
bridge vlan del dev v1 vid 1
bridge vlan add dev vx0 vid 50-53
bridge vlan add dev vx0 vid 50 tunnel_info id 5000
bridge vlan add dev vx0 vid 51-52 tunnel_info id 6001-6002`,
    copies: ['links', 'bridge VLANs'],
    tools: ['ip -d -j link', 'bridge -d -j vlan show', 'bridge -j vlan tunnelshow'],
  },
  links('team', `${UNDER}ip link add tm0 address 02:00:00:00:00:91 type team\nip link set v0 master tm0`),
  links(
    'GENEVE with IPv6',
    `ip link add gn6 address 02:00:00:00:00:55 type geneve id 98 remote fd00::3 ttl inherit df set udp6zerocsumtx flowlabel 5 innerprotoinherit\nip link add gnx address 02:00:00:00:00:56 type geneve external dstport 6091`,
  ),
  qdisc('netem', 'netem delay 30ms 5ms 25% loss 3% 10% duplicate 1% corrupt 2% reorder 5% 50% gap 3 limit 555 rate 1mbit 20 100 -5'),
  qdisc('netem with a model of losses', 'netem delay 10ms loss gemodel 1% 10% 70% 0.1%'),
  qdisc('netem with slots', 'netem delay 10ms slot 1ms 2ms packets 5 bytes 9000 seed 77'),
  qdisc('prio', 'prio bands 4 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 3'),
  withoutClasses(
    qdisc(
      'fq_codel',
      'fq_codel limit 2000 flows 512 target 3ms interval 40ms quantum 999 noecn ce_threshold 5ms memory_limit 1000000 drop_batch 33',
    ),
  ),
  qdisc('codel', 'codel limit 2000 target 7ms interval 77ms ecn ce_threshold 3ms'),
  qdisc(
    'fq',
    'fq limit 2000 flow_limit 50 quantum 2000 initial_quantum 9000 maxrate 1gbit buckets 512 orphan_mask 511 refill_delay 30ms low_rate_threshold 500kbit ce_threshold 3ms timer_slack 20us horizon 5s horizon_cap',
  ),
  withoutClasses(qdisc('sfq', 'sfq limit 100 perturb 10 quantum 2000 divisor 512 headdrop depth 64')),
  qdisc('pie', 'pie limit 1000 target 20ms tupdate 30ms alpha 5 beta 30 ecn bytemode dq_rate_estimator'),
  withoutClasses(
    qdisc(
      'fq_pie',
      'fq_pie limit 2000 flows 512 target 20ms tupdate 20ms alpha 3 beta 18 quantum 2000 memory_limit 1000000 ecn_prob 12 ecn bytemode',
    ),
  ),
  qdisc('hhf', 'hhf limit 500 quantum 2000 hh_limit 1000 reset_timeout 50ms admit_bytes 100000 evict_timeout 2s non_hh_weight 3'),
  withoutClasses(
    qdisc(
      'cake',
      'cake bandwidth 50mbit diffserv4 dual-srchost nat wash ack-filter rtt 77ms overhead 22 mpu 64 memlimit 4000000 split-gso ingress',
    ),
  ),
  asText(
    qdisc(
      'hfsc',
      'hfsc default 20',
      'class add dev v0 parent 1: classid 1:1 hfsc sc rate 10mbit ul rate 20mbit',
      'class add dev v0 parent 1:1 classid 1:20 hfsc rt m1 5mbit d 10ms m2 2mbit ls m2 3mbit',
    ),
  ),
  qdisc('drr', 'drr', 'class add dev v0 parent 1: classid 1:1 drr quantum 3000'),
  asText(qdisc('qfq', 'qfq', 'class add dev v0 parent 1: classid 1:1 qfq weight 7 maxpkt 2000')),
  qdisc('ets', 'ets bands 4 strict 1 quanta 1000 2000 3000 priomap 0 1 1 1 2 3'),
  withQueues(qdisc('mqprio', 'mqprio num_tc 2 map 0 1 1 queues 1@0 1@1 hw 0')),
  withQueues(
    qdisc(
      'taprio',
      'taprio num_tc 2 map 0 1 1 queues 1@0 1@1 base-time 1000000000 sched-entry S 01 300000 sched-entry S 02 200000 clockid CLOCK_TAI',
    ),
  ),
  asText(withQueues(qdisc('multiq', 'multiq'))),
  qdisc('red', 'red limit 400000 min 30000 max 90000 avpkt 1000 burst 55 bandwidth 10mbit probability 0.05'),
  qdisc('red that marks', 'red limit 400000 min 30000 max 90000 avpkt 1000 burst 55 bandwidth 10mbit ecn nodrop'),
  qdisc('red that adapts', 'red limit 400000 min 30000 max 90000 avpkt 1000 burst 55 bandwidth 10mbit adaptive ecn harddrop'),
  withBlocks(
    qdisc(
      'red with filters of its events',
      'red limit 400000 min 30000 max 90000 avpkt 1000 burst 55 bandwidth 10mbit ecn qevent early_drop block 10 qevent mark block 11',
      'filter add block 10 prio 3 protocol ip matchall action gact drop',
    ),
    10,
    11,
  ),
  qdisc('choke', 'choke limit 1000 bandwidth 10mbit min 83 max 250 burst 90 ecn'),
  qdisc(
    'gred',
    'gred setup vqs 4 default 2 grio limit 300000',
    'qdisc change dev v0 root gred vq 1 prio 3 limit 60000 min 15000 max 25000 burst 20 avpkt 1000 bandwidth 10mbit probability 0.1',
    'qdisc change dev v0 root gred vq 2 prio 2 limit 70000 min 16000 max 26000 burst 21 avpkt 1000 bandwidth 20mbit',
  ),
  qdisc(
    'gred with flags of the queues',
    'gred setup vqs 3 default 0',
    'qdisc change dev v0 root gred vq 0 limit 60000 min 15000 max 25000 burst 20 avpkt 1000 bandwidth 10mbit ecn',
    'qdisc change dev v0 root gred vq 2 limit 70000 min 16000 max 26000 burst 21 avpkt 1000 bandwidth 20mbit ecn harddrop',
  ),
  qdisc('gred with flags of its own', 'gred setup vqs 2 default 1 limit 300000 ecn'),
  withoutClasses(
    qdisc('sfb', 'sfb rehash 60 db 30 limit 777 max 40 target 30 increment 0.001 decrement 0.0003 penalty_rate 20 penalty_burst 30'),
  ),
  qdisc('skbprio', 'skbprio limit 77'),
  qdisc(
    'etf',
    'prio bands 3',
    'qdisc add dev v0 parent 1:1 handle 2: etf clockid CLOCK_TAI delta 300000 skip_sock_check',
    'qdisc add dev v0 parent 1:2 handle 3: cbs idleslope 20000 sendslope -980000 hicredit 30 locredit -1470',
  ),
  filters(
    'flower',
    `tc qdisc add dev v0 clsact
tc filter add dev v0 ingress prio 3 protocol ip flower src_mac 02:00:00:00:00:07/ff:ff:ff:00:00:00 ip_proto tcp src_ip 10.0.0.0/8 dst_port 80-90 tcp_flags 2/3 action gact drop
tc filter add dev v0 ingress prio 4 protocol 802.1q flower vlan_id 7 vlan_prio 3 vlan_ethtype ipv6 dst_ip fd00::/16 ip_proto udp src_port 53 classid 1:7
tc filter add dev v0 ingress prio 5 protocol ip flower ct_state +trk+est ct_mark 5 enc_key_id 77 enc_dst_ip 10.3.0.0/16 enc_dst_port 4789 skip_hw action pass`,
  ),
  asText(
    filters(
      'matchall, basic and fw',
      `tc qdisc add dev v0 clsact
tc filter add dev v0 ingress prio 3 protocol all matchall classid 1:5 action mirred egress redirect dev v1
tc filter add dev v0 ingress prio 4 protocol ip handle 7 fw classid 1:6 action skbedit priority 5 mark 7
tc filter add dev v0 ingress prio 5 protocol ip basic match 'meta(priority gt 3) and u32(u32 0x0a000000 0xff000000 at 12)' classid 1:8`,
    ),
  ),
  filters(
    'police',
    `tc qdisc add dev v0 clsact
tc filter add dev v0 ingress prio 1 protocol all matchall action police rate 1mbit burst 10k conform-exceed drop/pipe
tc filter add dev v0 ingress prio 2 protocol ip matchall action police rate 8mbit burst 20k peakrate 16mbit mtu 2000 overhead 20 linklayer atm
tc filter add dev v0 ingress prio 3 protocol ip matchall action police pkts_rate 1000 pkts_burst 100
tc filter add dev v0 ingress prio 4 protocol ip matchall action police mtu 1300 conform-exceed continue
tc filter add dev v0 ingress prio 5 protocol ip matchall action police rate 40gbit burst 10m mtu 9000
tc filter add dev v0 ingress prio 6 protocol ip u32 match ip dst 10.0.0.0/8 police rate 2mbit burst 30k drop flowid :1`,
  ),
  asText(
    filters(
      'flow, cgroup and route',
      `tc qdisc add dev v0 root handle 1: htb default 1
tc class add dev v0 parent 1: classid 1:1 htb rate 10mbit
tc filter add dev v0 parent 1: prio 3 protocol ip handle 7 flow hash keys src,dst,proto-dst divisor 64 baseclass 1:1 perturb 20
tc filter add dev v0 parent 1: prio 4 protocol ip handle 8 flow map key mark and 0xff rshift 2 addend 3 divisor 16 baseclass 1:2
tc filter add dev v0 parent 1: prio 5 protocol ip handle 9 flow map key dst xor 0x5 match 'meta(priority gt 3)' baseclass 1:1 action gact drop
tc filter add dev v0 parent 1: prio 6 protocol all handle 1 cgroup match 'u32(u32 0x0a000000 0xff000000 at 12)' action gact continue
tc filter add dev v0 parent 1: prio 7 protocol ip handle 2 cgroup
tc filter add dev v0 parent 1: prio 8 protocol ip route from 3 to 4 classid 1:1
tc filter add dev v0 parent 1: prio 8 protocol ip route from 5 classid 1:1 action gact drop
tc filter add dev v0 parent 1: prio 9 protocol ip route fromif v1 classid 1:1`,
      ['parent 1:'],
    ),
  ),
  filters(
    'actions',
    `tc qdisc add dev v0 clsact
tc filter add dev v0 ingress prio 1 protocol all matchall action vlan push id 7 protocol 802.1ad priority 3 pipe action vlan pop
tc filter add dev v0 ingress prio 2 protocol ip matchall action csum ip4h tcp
tc filter add dev v0 ingress prio 3 protocol all matchall action mirred egress mirror dev v1 pipe action gact ok random determ drop 5
tc filter add dev v0 ingress prio 4 protocol ip matchall action pedit ex munge ip ttl set 9 munge eth dst set 02:00:00:00:00:05 pipe action nat ingress 10.0.0.0/8 10.9.0.1
tc filter add dev v0 ingress prio 5 protocol ip matchall action tunnel_key set src_ip 10.1.2.3 dst_ip 10.1.2.4 id 77 dst_port 4789 ttl 9 tos 4 nocsum pipe action tunnel_key unset
tc filter add dev v0 ingress prio 6 protocol ip matchall action ct commit zone 5 mark 7/15 nat src addr 10.2.0.1-10.2.0.9 port 100-200 pipe action sample rate 7 group 4 trunc 99
tc filter add dev v0 ingress prio 7 protocol ip matchall action mpls push protocol mpls_uc label 77 tc 3 ttl 9 bos 1 pipe action mpls pop protocol ip
tc filter add dev v0 ingress prio 8 protocol ip matchall action connmark zone 3 pipe action ctinfo dscp 0xfc000000 0x1 cpmark 0xff zone 2
tc filter add dev v0 ingress prio 9 protocol ip matchall action skbmod set dmac 02:00:00:00:00:07 etype 0x800 pipe action bpf bytecode '1,6 0 0 1'
tc filter add dev v0 ingress prio 10 protocol ip matchall action simple sdata hello pipe action ife encode allow mark type 0xed3f
tc filter add dev v0 ingress prio 11 protocol ip matchall action gate clockid CLOCK_TAI base-time 200000000000 sched-entry open 200000000 -1 8000 sched-entry close 100000000`,
  ),
  {
    name: 'MPLS and segment routes',
    everywhere: `modprobe mpls_iptunnel
sysctl -qw net.mpls.platform_labels=1000`,
    setup: `${UP}sysctl -qw net.mpls.conf.v0.input=1
ip -f mpls route add 100 via inet 10.1.0.9 dev v0
ip -f mpls route add 101 as 200/201 via inet6 fd00::9 dev v0
ip -f mpls route add 102 nexthop as 300 via inet 10.1.0.9 dev v0 nexthop as 301 via inet 10.9.0.2 dev v1
ip route add 10.70.0.0/24 encap mpls 500/501 ttl 9 via 10.1.0.9
ip -6 route add fd70::/64 encap seg6 mode encap segs fd00::5,fd00::6 dev v0
ip -6 route add fd71::/64 encap seg6 mode inline segs fd00::5 hmac 0 dev v0
ip -6 route add fd72::/64 encap seg6local action End.X nh6 fd00::9 count dev v0
ip -6 route add fd73::/64 encap seg6local action End.B6.Encaps srh segs fd00::5,fd00::6 dev v0
ip -6 route add fd74::/64 encap seg6local action End flavors psp dev v0
?ip -6 route add fd75::/64 encap ioam6 mode inline trace prealloc type 0x800000 ns 1 size 12 dev v0`,
    copies: ['links', 'addresses', 'routes'],
    tools: ['ip -f mpls -d -j route', 'ip -4 -d -j route show table all', 'ip -6 -d -j route show table all'],
  },
];
