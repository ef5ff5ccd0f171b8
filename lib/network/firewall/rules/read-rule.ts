import { FieldError } from '../../common/field-error.js';
import { compileRule } from './compile-rule.js';
import type { FirewallRule } from './firewall-rule.js';
import type { Match } from './match.js';
import { readExpressions } from './read/read-expressions.js';
import { fullMatch } from './read/read-match.js';
import type { ReadItem } from './read/rule-reader.js';
import { Unreadable } from './read/unreadable.js';
import { writableRule } from './read/writable-expressions.js';
import type { CompiledRule, RuleContext } from './rule-context.js';
import { normalText } from './same-expressions.js';
import type { Statement } from './statement.js';

/**
 * Reads a rule that the kernel has: as matches and statements, or as expressions if it has no such form.
 *
 * The result is compiled again and compared: a rule that is read is the rule that the kernel has.
 *
 * @param compiled - The expressions, and the anonymous sets that they name.
 * @param comment - The comment in the userdata of the rule.
 * @internal
 */
export function readRule(compiled: CompiledRule, comment: string | undefined, context: RuleContext): FirewallRule {
  const common = comment === undefined ? {} : { comment };
  let items: readonly ReadItem[];
  try {
    items = readExpressions(compiled, context);
  } catch (error) {
    if (error instanceof Unreadable) return { ...common, ...writableRule(compiled) };
    throw error;
  }
  const wanted = normalText(compiled);
  const isSame = (rule: FirewallRule): boolean => {
    try {
      return normalText(compileRule(rule, context)) === wanted;
    } catch (error) {
      if (error instanceof FieldError) return false;
      throw error;
    }
  };
  // Fields imply the protocol of their header: conditions that the compiler adds again are omitted, as nft omits them.
  const implied = items.filter(({ isProtocol }, index) => isProtocol && index < items.length - 1);
  const short = ruleOf(items.filter((item) => !implied.includes(item)));
  if (isSame(short)) return { ...common, ...short };
  let kept = items;
  if (!isSame(ruleOf(kept))) return { ...common, ...writableRule(compiled) };
  for (const item of implied) {
    const without = kept.filter((other) => other !== item);
    if (isSame(ruleOf(without))) kept = without;
  }
  return { ...common, ...ruleOf(kept) };
}

/** Puts the matches before the first statement into `when`, and the rest into `then`. */
function ruleOf(items: readonly ReadItem[]): FirewallRule {
  const first = items.findIndex(({ isMatch }) => !isMatch);
  const end = first < 0 ? items.length : first;
  const when = items.slice(0, end).map(({ item }) => item as Match);
  const then = items.slice(end).map(({ item, isMatch }) => (isMatch ? fullMatch(item as Match) : (item as Statement)));
  return { ...(when.length === 0 ? {} : { when }), then: then.length === 1 ? then[0]! : then };
}
