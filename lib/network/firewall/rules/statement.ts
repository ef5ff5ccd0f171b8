import type { Verdict } from '../data/verdict.js';
import type { Expression, Selector, VerdictObject } from './expression.js';
import type { FullMatch } from './match.js';

/** Flags of address translation. @public */
export type NatFlag = 'random' | 'fully-random' | 'persistent' | 'netmap';

/** Looks an object up in a map, by a value of the packet. @public */
export interface ObjectMap {
  /** The value, and the map. */
  readonly map: { readonly key: Expression; readonly data: Expression };
}

/** Counts packets: from 0, from a start, or in a named counter. @public */
export type CounterStatement = { readonly counter: null | string | ObjectMap | { readonly packets?: number; readonly bytes?: number } };

/** The period of a rate. @public */
export type RatePeriod = 'second' | 'minute' | 'hour' | 'day' | 'week';

/** Matches packets below a rate, or above it with `inv`. @public */
export interface LimitStatement {
  /** The rate, or the name of a limit. */
  readonly limit:
    | string
    | ObjectMap
    | {
        readonly rate: number;
        /** The unit of the rate; packets if omitted. */
        readonly rate_unit?: 'packets' | 'bytes' | 'kbytes' | 'mbytes';
        readonly per?: RatePeriod;
        readonly burst?: number;
        readonly burst_unit?: 'packets' | 'bytes' | 'kbytes' | 'mbytes';
        readonly inv?: boolean;
      };
}

/** Matches until a number of bytes has passed, or after that with `inv`. @public */
export interface QuotaStatement {
  /** The bytes, or the name of a quota. */
  readonly quota:
    | string
    | ObjectMap
    | {
        readonly val: number;
        readonly val_unit?: 'bytes' | 'kbytes' | 'mbytes';
        readonly used?: number;
        readonly used_unit?: 'bytes' | 'kbytes' | 'mbytes';
        readonly inv?: boolean;
      };
}

/** Writes packets to the log. @public */
export interface LogStatement {
  /** The settings of the entry; `null` for those of the kernel. */
  readonly log: null | {
    readonly prefix?: string;
    readonly group?: number;
    readonly snaplen?: number;
    readonly 'queue-threshold'?: number;
    readonly level?: 'emerg' | 'alert' | 'crit' | 'err' | 'warn' | 'notice' | 'info' | 'debug' | 'audit';
    readonly flags?: LogFlag | readonly LogFlag[];
  };
}

/** Details that a log entry contains. @public */
export type LogFlag = 'tcp sequence' | 'tcp options' | 'ip options' | 'skuid' | 'ether' | 'all';

/** Rejects packets with an answer. @public */
export interface RejectStatement {
  /** The answer; `null` for the usual one. */
  readonly reject: null | { readonly type?: 'icmp' | 'icmpv6' | 'icmpx' | 'tcp reset'; readonly expr?: Expression };
}

/** Gives packets to a program. @public */
export interface QueueStatement {
  /** The number of the queue, or a range of them; `null` for queue 0. */
  readonly queue: null | { readonly num?: Expression; readonly flags?: QueueFlag | readonly QueueFlag[] };
}

/** Flags of a queue. @public */
export type QueueFlag = 'bypass' | 'fanout';

/** The new address and port of translated packets. @public */
export interface NatTarget {
  /** The family of the address, in a table of the family `inet`. */
  readonly family?: 'ip' | 'ip6';
  /** An address, or a range of them. */
  readonly addr?: Expression;
  /** A port, or a range of them. */
  readonly port?: Expression;
  /** The choice among several; `'netmap'` keeps the bits of the address behind the prefix. */
  readonly flags?: NatFlag | readonly NatFlag[];
  /** The form of the values of a map, as `nft -j` prints it. `'prefix'` is the flag `'netmap'`; the others are not needed. */
  readonly type_flags?: 'prefix' | 'interval' | 'concat' | readonly ('prefix' | 'interval' | 'concat')[];
}

/** Translates addresses. @public */
export type NatStatement =
  | { readonly snat: NatTarget }
  | { readonly dnat: NatTarget }
  | { readonly masquerade: null | Pick<NatTarget, 'port' | 'flags'> }
  | { readonly redirect: null | Pick<NatTarget, 'port' | 'flags'> };

