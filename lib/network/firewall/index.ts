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

/* Verbs */
export { type FirewallVerbs } from './verbs/firewall-verbs.js';
export { type FirewallCounter } from './verbs/read-counters.js';
export { type SetEntry } from './verbs/set-entry.js';
export { type FirewallSet, type FirewallSetKey } from './verbs/set-verbs.js';
