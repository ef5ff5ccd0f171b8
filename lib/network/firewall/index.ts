/* Documents */
export {
  type AbsentFirewallTable,
  type ElementSettings,
  type Firewall,
  type FirewallChain,
  type FirewallChainType,
  type FirewallHook,
  type FirewallObject,
  type FirewallTable,
  type FirewallTableKey,
  type Flowtable,
  type MapElement,
  type NamedCounter,
  type NamedLimit,
  type NamedMap,
  type NamedQuota,
  type NamedSet,
  type SetElement,
  type SetFlag,
  type SetSettings,
  type SetValue,
} from './firewall.js';

/* Rules */
export { type ExpressionRule, type FirewallRule, type StatementRule } from './rules/firewall-rule.js';
export { type FirewallFamily, type ExpressionSet, type RuleExpression } from './rules/rule-context.js';
export { type Expression, type Scalar, type Selector, type SetItem, type VerdictObject } from './rules/expression.js';
export {
  type FieldMatch,
  type FullMatch,
  type Match,
  type MatchCondition,
  type MatchField,
  type MatchOperator,
  type MatchValue,
} from './rules/match.js';
export {
  type CounterStatement,
  type FlowStatement,
  type LimitStatement,
  type LogFlag,
  type LogStatement,
  type MangleStatement,
  type NatFlag,
  type NatStatement,
  type NatTarget,
  type QueueFlag,
  type QueueStatement,
  type QuotaStatement,
  type RatePeriod,
  type RejectStatement,
  type SegmentSize,
  type SetStatement,
  type Statement,
  type StatementName,
  type VmapStatement,
} from './rules/statement.js';
export { type CtKey, type FibField, type MetaKey, type PayloadField, type PayloadFields } from './rules/fields/field-names.js';
export { type Verdict as FirewallVerdict } from './data/verdict.js';

/* Verbs */
export { type FirewallVerbs } from './verbs/firewall-verbs.js';
export { type FirewallCounter } from './verbs/read-counters.js';
export { type SetEntry } from './verbs/set-entry.js';
export { type FirewallSet, type FirewallSetKey } from './verbs/set-verbs.js';
