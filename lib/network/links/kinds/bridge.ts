import type { Read, Written } from '../../common/written.js';
import { boolean } from '../../fields/check.js';
import { clock, computed, macAddress, number, numbered, plain, toggle, type Option } from '../../fields/option.js';
import { joinBits, splitBits, type Bits } from './bits.js';
import type { Kind } from './kind.js';
import { vlanProtocolOption, type VlanProtocol } from './vlan-protocol.js';

/** The way in which a bridge or a port finds multicast routers. @public */
export type MulticastRouter = 'never' | 'learn' | 'always' | number;

/** The options of a bridge (`IFLA_BR_*`). @public */
export interface BridgeOptions<U extends Written = Read> {
  /** The spanning tree protocol is on (`IFLA_BR_STP_STATE`). */
  readonly stp?: boolean;
  /** The time in the states listening and learning (`IFLA_BR_FORWARD_DELAY`). */
  readonly forwardDelay?: U['time'];
  /** The interval of hello packets (`IFLA_BR_HELLO_TIME`). */
  readonly helloTime?: U['time'];
  /** The time after which a silent root bridge is dropped (`IFLA_BR_MAX_AGE`). */
  readonly maxAge?: U['time'];
  /** The time after which a learned address is dropped (`IFLA_BR_AGEING_TIME`). */
  readonly ageing?: U['time'];
  /** The priority of the bridge (`IFLA_BR_PRIORITY`). */
  readonly priority?: number;
  /** The bridge filters by VLAN (`IFLA_BR_VLAN_FILTERING`). */
  readonly vlanFiltering?: boolean;
  /** The EtherType of the VLAN tags (`IFLA_BR_VLAN_PROTOCOL`). */
  readonly vlanProtocol?: VlanProtocol;
  /** The VLAN that new ports get as untagged PVID; 0 for none (`IFLA_BR_VLAN_DEFAULT_PVID`). */
  readonly vlanDefaultPvid?: number;
  /** The bridge counts packets by VLAN (`IFLA_BR_VLAN_STATS_ENABLED`). */
  readonly vlanStatistics?: boolean;
  /** The bridge counts packets by port and VLAN (`IFLA_BR_VLAN_STATS_PER_PORT`). */
  readonly vlanStatisticsPerPort?: boolean;
  /** Bit n: the bridge forwards frames to 01:80:c2:00:00:0n (`IFLA_BR_GROUP_FWD_MASK`). */
  readonly groupForwardMask?: number;
  /** The multicast address of the spanning tree protocol (`IFLA_BR_GROUP_ADDR`). */
  readonly groupAddress?: string;
  /** The largest number of learned addresses; 0 for no limit (`IFLA_BR_FDB_MAX_LEARNED`). */
  readonly maxLearned?: number;
  /** The bridge itself as a multicast router (`IFLA_BR_MCAST_ROUTER`). */
  readonly multicastRouter?: MulticastRouter;
  /** IGMP and MLD snooping (`IFLA_BR_MCAST_SNOOPING`). */
  readonly multicastSnooping?: boolean;
  /** The bridge sends queries (`IFLA_BR_MCAST_QUERIER`). */
  readonly multicastQuerier?: boolean;
  /** Queries have the address of the bridge as source (`IFLA_BR_MCAST_QUERY_USE_IFADDR`). */
  readonly multicastQueryUseAddress?: boolean;
  /** The size of the multicast table (`IFLA_BR_MCAST_HASH_MAX`). */
  readonly multicastHashMax?: number;
  /** The number of queries after a leave message (`IFLA_BR_MCAST_LAST_MEMBER_CNT`). */
  readonly multicastLastMemberCount?: number;
  /** The number of queries at the start (`IFLA_BR_MCAST_STARTUP_QUERY_CNT`). */
  readonly multicastStartupQueryCount?: number;
  /** The interval of queries after a leave message (`IFLA_BR_MCAST_LAST_MEMBER_INTVL`). */
  readonly multicastLastMemberInterval?: U['time'];
  /** The lifetime of a membership (`IFLA_BR_MCAST_MEMBERSHIP_INTVL`). */
  readonly multicastMembershipInterval?: U['time'];
  /** The lifetime of another querier (`IFLA_BR_MCAST_QUERIER_INTVL`). */
  readonly multicastQuerierInterval?: U['time'];
  /** The interval of queries (`IFLA_BR_MCAST_QUERY_INTVL`). */
  readonly multicastQueryInterval?: U['time'];
  /** The longest delay of an answer (`IFLA_BR_MCAST_QUERY_RESPONSE_INTVL`). */
  readonly multicastQueryResponseInterval?: U['time'];
  /** The interval of queries at the start (`IFLA_BR_MCAST_STARTUP_QUERY_INTVL`). */
  readonly multicastStartupQueryInterval?: U['time'];
  /** The bridge counts multicast packets (`IFLA_BR_MCAST_STATS_ENABLED`). */
  readonly multicastStatistics?: boolean;
  /** The version of IGMP: 2 or 3 (`IFLA_BR_MCAST_IGMP_VERSION`). */
  readonly igmpVersion?: number;
  /** The version of MLD: 1 or 2 (`IFLA_BR_MCAST_MLD_VERSION`). */
  readonly mldVersion?: number;
  /** Bridged IPv4 packets pass iptables (`IFLA_BR_NF_CALL_IPTABLES`). */
  readonly callIptables?: boolean;
  /** Bridged IPv6 packets pass ip6tables (`IFLA_BR_NF_CALL_IP6TABLES`). */
  readonly callIp6tables?: boolean;
  /** Bridged ARP packets pass arptables (`IFLA_BR_NF_CALL_ARPTABLES`). */
  readonly callArptables?: boolean;
  /** The bridge learns no addresses from link-local frames (`BR_BOOLOPT_NO_LL_LEARN`). */
  readonly noLinkLocalLearn?: boolean;
  /** Multicast snooping by VLAN (`BR_BOOLOPT_MCAST_VLAN_SNOOPING`). */
  readonly multicastVlanSnooping?: boolean;
  /** Multiple spanning trees; only while the bridge has no VLANs (`BR_BOOLOPT_MST_ENABLE`). */
  readonly mst?: boolean;
  /** Read only: the priority and the address of the root bridge, as `8000.02:00:00:00:00:01` (`IFLA_BR_ROOT_ID`). */
  readonly rootId?: string;
  /** Read only: the priority and the address of this bridge (`IFLA_BR_BRIDGE_ID`). */
  readonly bridgeId?: string;
  /** Read only: the number of the port to the root bridge; absent on the root bridge (`IFLA_BR_ROOT_PORT`). */
  readonly rootPort?: number;
  /** Read only: the cost of the path to the root bridge (`IFLA_BR_ROOT_PATH_COST`). */
  readonly rootPathCost?: number;
  /** Read only: the topology changes, and `ageing` is twice the `forwardDelay` until it has changed (`IFLA_BR_TOPOLOGY_CHANGE`). */
  readonly topologyChange?: boolean;
}

