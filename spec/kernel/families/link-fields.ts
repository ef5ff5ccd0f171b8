import type {
  LinkAttrs,
  LinkinfoBridgeAttrs,
  LinkinfoMacvlanAttrs,
  LinkinfoVxlanAttrs,
  RtLinkFamily,
} from '../../../lib/families/rt-link.js';
import { bitNames, hex, within, type Fields } from './compare.js';

export type LinkRow = RtLinkFamily['dump']['getlink']['reply'];
type BridgeId = NonNullable<LinkinfoBridgeAttrs['bridgeId']>;

/** Names of operstate (RFC 2863; uapi/linux/if.h) and of ARPHRD types as iproute2 prints them. */
const OPERATION = ['UNKNOWN', 'NOTPRESENT', 'DOWN', 'LOWERLAYERDOWN', 'TESTING', 'DORMANT', 'UP'];
const HARDWARE: Readonly<Record<number, string>> = { 1: 'ether', 772: 'loopback' };

/** uapi/linux/if.h, in iproute2's order; RUNNING is shown only by its absence. */
const FLAGS = [
  ['LOOPBACK', 8],
  ['BROADCAST', 2],
  ['POINTOPOINT', 16],
  ['MULTICAST', 4096],
  ['NOARP', 128],
  ['ALLMULTI', 512],
  ['PROMISC', 256],
  ['UP', 1],
  ['LOWER_UP', 65536],
  ['DORMANT', 131072],
] as const;
const [UP, RUNNING] = [1, 64];

const flagNames = (flags: number): string[] => [
  ...((flags & UP) !== 0 && (flags & RUNNING) === 0 ? ['NO-CARRIER'] : []),
  ...bitNames(flags, FLAGS),
];

/** iproute2 prints the bytes of the MAC address without leading zeros. */
const bridgeId = (id: BridgeId | undefined): string | undefined =>
  id && `${id.prio.toString(16).padStart(4, '0')}.${id.addr.replaceAll(/\b0/g, '')}`;
const seconds = (ticks: bigint | undefined): number => Number(ticks) / 100;

const BRIDGE: Fields<LinkinfoBridgeAttrs> = {
  forward_delay: (data) => data.forwardDelay,
  hello_time: (data) => data.helloTime,
  max_age: (data) => data.maxAge,
  ageing_time: (data) => data.ageingTime,
  stp_state: (data) => data.stpState,
  priority: (data) => data.priority,
  vlan_filtering: (data) => data.vlanFiltering,
  vlan_protocol: (data) => (data.vlanProtocol === 0x8100 ? '802.1Q' : data.vlanProtocol),
  bridge_id: (data) => bridgeId(data.bridgeId),
  root_id: (data) => bridgeId(data.rootId),
  root_port: (data) => data.rootPort,
  root_path_cost: (data) => data.rootPathCost,
  topology_change: (data) => data.topologyChange,
  topology_change_detected: (data) => data.topologyChangeDetected,
  hello_timer: (data) => seconds(data.helloTimer),
  tcn_timer: (data) => seconds(data.tcnTimer),
  topology_change_timer: (data) => seconds(data.topologyChangeTimer),
  gc_timer: (data, shown) => within(2, shown, seconds(data.gcTimer)),
  fdb_n_learned: (data) => data.fdbNLearned,
  fdb_max_learned: (data) => data.fdbMaxLearned,
  vlan_default_pvid: (data) => data.vlanDefaultPvid,
  vlan_stats_enabled: (data) => data.vlanStatsEnabled,
  vlan_stats_per_port: (data) => data.vlanStatsPerPort,
  group_fwd_mask: (data) => hex(data.groupFwdMask ?? -1),
  group_addr: (data) => data.groupAddr,
  mcast_snooping: (data) => data.mcastSnooping,
  // BR_BOOLOPT_NO_LL_LEARN, _MCAST_VLAN_SNOOPING, _MST_ENABLE of uapi/linux/if_bridge.h
  no_linklocal_learn: (data) => (data.multiBoolopt?.optval ?? -1) & 1,
  mcast_vlan_snooping: (data) => ((data.multiBoolopt?.optval ?? -1) >> 1) & 1,
  mst_enabled: (data) => ((data.multiBoolopt?.optval ?? -1) >> 2) & 1,
  mdb_offload_fail_notification: (data) => ((data.multiBoolopt?.optval ?? -1) >> 3) & 1,
  mcast_router: (data) => data.mcastRouter,
  mcast_query_use_ifaddr: (data) => data.mcastQueryUseIfaddr,
  mcast_querier: (data) => data.mcastQuerier,
  mcast_hash_elasticity: (data) => data.mcastHashElasticity,
  mcast_hash_max: (data) => data.mcastHashMax,
  mcast_last_member_cnt: (data) => data.mcastLastMemberCnt,
  mcast_startup_query_cnt: (data) => data.mcastStartupQueryCnt,
  mcast_last_member_intvl: (data) => Number(data.mcastLastMemberIntvl),
  mcast_membership_intvl: (data) => Number(data.mcastMembershipIntvl),
  mcast_querier_intvl: (data) => Number(data.mcastQuerierIntvl),
  mcast_query_intvl: (data) => Number(data.mcastQueryIntvl),
  mcast_query_response_intvl: (data) => Number(data.mcastQueryResponseIntvl),
  mcast_startup_query_intvl: (data) => Number(data.mcastStartupQueryIntvl),
  mcast_stats_enabled: (data) => data.mcastStatsEnabled,
  mcast_igmp_version: (data) => data.mcastIgmpVersion,
  mcast_mld_version: (data) => data.mcastMldVersion,
  nf_call_iptables: (data) => data.nfCallIptables,
  nf_call_ip6tables: (data) => data.nfCallIp6tables,
  nf_call_arptables: (data) => data.nfCallArptables,
};

