import type { FirewallRule } from '../../../../../lib/network/firewall/rules/firewall-rule.js';
import type { FirewallFamily } from '../../../../../lib/network/firewall/rules/rule-context.js';

/** A rule, the text for `nft`, and the form in which the rule is read, if it is another one. */
export type RuleRow = readonly [rule: FirewallRule, text: string, read?: FirewallRule];

/** A chain with rules. */
export interface Scene {
  readonly family: FirewallFamily;
  /** The declaration of a base chain. */
  readonly chain?: string;
  readonly rows: readonly RuleRow[];
}