/** Writes a field of the packet or of its connection: of a header, an option of TCP, `meta`, or `ct`. @public */
export interface MangleStatement {
  /** The field, and its new value. The kernel corrects the checksums. */
  readonly mangle: { readonly key: Selector; readonly value: Expression };
}

/** Overwrites an option of TCP with padding. @public */
export interface ResetStatement {
  /** The option. */
  readonly reset: { readonly 'tcp option': { readonly name: string } };
}

/** Gives packets to a local socket that has another address or port than the packet. @public */
export interface TproxyStatement {
  /** The address and the port of the socket; those of the packet if omitted. */
  readonly tproxy: { readonly family?: 'ip' | 'ip6'; readonly addr?: Expression; readonly port?: Expression };
}

/** Sends a copy of packets to another address. @public */
export interface DupStatement {
  /** The address and the link, by its index. In a table of the family `netdev`, `addr` is the link. */
  readonly dup: { readonly addr: Expression; readonly dev?: Expression };
}

/** Sends packets to another link, in a table of the family `netdev`. @public */
export interface FwdStatement {
  /** The link, by its index, and the address of the next hop. */
  readonly fwd: { readonly dev: Expression; readonly family?: 'ip' | 'ip6'; readonly addr?: Expression };
}

/** A flag of a proxy of TCP handshakes. @public */
export type SynproxyFlag = 'timestamp' | 'sack-perm';

/** Answers handshakes of TCP for a server. @public */
export interface SynproxyStatement {
  /** The options that the server supports, or the name of an object. */
  readonly synproxy:
    null | string | { readonly mss?: number; readonly wscale?: number; readonly flags?: SynproxyFlag | readonly SynproxyFlag[] };
}

/** Uses an object with a name: a helper, a timeout or an expectation of connection tracking, a security mark, a tunnel. @public */
export type ObjectStatement =
  | { readonly 'ct helper': string | ObjectMap }
  | { readonly 'ct timeout': string | ObjectMap }
  | { readonly 'ct expectation': string | ObjectMap }
  | { readonly secmark: string | ObjectMap }
  | { readonly tunnel: string | ObjectMap };

/** Matches up to a number of connections, or beyond it with `inv`. @public */
export interface CtCountStatement {
  /** The number of connections. */
  readonly 'ct count': { readonly val: number; readonly inv?: boolean };
}

/** Looks a value up in a map of verdicts. @public */
export interface VmapStatement {
  /** The value, and the map. */
  readonly vmap: { readonly key: Expression; readonly data: Expression };
}

/** Adds an element to a set. @public */
export interface SetStatement {
  /** The set, and the element. */
  readonly set: {
    readonly op: 'add' | 'update' | 'delete';
    readonly elem:
      | Expression
      | {
          readonly elem: {
            readonly val: Expression;
            /** Seconds, as `nft -j` prints them, or text with a unit. */ readonly timeout?: number | string;
          };
        };
    readonly set: string;
    readonly stmt?: readonly Statement[];
  };
}

/** Adds an element with a value to a map. @public */
export interface MapStatement {
  /** The map, the key, and the value. */
  readonly map: Omit<SetStatement['set'], 'set'> & { readonly data: Expression; readonly map: string };
}

/** Sends packets of a connection past the rules. @public */
export interface FlowStatement {
  /** The flowtable, by its name. */
  readonly flow: { readonly op: 'add'; readonly flowtable: string };
}

/** A statement that is a name. @public */
export type StatementName =
  | 'accept'
  | 'drop'
  | 'continue'
  | 'return'
  | 'counter'
  | 'log'
  | 'reject'
  | 'queue'
  | 'masquerade'
  | 'redirect'
  | 'notrack'
  | 'synproxy'
  | 'last';

/** A statement of a rule: a name, or an object with one property. @public */
export type Statement =
  | StatementName
  | Exclude<Verdict, string>
  | VerdictObject
  | CounterStatement
  | LimitStatement
  | QuotaStatement
  | LogStatement
  | RejectStatement
  | QueueStatement
  | NatStatement
  | MangleStatement
  | VmapStatement
  | SetStatement
  | MapStatement
  | ResetStatement
  | TproxyStatement
  | DupStatement
  | FwdStatement
  | SynproxyStatement
  | ObjectStatement
  | CtCountStatement
  | { readonly last: null }
  | FlowStatement
  | { readonly notrack: null }
  | { readonly mark: Expression }
  | { readonly 'ct mark': Expression }
  | FullMatch;
