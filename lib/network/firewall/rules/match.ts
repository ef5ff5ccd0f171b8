import type { CtKey, FibField, MetaKey, PayloadField } from './fields/field-names.js';
import type { RawField } from './fields/field-names.js';
import type { Expression, Scalar } from './expression.js';

/** A field of a packet in the short form: nft's protocol or source, a dot, and nft's name; or raw bits, `'@th,16,16'`. @public */
export type MatchField = PayloadField | `meta.${MetaKey}` | `ct.${CtKey}` | FibField | RawField;

/**
 * The values that a field may have in the short form.
 *
 * A number or a name; a range `'1024-2048'`; a prefix `'10.0.0.0/8'`; the start of a name `'eth*'`; a named set `'@blocked'`; a list of values.
 *
 * @public
 */
export type MatchValue = Scalar | readonly Scalar[];

/** A value, or `{ not: value }`. @public */
export type MatchCondition = MatchValue | { readonly not: MatchValue };

/** Conditions in the short form: `{ 'tcp.dport': 22 }`. A packet must meet all of them. @public */
export type FieldMatch = { readonly [K in MatchField]?: MatchCondition } & { readonly match?: never };

/** The operators of a comparison. `in` tests flags, and is also what `nft -j` prints for sets. @public */
export type MatchOperator = '==' | '!=' | '<' | '>' | '<=' | '>=' | 'in' | '!';

/** A comparison in the form of libnftables-json(5). @public */
export interface FullMatch {
  /** The operator and both sides. */
  readonly match: { readonly op: MatchOperator; readonly left: Expression; readonly right: Expression };
}

/** A condition of a rule. @public */
export type Match = FieldMatch | FullMatch;
