import type { FirewallRule } from '../rules/firewall-rule.js';
import { readRule } from '../rules/read-rule.js';
import type { RuleContext } from '../rules/rule-context.js';
import type { FoundRule } from '../state/found-table.js';

/** Returns a rule of a document as one line, in the manner of `nft`. @internal */
export function ruleText(rule: FirewallRule): string {
  if (rule.expressions !== undefined) return rule.expressions.map(({ name }) => name).join(' ') || 'nothing';
  const { when = [], then } = rule;
  const statements: readonly unknown[] = Array.isArray(then) ? (then as readonly unknown[]) : [then];
  return [...when.map(matchText), ...statements.map(statementText)].join(' ') || 'nothing';
}

/** Returns a rule of the kernel as one line. @internal */
export function foundRuleText(rule: FoundRule, context: RuleContext): string {
  return ruleText(readRule(rule, rule.comment, context));
}

function matchText(match: object): string {
  if ('match' in match) return comparisonText(match.match);
  return Object.entries(match)
    .map(([field, condition]: [string, unknown]) => {
      const { not } = (isObject(condition) ? condition : {}) as { readonly not?: unknown };
      return `${field.replace('.', ' ')} ${not === undefined ? valueText(condition) : `!= ${valueText(not)}`}`;
    })
    .join(' ');
}

function comparisonText(match: unknown): string {
  const { op, left, right } = match as { readonly op: string; readonly left: unknown; readonly right: unknown };
  const operator = op === '==' || op === 'in' ? '' : `${op} `;
  return `${valueText(left)} ${operator}${valueText(right)}`;
}

function statementText(statement: unknown): string {
  if (!isObject(statement)) return valueText(statement);
  if ('match' in statement) return matchText(statement);
  return Object.entries(statement)
    .map(([name, body]: [string, unknown]) => {
      // The values of a counter are its start only.
      if (body === null || (name === 'counter' && isObject(body))) return name;
      const { target = body } = (isObject(body) ? body : {}) as { readonly target?: unknown };
      return `${name} ${isObject(target) ? settingsText(target) : valueText(target)}`;
    })
    .join(' ');
}

function settingsText(settings: object): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${valueText(value)}`)
    .join(' ');
}

/** Returns a value in the manner of `nft`; as JSON if it is not one of the common forms. */
function valueText(value: unknown): string {
  if (Array.isArray(value)) return `{ ${value.map(valueText).join(', ')} }`;
  if (!isObject(value)) return String(value);
  const [[name, body] = []] = Object.entries(value) as [string, unknown][];
  if (name === 'payload' || name === 'meta' || name === 'ct') return selectorText(name, body as object);
  if (name === 'prefix') return Object.values(body as object).join('/');
  if (name === 'range' && Array.isArray(body)) return body.map(valueText).join('-');
  if (name === 'concat' && Array.isArray(body)) return body.map(valueText).join(' . ');
  if (name === 'set') return valueText(body);
  return JSON.stringify(value);
}

function selectorText(kind: string, selector: object): string {
  const words = Object.values(selector).map(String);
  return kind === 'payload' ? words.join(' ') : [kind, ...words].join(' ');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
