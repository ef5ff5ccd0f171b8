import { IfinfoFlags, rtLinkSchema } from '../../../families/generated/rt-link.js';

/** The facts about the links of one kind. @internal */
export interface KindFacts {
  /** IFF_* that a new link has. */
  readonly flags: number;
  readonly mtu: number;
  readonly minMtu: number;
  readonly maxMtu: number;
  /** A new link has a carrier, and its state is `unknown` until that changes. */
  readonly startsWithCarrier: boolean;
  /** Its driver cannot change its address. */
  readonly hasFixedMac?: true;
  /** It stays in its namespace. */
  readonly isImmovable?: true;
  /** It can have ports, whose attributes a reader finds in `slaveData`. */
  readonly isMaster?: true;
  /** It needs a parent, and follows its carrier. */
  readonly needsParent?: true;
  /** Options that a new link reads, with the values of the kernel. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** The attributes of a new port. */
  readonly portData?: Readonly<Record<string, unknown>>;
}

const { Broadcast, Multicast, NoArp } = IfinfoFlags;

/** ETH_MIN_MTU and ETH_MAX_MTU. */
const ETHERNET = { flags: Broadcast | Multicast, mtu: 1500, minMtu: 68, maxMtu: 65_535, startsWithCarrier: true } as const;

/** The options of a new bridge, from a dump of Linux 6.18; timers and ids of trees are omitted. */
const BRIDGE = {
  forwardDelay: 1500,
  helloTime: 200,
  maxAge: 2000,
  ageingTime: 30_000,
  stpState: 0,
  priority: 32_768,
  vlanFiltering: 0,
  groupFwdMask: 0,
  rootPort: 0,
  rootPathCost: 0,
  topologyChange: 0,
  topologyChangeDetected: 0,
  groupAddr: '01:80:c2:00:00:00',
  fdbMaxLearned: 0,
  mcastRouter: 1,
  mcastSnooping: 1,
  mcastQueryUseIfaddr: 0,
  mcastQuerier: 0,
  mcastStatsEnabled: 0,
  mcastHashElasticity: 16,
  mcastHashMax: 4096,
  mcastLastMemberCnt: 2,
  mcastStartupQueryCnt: 2,
  mcastIgmpVersion: 2,
  mcastMldVersion: 1,
  mcastLastMemberIntvl: 100n,
  mcastMembershipIntvl: 26_000n,
  mcastQuerierIntvl: 25_500n,
  mcastQueryIntvl: 12_500n,
  mcastQueryResponseIntvl: 1000n,
  mcastStartupQueryIntvl: 3124n,
  nfCallIptables: 0,
  nfCallIp6tables: 0,
  nfCallArptables: 0,
};

const BRIDGE_PORT = {
  state: 'disabled',
  priority: 32,
  cost: 2,
  mode: 0,
  guard: 0,
  protect: 0,
  fastLeave: 0,
  mcastToUcast: 0,
  learning: 1,
  unicastFlood: 1,
  mcastFlood: 1,
  bcastFlood: 1,
  proxyarp: 0,
  proxyarpWifi: 0,
  vlanTunnel: 0,
  groupFwdMask: 0,
  neighSuppress: 0,
  isolated: 0,
  locked: 0,
  mab: 0,
  neighVlanSuppress: 0,
  multicastRouter: 1,
  mcastEhtHostsLimit: 512,
  mcastMaxGroups: 0,
};

const STACKED: KindFacts = { ...ETHERNET, startsWithCarrier: false, needsParent: true };

const KINDS: Readonly<Record<string, KindFacts>> = {
  bridge: { ...ETHERNET, isMaster: true, isImmovable: true, data: BRIDGE, portData: BRIDGE_PORT },
  bond: { ...ETHERNET, isMaster: true, portData: {} },
  team: { ...ETHERNET, isMaster: true, isImmovable: true },
  vrf: { ...ETHERNET, isMaster: true, isImmovable: true },
  veth: { ...ETHERNET, startsWithCarrier: false },
  ifb: { ...ETHERNET, flags: Broadcast | NoArp, minMtu: 0, maxMtu: 0, hasFixedMac: true },
  dummy: { ...ETHERNET, flags: Broadcast | NoArp, minMtu: 0, maxMtu: 0 },
  vlan: STACKED,
  macvlan: STACKED,
  macvtap: STACKED,
  ipvlan: STACKED,
  macsec: STACKED,
};

/** Returns the facts about a kind; those of an Ethernet link if the fake network has no rules for it. @internal */
export function kindFacts(kind: string | undefined): KindFacts {
  return (kind === undefined ? undefined : KINDS[kind]) ?? ETHERNET;
}

/** Returns true for the kinds that the family rt-link describes; any of them can be made, with its options. @internal */
export function isKnownKind(kind: string): boolean {
  const message = rtLinkSchema.subMessages.find(({ name }) => name === 'linkinfo-data-msg');
  return message?.formats.some(({ value }) => value === kind) === true;
}

/** The facts about the loopback link. @internal */
export const LOOPBACK: KindFacts = { ...ETHERNET, flags: IfinfoFlags.Loopback, mtu: 65_536, minMtu: 0, maxMtu: 0, isImmovable: true };
