import { omitUndefined } from '../../../lib/check/index.js';
import type { LinkinfoBridgeAttrs } from '../../../lib/families/rt-link.js';
import { hex, within, type Fields } from './fields.js';

type BridgeId = NonNullable<LinkinfoBridgeAttrs['bridgeId']>;

/** iproute2 prints the bytes of the MAC address without leading zeros. */
const bridgeId = (id: BridgeId | undefined): string | undefined =>
  id && `${id.prio.toString(16).padStart(4, '0')}.${id.addr.replaceAll(/\b0/g, '')}`;
const seconds = (ticks: bigint | undefined): number => Number(ticks) / 100;

type Querier = NonNullable<LinkinfoBridgeAttrs['mcastQuerierState']>;

/** Returns the properties of the multicast querier. A bridge without a querier reports only the all-zeros address. */
function querier(version: 4 | 6, state: Querier = {}): object {
  const key = `mcast_querier_ipv${String(version)}`;
  const [address, port, timer] =
    version === 4 ? [state.ipAddress, state.ipPort, state.ipOtherTimer] : [state.ipv6Address, state.ipv6Port, state.ipv6OtherTimer];
  return {
    [`${key}_addr`]: address,
    ...omitUndefined({ [`${key}_port`]: port }),
    ...(timer === undefined ? {} : { [`${key}_other_timer`]: Number(timer) }),
  };
}

/** The properties of a bridge in `ip -d link`. */
export const BRIDGE: Fields<LinkinfoBridgeAttrs> = {
  forward_delay: (data) => data.forwardDelay,
  hello_time: (data) => data.helloTime,
  max_age: (data) => data.maxAge,
  ageing_time: (data) => data.ageingTime,
  stp_state: (data) => data.stpState,
  priority: (data) => data.priority,
  vlan_filtering: (data) => data.vlanFiltering,
  vlan_protocol: (data) => ({ '8021q': '802.1Q', '8021ad': '802.1ad' })[String(data.vlanProtocol)] ?? data.vlanProtocol,
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
  stp_mode: (data) => data.stpMode,
  vlan_default_pvid: (data) => data.vlanDefaultPvid,
  vlan_stats_enabled: (data) => data.vlanStatsEnabled,
  vlan_stats_per_port: (data) => data.vlanStatsPerPort,
  // printf's %#x omits the prefix of zero
  group_fwd_mask: (data) => (data.groupFwdMask === 0 ? '0' : hex(data.groupFwdMask ?? -1)),
  group_addr: (data) => data.groupAddr,
  mcast_snooping: (data) => data.mcastSnooping,
  // BR_BOOLOPT_NO_LL_LEARN, _MCAST_VLAN_SNOOPING, _MST_ENABLE, _MDB_OFFLOAD_FAIL_NOTIFICATION, _FDB_LOCAL_VLAN_0 of uapi/linux/if_bridge.h
  no_linklocal_learn: (data) => (data.multiBoolopt?.optval ?? -1) & 1,
  mcast_vlan_snooping: (data) => ((data.multiBoolopt?.optval ?? -1) >> 1) & 1,
  mst_enabled: (data) => ((data.multiBoolopt?.optval ?? -1) >> 2) & 1,
  mdb_offload_fail_notification: (data) => ((data.multiBoolopt?.optval ?? -1) >> 3) & 1,
  fdb_local_vlan_0: (data) => ((data.multiBoolopt?.optval ?? -1) >> 4) & 1,
  mcast_router: (data) => data.mcastRouter,
  mcast_querier_state_ipv4: ({ mcastQuerierState: state }) => querier(4, state),
  mcast_querier_state_ipv6: ({ mcastQuerierState: state }) => querier(6, state),
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

type Port = Readonly<Record<string, unknown>>;
const flag =
  (name: string) =>
  (port: Port): boolean =>
    port[name] === 1;
const number =
  (name: string) =>
  (port: Port): number =>
    Number(port[name]);

/** The properties of a bridge port in `ip -d link`. */
export const BRIDGE_PORT: Fields<Port> = {
  state: (port) => port['state'],
  priority: number('priority'),
  cost: number('cost'),
  hairpin: flag('mode'),
  guard: flag('guard'),
  root_block: flag('protect'),
  fastleave: flag('fastLeave'),
  learning: flag('learning'),
  learning_sync: flag('learningSync'),
  flood: flag('unicastFlood'),
  id: (port) => hex(Number(port['id'])),
  no: (port) => hex(Number(port['no'])),
  designated_port: number('designatedPort'),
  designated_cost: number('designatedCost'),
  bridge_id: (port) => bridgeId(port['bridgeId'] as BridgeId),
  root_id: (port) => bridgeId(port['rootId'] as BridgeId),
  hold_timer: (port) => seconds(port['holdTimer'] as bigint),
  message_age_timer: (port) => seconds(port['messageAgeTimer'] as bigint),
  forward_delay_timer: (port) => seconds(port['forwardDelayTimer'] as bigint),
  topology_change_ack: number('topologyChangeAck'),
  config_pending: number('configPending'),
  proxy_arp: flag('proxyarp'),
  proxy_arp_wifi: flag('proxyarpWifi'),
  multicast_router: number('multicastRouter'),
  mcast_flood: flag('mcastFlood'),
  bcast_flood: flag('bcastFlood'),
  mcast_to_unicast: flag('mcastToUcast'),
  neigh_suppress: flag('neighSuppress'),
  neigh_vlan_suppress: flag('neighVlanSuppress'),
  neigh_forward_grat: flag('neighForwardGrat'),
  group_fwd_mask: (port) => Number(port['groupFwdMask']).toString(16),
  group_fwd_mask_str: (port) => hex(Number(port['groupFwdMask'])),
  vlan_tunnel: flag('vlanTunnel'),
  isolated: flag('isolated'),
  locked: flag('locked'),
  mab: flag('mab'),
  mcast_max_groups: number('mcastMaxGroups'),
  mcast_n_groups: number('mcastNGroups'),
};
