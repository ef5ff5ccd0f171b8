import type { FirewallRule } from '../rules/firewall-rule.js';
import type { RuleContext, RuleExpression } from '../rules/rule-context.js';
import type { FoundRule } from '../state/found-table.js';

/** Returns a rule of a document as one line: the names of its expressions. @internal */
export function ruleText({ expressions = [] }: FirewallRule): string {
  return expressionsText(expressions);
}

/** Returns a rule of the kernel as one line. @internal */
export function foundRuleText({ expressions }: FoundRule, _context: RuleContext): string {
  return expressionsText(expressions);
}

function expressionsText(expressions: readonly RuleExpression[]): string {
  return expressions.length === 0 ? 'nothing' : expressions.map(({ name }) => name).join(' ');
}