const vxlan = (names: LinkNames): Fields<LinkinfoVxlanAttrs> => ({
  id: (data) => data.id,
  group: (data) => data.group,
  group6: (data) => data.group6,
  remote: (data) => data.group,
  remote6: (data) => data.group6,
  local: (data) => data.local,
  local6: (data) => data.local6,
  link: (data) => names.of(data.link),
  port_range: (data) => data.portRange,
  port: (data) => data.port,
  tos: (data) => (data.tos === 1 ? 'inherit' : hex(data.tos ?? -1)),
  ttl: (data) => data.ttl,
  df: (data) => data.df,
  label: (data) => hex(data.label ?? -1),
  ageing: (data) => data.ageing,
  limit: (data) => data.limit,
  reserved_bits: (data) => `0x${Buffer.from(data.reservedBits ?? []).toString('hex')}`,
  external: (data) => data.collectMetadata === 1,
  vnifilter: (data) => data.vnifilter === 1,
  learning: (data) => data.learning === 1,
  proxy: (data) => data.proxy === 1,
  rsc: (data) => data.rsc === 1,
  l2miss: (data) => data.l2miss === 1,
  l3miss: (data) => data.l3miss === 1,
  udp_csum: (data) => data.udpCsum === 1,
  udp_zero_csum6_tx: (data) => data.udpZeroCsum6Tx === 1,
  udp_zero_csum6_rx: (data) => data.udpZeroCsum6Rx === 1,
  remcsum_tx: (data) => data.remcsumTx === 1,
  remcsum_rx: (data) => data.remcsumRx === 1,
  localbypass: (data) => data.localbypass === 1,
  gbp: (data) => data.gbp,
});

const MACVLAN: Fields<LinkinfoMacvlanAttrs> = {
  mode: (data) => data.mode,
  nopromisc: (data) => ((data.flags ?? 0) & 1) !== 0,
  bcqueuelen: (data) => data.bcQueueLen,
  usedbcqueuelen: (data) => data.bcQueueLenUsed,
  macaddr_count: (data) => data.macaddrCount,
  macaddr_data: (data) => data.macaddrData?.macaddr,
};

/** What the kinds of these specs have under info_data. */
function infoData(info: LinkAttrs['linkinfo'], names: LinkNames): readonly [object, Fields<never>] | undefined {
  if (info?.data === undefined) return undefined;
  switch (info.kind) {
    case 'bridge':
      return [info.data, BRIDGE];
    case 'vxlan':
      return [info.data, vxlan(names)];
    case 'macvlan':
    case 'macvtap':
      return [info.data, MACVLAN];
    default:
      return undefined;
  }
}

/** Finds the names that belong to interface indexes. */
export class LinkNames {
  readonly #names: ReadonlyMap<number | undefined, string | undefined>;

  constructor(links: readonly LinkRow[]) {
    this.#names = new Map(links.map((link) => [link.ifiIndex, link.ifname]));
  }

  of(index: number | undefined): string | undefined {
    return this.#names.get(index);
  }

  indexOf(name: string): number {
    for (const [index, candidate] of this.#names) if (candidate === name && index !== undefined) return index;
    throw new Error(`there is no link ${name}`);
  }
}

/** All that `ip -j -d link` shows but for linkinfo, which {@link linkInfoFields} has. */
export const linkFields = (names: LinkNames): Fields<LinkRow> => ({
  ifindex: (link) => link.ifiIndex,
  link: (link) => names.of(link.link),
  link_index: (link) => link.link,
  link_netnsid: (link) => link.linkNetnsid,
  ifname: (link) => link.ifname,
  flags: (link) => flagNames(link.ifiFlags),
  mtu: (link) => link.mtu,
  qdisc: (link) => link.qdisc,
  master: (link) => names.of(link.master),
  operstate: (link) => OPERATION[link.operstate ?? -1],
  linkmode: (link) => ['DEFAULT', 'DORMANT'][link.linkmode ?? -1],
  group: (link) => (link.group === 0 ? 'default' : String(link.group)),
  txqlen: (link) => link.txqlen,
  link_type: (link) => HARDWARE[link.ifiType],
  address: (link) => link.address,
  broadcast: (link) => link.broadcast,
  promiscuity: (link) => link.promiscuity,
  allmulti: (link) => link.allmulti,
  min_mtu: (link) => link.minMtu,
  max_mtu: (link) => link.maxMtu,
  ifalias: (link) => link.ifalias,
  inet6_addr_gen_mode: (link) => ['eui64', 'none', 'stable_secret', 'random'][link.afSpec?.inet6?.addrGenMode ?? -1],
  num_tx_queues: (link) => link.numTxQueues,
  num_rx_queues: (link) => link.numRxQueues,
  gso_max_size: (link) => link.gsoMaxSize,
  gso_max_segs: (link) => link.gsoMaxSegs,
  tso_max_size: (link) => link.tsoMaxSize,
  tso_max_segs: (link) => link.tsoMaxSegs,
  gro_max_size: (link) => link.groMaxSize,
  gso_ipv4_max_size: (link) => link.gsoIpv4MaxSize,
  gro_ipv4_max_size: (link) => link.groIpv4MaxSize,
  altnames: (link) => link.propList?.altIfname,
});

/** The kind's own fields of a link, and how iproute2 shows them. */
export function linkInfoOf(link: LinkRow, names: LinkNames): { readonly value: object; readonly fields: Fields<object> } | undefined {
  const found = infoData(link.linkinfo, names);
  return found && { value: found[0], fields: found[1] as Fields<object> };
}
