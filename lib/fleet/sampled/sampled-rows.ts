/** The name of a counter of a link: a field of `struct rtnl_link_stats64`. @public */
export type LinkCounterName =
  | 'rxPackets'
  | 'txPackets'
  | 'rxBytes'
  | 'txBytes'
  | 'rxErrors'
  | 'txErrors'
  | 'rxDropped'
  | 'txDropped'
  | 'multicast'
  | 'collisions'
  | 'rxLengthErrors'
  | 'rxOverErrors'
  | 'rxCrcErrors'
  | 'rxFrameErrors'
  | 'rxFifoErrors'
  | 'rxMissedErrors'
  | 'txAbortedErrors'
  | 'txCarrierErrors'
  | 'txFifoErrors'
  | 'txHeartbeatErrors'
  | 'txWindowErrors'
  | 'rxCompressed'
  | 'txCompressed'
  | 'rxNohandler'
  | 'rxOtherhostDropped';

/** The counters of a link, with 64 bits each (`IFLA_STATS64`). `rxOtherhostDropped` is 0 before Linux 5.19. @public */
export interface LinkCounters extends Readonly<Record<LinkCounterName, bigint>> {
  /** The index of the link: that of its row in the table `links`. */
  readonly ifiIndex: number;
  /** The name of the link. */
  readonly ifname: string;
}

/** The number of sockets of one protocol, address family and state; there is no row for 0. @public */
export interface SocketCount {
  /** The protocol. */
  readonly protocol: 'tcp' | 'udp' | 'raw' | 'unix';
  /** The version of IP; `unix` for a Unix socket. */
  readonly addressFamily: 'ipv4' | 'ipv6' | 'unix';
  /** The state in the kernel's words: that of a UDP socket is `close` (`UNCONN` of `ss`), or `established` if it has a peer. A state without a name is its number. */
  readonly state: string | number;
  /** The number of sockets. */
  readonly count: number;
}

/** The counters of connection tracking of one processor, as `conntrack -S` prints them. They have 32 bits. @public */
export interface ConntrackStatistics {
  /** The number of the processor. */
  readonly cpu: number;
  /** Searches that found an entry. */
  readonly found?: number;
  /** Packets that cannot be tracked. */
  readonly invalid?: number;
  /** Entries that were inserted. */
  readonly insert?: number;
  /** Entries that were not inserted, because the same one existed. */
  readonly insertFailed?: number;
  /** Packets that were dropped because their connection could not be tracked. */
  readonly drop?: number;
  /** Entries that were deleted to make room for others. */
  readonly earlyDrop?: number;
  /** Packets whose connection could not be tracked because of an error in them. */
  readonly error?: number;
  /** Searches that began again because the table changed its size. */
  readonly searchRestart?: number;
  /** Connections of two packets at the same time that became one entry. */
  readonly clashResolve?: number;
  /** Entries that were not inserted because too many had the same place in the table. */
  readonly chainToolong?: number;
}

/** The value of a counter of nftables. @public */
export interface FirewallCount {
  /** The name: `counter inet app k` for a counter with a name, `rule inet app in: ssh` for a rule with a comment. */
  readonly name: string;
  /** The packets. */
  readonly packets: bigint;
  /** Their bytes. */
  readonly bytes: bigint;
}

/** The rows of the sampled tables, by the name of the table. @public */
export interface SampledRows {
  /** The counters of each link. */
  'link-counters': LinkCounters;
  /** The number of sockets by state. */
  sockets: SocketCount;
  /** The counters of connection tracking of each processor. */
  'conntrack-statistics': ConntrackStatistics;
  /** The counters of nftables. */
  'firewall-counters': FirewallCount;
}

/** A table of values for which the kernel sends no events: an agent reads it at an interval. @public */
export type SampledTableName = keyof SampledRows;

/** The names of the sampled tables. @internal */
export const SAMPLED_TABLES: readonly SampledTableName[] = ['link-counters', 'sockets', 'conntrack-statistics', 'firewall-counters'];

/** The part of the subject that other tables have their family in. @internal */
export const SAMPLED = 'sampled';

/** Returns true for the name of a sampled table. @internal */
export function isSampledTable(name: string): name is SampledTableName {
  return (SAMPLED_TABLES as readonly string[]).includes(name);
}