/** Bits of struct br_boolopt_multi. */
const SWITCHES: Bits = { noLinkLocalLearn: 1, multicastVlanSnooping: 2, mst: 4 };

/** MDB_RTR_TYPE_*. @internal */
export const MULTICAST_ROUTER: Readonly<Record<'never' | 'learn' | 'always', number>> = { never: 0, learn: 1, always: 2 };

/** A bridge ID, which only readers return. @internal */
export function bridgeIdOption(attribute: string): Option {
  const read = (value: unknown): string => {
    const { prio, addr } = value as { readonly prio: number; readonly addr: string };
    return `${prio.toString(16).padStart(4, '0')}.${addr}`;
  };
  return { ...plain(attribute, (value) => value, { out: true }), read };
}

const wide = { bigint: true };

/** The kind `bridge`. @internal */
export const bridge: Kind<BridgeOptions> = {
  options: {
    stp: toggle('stpState'),
    forwardDelay: clock('forwardDelay'),
    helloTime: clock('helloTime'),
    maxAge: clock('maxAge'),
    ageing: clock('ageingTime'),
    priority: number('priority', 0xffff),
    vlanFiltering: toggle('vlanFiltering', { initial: false }),
    vlanProtocol: vlanProtocolOption('vlanProtocol', { initial: '802.1q' }),
    vlanDefaultPvid: number('vlanDefaultPvid', 4094, { initial: 1 }),
    vlanStatistics: toggle('vlanStatsEnabled', { initial: false }),
    vlanStatisticsPerPort: toggle('vlanStatsPerPort', { initial: false }),
    groupForwardMask: number('groupFwdMask', 0xffff, { initial: 0 }),
    groupAddress: macAddress('groupAddr', { initial: '01:80:c2:00:00:00' }),
    maxLearned: number('fdbMaxLearned', 0xffff_ffff, { initial: 0 }),
    multicastRouter: numbered('mcastRouter', MULTICAST_ROUTER, { initial: 'learn' }),
    multicastSnooping: toggle('mcastSnooping', { initial: true }),
    multicastQuerier: toggle('mcastQuerier', { initial: false }),
    multicastQueryUseAddress: toggle('mcastQueryUseIfaddr', { initial: false }),
    multicastHashMax: number('mcastHashMax', 0xffff_ffff, { initial: 4096 }),
    multicastLastMemberCount: number('mcastLastMemberCnt', 0xffff_ffff, { initial: 2 }),
    multicastStartupQueryCount: number('mcastStartupQueryCnt', 0xffff_ffff, { initial: 2 }),
    multicastLastMemberInterval: clock('mcastLastMemberIntvl', { ...wide, initial: 1000 }),
    multicastMembershipInterval: clock('mcastMembershipIntvl', { ...wide, initial: 260_000 }),
    multicastQuerierInterval: clock('mcastQuerierIntvl', { ...wide, initial: 255_000 }),
    multicastQueryInterval: clock('mcastQueryIntvl', { ...wide, initial: 125_000 }),
    multicastQueryResponseInterval: clock('mcastQueryResponseIntvl', { ...wide, initial: 10_000 }),
    multicastStartupQueryInterval: clock('mcastStartupQueryIntvl', { ...wide, initial: 31_250 }),
    multicastStatistics: toggle('mcastStatsEnabled', { initial: false }),
    igmpVersion: number('mcastIgmpVersion', 3, { initial: 2 }, 2),
    mldVersion: number('mcastMldVersion', 2, { initial: 1 }, 1),
    callIptables: toggle('nfCallIptables', { initial: false }),
    callIp6tables: toggle('nfCallIp6tables', { initial: false }),
    callArptables: toggle('nfCallArptables', { initial: false }),
    noLinkLocalLearn: computed('noLinkLocalLearn', boolean, { initial: false }),
    multicastVlanSnooping: computed('multicastVlanSnooping', boolean, { initial: false }),
    mst: computed('mst', boolean, { initial: false }),
    rootId: bridgeIdOption('rootId'),
    bridgeId: bridgeIdOption('bridgeId'),
    rootPort: { ...number('rootPort', 0xffff, { out: true }), read: (value) => (value === 0 ? undefined : value) },
    rootPathCost: number('rootPathCost', 0xffff_ffff, { out: true }),
    topologyChange: toggle('topologyChange', { out: true }),
  },
  fromData: (data) => splitBits(data, (data['multiBoolopt'] as { readonly optval: number } | undefined)?.optval, SWITCHES),
  toData: (data) => {
    const { value, mask, others } = joinBits(data, SWITCHES);
    return mask === 0 ? others : { ...others, multiBoolopt: { optval: value, optmask: mask } };
  },
};
