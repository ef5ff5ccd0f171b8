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
  type PartOfSecond,
  type SetElement,
  type SetFlag,
  type SetSettings,
  type SetValue,
  type TypeOf,
} from './firewall.js';

/* Rules */
export { type ExpressionRule, type FirewallRule, type StatementRule } from './rules/firewall-rule.js';
export { type FirewallFamily, type ExpressionSet, type RuleExpression } from './rules/rule-context.js';
export { type Expression, type OptionField, type Scalar, type Selector, type SetItem, type VerdictObject } from './rules/expression.js';
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
  type CtCountStatement,
  type DupStatement,
  type FlowStatement,
  type FwdStatement,
  type LimitStatement,
  type LogFlag,
  type LogStatement,
  type MangleStatement,
  type MapStatement,
  type NatFlag,
  type NatStatement,
  type NatTarget,
  type ObjectMap,
  type ObjectStatement,
  type QueueFlag,
  type QueueStatement,
  type QuotaStatement,
  type RatePeriod,
  type RejectStatement,
  type ResetStatement,
  type SetStatement,
  type Statement,
  type StatementName,
  type SynproxyFlag,
  type SynproxyStatement,
  type TproxyStatement,
  type VmapStatement,
} from './rules/statement.js';
export { type OptionSelector } from './rules/fields/field-names.js';
export { type RawField } from './rules/fields/field-names.js';
export { type RawBase } from './rules/fields/field-names.js';
export { type TunnelName } from './rules/fields/field-names.js';
export { type CtKey, type FibField, type MetaKey, type PayloadField, type PayloadFields } from './rules/fields/field-names.js';
export { type Verdict as FirewallVerdict } from './data/verdict.js';

/* Verbs */
export { type FirewallVerbs } from './verbs/firewall-verbs.js';
export { type FirewallCounter } from './verbs/read-counters.js';
export { type SetEntry } from './verbs/set-entry.js';
export { type FirewallSet, type FirewallSetKey } from './verbs/set-verbs.js';
