import type { ExprAttrsInput, SetAttrsInput, SetelemAttrsInput } from '../../../families/nftables.js';
import type { DataType } from '../data/data-type.js';

/** One expression of a rule in the engine's words: `{ name: 'counter', data: {} }`. @public */
export type RuleExpression = ExprAttrsInput;

/** The family of a table. @public */
export type FirewallFamily = 'inet' | 'ip' | 'ip6' | 'arp' | 'bridge' | 'netdev';

/** The kind of an object that a rule names. @internal */
export type ObjectKindName =
  'counter' | 'quota' | 'ct-helper' | 'limit' | 'connlimit' | 'tunnel' | 'ct-timeout' | 'secmark' | 'ct-expect' | 'synproxy';

/** A named set or map, as rules need it. @internal */
export interface RuleSet {
  /** The type of the key; several of a concatenation. */
  readonly type: DataType | readonly DataType[];
  /** True if the set has intervals: its keys are in network order. */
  readonly isInterval: boolean;
  /** The type of the values of a map, or of the objects that it names; undefined for a set. */
  readonly data?: DataType | readonly DataType[] | 'verdict' | ObjectKindName;
  /** True if the values of a map are intervals. */
  readonly isDataInterval?: boolean;
}

/** The surroundings of a rule. @internal */
export interface RuleContext {
  readonly family: FirewallFamily;
  /** Returns a named set or map of the table. */
  set(name: string): RuleSet | undefined;
}

/**
 * A set or a map without a name of its own, which a rule uses.
 *
 * One that is compiled has the name `__set%d` or `__map%d`, and a `lookup` names it by `set` and `setId`. One that was read has the kernel's name,
 * such as `__set0`, and the `lookup` names it by `set`.
 *
 * @internal
 */
export type AnonymousSet = ExpressionSet;

/** A set or a map without a name, in the engine's words. @public */
export interface ExpressionSet {
  /** The number that names the set in one rule; 0 for a set that was read. A transaction with several rules must renumber. */
  readonly id: number;
  /** The request for `newset` without its table. It contains the name and the `id`. */
  readonly set: SetAttrsInput;
  /** The elements, for `newsetelem`. */
  readonly elements: readonly SetelemAttrsInput[];
}

/** The expressions of a rule, and the anonymous sets that they name. @internal */
export interface CompiledRule {
  readonly expressions: readonly RuleExpression[];
  readonly sets: readonly AnonymousSet[];
}
