import type { ObjectType } from '../../families/nftables.js';
import type { Written } from '../common/written.js';
import type { Selector } from './rules/expression.js';
import type { FirewallRule } from './rules/firewall-rule.js';
import type { MatchField } from './rules/match.js';
import type { FirewallFamily, RuleExpression } from './rules/rule-context.js';

/**
 * A firewall as a document: the tables of nftables that it owns.
 *
 * Tables that the document does not list are never changed.
 *
 * @public
 */
export interface Firewall<U extends Written = Written> {
  /** The tables, each with its whole contents. */
  readonly tables: readonly (FirewallTable<U> | AbsentFirewallTable)[];
}

/** The identity of a table; names are unique in a family only. @public */
export interface FirewallTableKey {
  /** The protocols of the table. */
  readonly family: FirewallFamily;
  /** The name of the table. */
  readonly name: string;
}

/** A table that must not exist. @public */
export interface AbsentFirewallTable extends FirewallTableKey {
  /** Deletes the table with all its contents. */
  readonly absent: true;
}

/**
 * A table with its contents.
 *
 * The document owns the table: what it omits is deleted, except the elements of sets whose `elements` are omitted.
 *
 * @public
 */
export interface FirewallTable<U extends Written = Written> extends FirewallTableKey {
  /** A comment; `nft` prints it. Another comment needs a new table in the same transaction: the kernel cannot change it. */
  readonly comment?: string;
  /** Takes the table out of the path of packets. */
  readonly dormant?: boolean;
  /**
   * The extent of the ownership: `'listed'` leaves chains, sets, maps, objects and flowtables alone that the document does not list, and the
   * rules of chains without `rules`.
   * @defaultValue `'table'`
   */
  readonly owns?: 'table' | 'listed';
  /** The chains. */
  readonly chains?: readonly FirewallChain[];
  /** The sets with a name. */
  readonly sets?: readonly NamedSet<U>[];
  /** The maps with a name. */
  readonly maps?: readonly NamedMap<U>[];
  /** The counters with a name. */
  readonly counters?: readonly NamedCounter[];
  /** The quotas with a name. */
  readonly quotas?: readonly NamedQuota<U>[];
  /** The limits with a name. */
  readonly limits?: readonly NamedLimit[];
  /** Other objects with a name, in the engine's words. */
  readonly objects?: readonly FirewallObject[];
  /** The flowtables. */
  readonly flowtables?: readonly Flowtable[];
}

/** The kind of a base chain. @public */
export type FirewallChainType = 'filter' | 'nat' | 'route';

/** The place in the path of packets at which a base chain runs. @public */
export type FirewallHook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting' | 'ingress' | 'egress';

/** A chain; one with a hook is a base chain. @public */
export interface FirewallChain {
  /** The name of the chain. */
  readonly name: string;
  /** A comment; `nft` prints it. */
  readonly comment?: string;
  /**
   * The kind of a base chain.
   * @defaultValue `'filter'`
   */
  readonly type?: FirewallChainType;
  /** The place in the path of packets; omitted for a chain that rules jump to. */
  readonly hook?: FirewallHook;
  /**
   * The order of chains of one hook, the lowest first: a number or a name of `nft`, such as `'filter'` or `'dstnat - 5'`.
   * @defaultValue 0
   */
  readonly priority?: number | string;
  /**
   * The verdict for packets that pass all rules.
   * @defaultValue `'accept'`
   */
  readonly policy?: 'accept' | 'drop';
  /** The link whose packets the chain sees, for `ingress` and `egress`. */
  readonly device?: string;
  /** Several such links. */
  readonly devices?: readonly string[];
  /** Offloads the rules to the hardware. */
  readonly offload?: boolean;
  /** The rules, in order. Without them, the chain is emptied, except in a table with `owns: 'listed'`: there, the rules that are in it stay. */
  readonly rules?: readonly FirewallRule[];
}

/** A property of a set. @public */
export type SetFlag = 'interval' | 'timeout' | 'dynamic' | 'constant';

/** The key of an element: text, a number, or the fields of a concatenation. `'*'` matches what no other element matches. @public */
export type SetValue = string | number | readonly (string | number)[];

/**
 * The type of fields of packets: `{ typeof: 'vlan.id' }`, `{ typeof: ['ip.saddr', 'udp.dport'] }`. Fields without a named type have no other one.
 *
 * @public
 */
export interface TypeOf {
  /** A field in the short form of rules, a selector of libnftables-json, or several of them for a concatenation. */
  readonly typeof: MatchField | Selector | { readonly concat: readonly Selector[] } | readonly (MatchField | Selector)[];
}

/** A time that is not whole seconds, as documents have it: `'1500ms'`. @public */
export type PartOfSecond = `${number}ms`;

