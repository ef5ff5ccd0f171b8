import type { Match } from './match.js';
import type { RuleExpression, ExpressionSet } from './rule-context.js';
import type { Statement } from './statement.js';

/** A rule that is written as matches and statements. @public */
export interface StatementRule {
  /** Text that `nft` prints behind the rule; at most 250 bytes. In its chain, it is the identity of the rule. */
  readonly comment?: string;
  /** The conditions; a packet must meet all of them. */
  readonly when?: readonly Match[];
  /** The statements, in order. An empty list does nothing. */
  readonly then: Statement | readonly Statement[];
  /** Belongs to the other form of a rule. */
  readonly expressions?: never;
}

/** A rule in the engine's words, for what matches and statements cannot express. @public */
export interface ExpressionRule {
  /** Text that `nft` prints behind the rule; at most 250 bytes. In its chain, it is the identity of the rule. */
  readonly comment?: string;
  /** Belongs to the other form of a rule. */
  readonly when?: never;
  /** Belongs to the other form of a rule. */
  readonly then?: never;
  /** The expressions that the kernel runs. */
  readonly expressions: readonly RuleExpression[];
  /** The anonymous sets that expressions name by `set` (or `setName`) and `setId`. */
  readonly sets?: readonly ExpressionSet[];
}

/** A rule of a chain. @public */
export type FirewallRule = StatementRule | ExpressionRule;
