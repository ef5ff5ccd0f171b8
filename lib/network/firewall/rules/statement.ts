import type { Verdict } from '../data/verdict.js';
import type { Expression, Selector, VerdictObject } from './expression.js';
import type { FullMatch } from './match.js';

/** Flags of address translation. @public */
export type NatFlag = 'random' | 'fully-random' | 'persistent';

/** Counts packets: from 0, from a start, or in a named counter. @public */
export type CounterStatement = { readonly counter: null | string | { readonly packets?: number; readonly bytes?: number } };

/** The period of a rate. @public */
export type RatePeriod = 'second' | 'minute' | 'hour' | 'day' | 'week';

/** Matches packets below a rate, or above it with `inv`. @public */
export interface LimitStatement {
  /** The rate, or the name of a limit. */
  readonly limit:
    | string
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
  /** The choice among several. */
  readonly flags?: NatFlag | readonly NatFlag[];
}

/** Translates addresses. @public */
export type NatStatement =
  | { readonly snat: NatTarget }
  | { readonly dnat: NatTarget }
  | { readonly masquerade: null | Pick<NatTarget, 'port' | 'flags'> }
  | { readonly redirect: null | Pick<NatTarget, 'port' | 'flags'> };

/** The option of TCP with the largest segment, which routers lower to the MTU of the route. @public */
export interface SegmentSize {
  /** The option and its field. */
  readonly 'tcp option': { readonly name: 'maxseg'; readonly field: 'size' };
}

/** Writes a field of the packet or of its connection. @public */
export interface MangleStatement {
  /** The field, and its new value. */
  readonly mangle: { readonly key: Selector | SegmentSize; readonly value: Expression };
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

/** Sends packets of a connection past the rules. @public */
export interface FlowStatement {
  /** The flowtable, by its name. */
  readonly flow: { readonly op: 'add'; readonly flowtable: string };
}

/** A statement that is a name. @public */
export type StatementName =
  'accept' | 'drop' | 'continue' | 'return' | 'counter' | 'log' | 'reject' | 'queue' | 'masquerade' | 'redirect' | 'notrack';

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
  | FlowStatement
  | { readonly notrack: null }
  | { readonly mark: Expression }
  | { readonly 'ct mark': Expression }
  | FullMatch;