/** The settings that sets and maps have in common. @public */
export interface SetSettings<U extends Written = Written> {
  /** The name of the set. */
  readonly name: string;
  /** The type of the keys, as `nft` names it: `'ipv4_addr'`; an array for a concatenation; or the fields that the keys are compared with. */
  readonly type: string | readonly string[] | TypeOf;
  /** A comment; `nft` prints it. */
  readonly comment?: string;
  /** The properties of the set. */
  readonly flags?: readonly SetFlag[];
  /** The time after which an element is removed, unless it has its own. A number is milliseconds, and whole seconds. */
  readonly timeout?: U['time'] | PartOfSecond;
  /** The time between two searches for elements that have expired. A number is milliseconds, and whole seconds. */
  readonly gcInterval?: U['time'] | PartOfSecond;
  /** The largest number of elements. */
  readonly size?: number;
  /** The kernel's choice of a data structure: `'memory'` needs less of it, and is slower. */
  readonly policy?: 'performance' | 'memory';
  /** Merges intervals that overlap or touch. */
  readonly autoMerge?: boolean;
  /** Statements that each new element gets, in the engine's words: a counter, a limit. */
  readonly statements?: readonly RuleExpression[];
}

/** The settings of an element. @public */
export interface ElementSettings<U extends Written = Written> {
  /** The key: `'10.0.0.0/8'`, `'1024-2048'`, `'10.0.0.1 . 80'`, `'*'`. */
  readonly value: SetValue;
  /** The time after which the element is removed; `null` for never. A number is milliseconds, and whole seconds. */
  readonly timeout?: U['time'] | U['none'] | PartOfSecond;
  /** A comment; `nft` prints it. */
  readonly comment?: string;
  /** Counts the packets that match the element. */
  readonly counter?: boolean;
}

/** An element of a set: its key, or an object with more settings. @public */
export type SetElement<U extends Written = Written> = SetValue | ElementSettings<U>;

/** A set with a name, to which rules refer as `'@name'`. @public */
export interface NamedSet<U extends Written = Written> extends SetSettings<U> {
  /** The elements; if omitted, the document declares the set only, and the elements are left alone. */
  readonly elements?: readonly SetElement<U>[];
}

/** An element of a map. @public */
export interface MapElement<U extends Written = Written> extends ElementSettings<U> {
  /** The value to which the key leads: of the map's `data` type, a verdict such as `'accept'`, or the name of an object. */
  readonly data: SetValue | { readonly jump: string } | { readonly goto: string };
}

/** A map with a name, which leads from keys to values, verdicts or objects. @public */
export interface NamedMap<U extends Written = Written> extends SetSettings<U> {
  /** The type of the values, as `nft` names it; `'verdict'`; or the type of the objects: `'counter'`, `'quota'`, `'limit'`. */
  readonly data: string | readonly string[] | TypeOf;
  /** True if the values are ranges or prefixes. */
  readonly dataInterval?: boolean;
  /** The elements; if omitted, the document declares the map only, and the elements are left alone. */
  readonly elements?: readonly MapElement<U>[];
}

/** A counter with a name. It keeps its value when rules are replaced. @public */
export interface NamedCounter {
  /** The name of the counter. */
  readonly name: string;
  /** A comment; `nft` prints it. */
  readonly comment?: string;
}

/** A quota with a name. @public */
export interface NamedQuota<U extends Written = Written> {
  /** The name of the quota. */
  readonly name: string;
  /** A comment; `nft` prints it. */
  readonly comment?: string;
  /** The bytes up to which it matches. */
  readonly bytes: U['size'];
  /** Matches what exceeds the bytes instead. */
  readonly over?: boolean;
}

/** A limit with a name. @public */
export interface NamedLimit {
  /** The name of the limit. */
  readonly name: string;
  /** A comment; `nft` prints it. */
  readonly comment?: string;
  /** Packets, or bytes by `unit`, in each `per`. */
  readonly rate: number;
  /**
   * The unit of `rate` and `burst`.
   * @defaultValue `'packets'`
   */
  readonly unit?: 'packets' | 'bytes';
  /**
   * The time in which the rate counts.
   * @defaultValue `'second'`
   */
  readonly per?: 'second' | 'minute' | 'hour' | 'day' | 'week';
  /**
   * Packets or bytes beyond the rate.
   * @defaultValue 5 packets, 0 bytes
   */
  readonly burst?: number;
  /** Matches what exceeds the rate instead. */
  readonly over?: boolean;
}

/** An object with a name, in the engine's words: a helper or a timeout of connection tracking, a synproxy. @public */
export interface FirewallObject {
  /** The name of the object. */
  readonly name: string;
  /** The kind of the object, in the engine's words: `'ct-helper'`. */
  readonly type: Exclude<ObjectType, 'counter' | 'quota' | 'limit' | 'unspec' | number>;
  /** A comment; `nft` prints it. */
  readonly comment?: string;
  /** Its settings, in the engine's words. */
  readonly data?: object;
}

/** A flowtable: connections in it bypass the rules. @public */
export interface Flowtable {
  /** The name of the flowtable. */
  readonly name: string;
  /**
   * The order among the chains of `ingress`, as in chains.
   * @defaultValue 0
   */
  readonly priority?: number | string;
  /** The links whose packets it sees. */
  readonly devices?: readonly string[];
  /** Counts the packets of its connections. */
  readonly counter?: boolean;
  /** Offloads connections to the hardware. */
  readonly offload?: boolean;
}
