import { suggestion } from '../../../check/index.js';
import { FieldError } from '../../common/field-error.js';
import { shown, text, uint32 } from '../../fields/check.js';
import { compileMatch } from './compile/match.js';
import { RuleProgram } from './compile/program.js';
import { compileStatement, isStatement, terminalName } from './compile/statements.js';
import { fieldHint } from './fields/select-part.js';
import type { FirewallRule } from './firewall-rule.js';
import type { AnonymousSet, CompiledRule, RuleContext, RuleExpression } from './rule-context.js';

const PROPERTIES: readonly string[] = ['comment', 'when', 'then', 'expressions', 'sets'];

/** Bytes of a comment: the userdata of a rule have 256, with type, length and NUL. */
const commentText = text(253);

/**
 * Compiles a rule into the expressions that `nft` makes for it.
 *
 * @throws FieldError with the path below the rule, such as `when[0].tcp.dport`. Its reason is `unsupported` if `nft` knows the construct and this
 * library does not.
 * @internal
 */
export function compileRule(rule: FirewallRule, context: RuleContext): CompiledRule {
  const { when, then, expressions, sets } = checkRule(rule);
  if (expressions !== undefined) return { expressions: expressions.map(checkExpression), sets: sets.map(checkSet) };
  const program = new RuleProgram(context);
  listOf(when === undefined ? [] : when, 'when').forEach((match, index) => {
    compileMatch(program, match, `when[${index}]`);
    program.freeRegisters();
  });
  const isList = Array.isArray(then);
  const statements: readonly unknown[] = isList ? (then as readonly unknown[]) : [then];
  statements.forEach((statement, index) => {
    compileStatement(program, statement, isList ? `then[${index}]` : 'then');
  });
  requireLast(statements);
  return program.finish();
}

/** @throws FieldError for a statement that the kernel never runs, which `nft` rejects */
function requireLast(statements: readonly unknown[]): void {
  const end = statements.findIndex((statement) => terminalName(statement) !== undefined);
  if (end < 0 || end === statements.length - 1) return;
  const text = `the rule ends at then[${end}], '${terminalName(statements[end])}'; put the statement before it, or omit it`;
  throw new FieldError(`then[${end + 1}]`, text);
}

function propertyHint(name: string): string {
  if (isStatement(name) || name === 'verdict') return `; what a rule does is in 'then'`;
  const field = fieldHint(name);
  const similar = suggestion(name, PROPERTIES, '; ');
  if (similar !== '' || field === '') return similar || `; there are ${PROPERTIES.join(', ')}`;
  return `; what a rule tests is in 'when'${field}`;
}

interface CheckedRule {
  readonly when?: unknown;
  readonly then?: unknown;
  readonly expressions?: readonly unknown[];
  readonly sets: readonly unknown[];
}

function checkRule(rule: unknown): CheckedRule {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) throw new FieldError('', `expected a rule, not ${shown(rule)}`);
  for (const [name, value] of Object.entries(rule)) {
    if (!PROPERTIES.includes(name)) throw new FieldError(name, `unknown property${propertyHint(name)}`);
    if (value === undefined) throw new FieldError(name, 'undefined is not a value; omit the property');
  }
  const {
    comment,
    when,
    then,
    expressions,
    sets = [],
  } = rule as {
    readonly comment?: unknown;
    readonly when?: unknown;
    readonly then?: unknown;
    readonly expressions?: unknown;
    readonly sets?: unknown;
  };
  if (comment !== undefined) commentText(comment, 'comment');
  if (expressions === undefined) {
    if (then === undefined) throw new FieldError('then', 'is required');
    if (listOf(sets, 'sets').length > 0) throw new FieldError('sets', "a rule has 'sets' together with 'expressions' only");
    return { when, then, sets: [] };
  }
  if (when !== undefined || then !== undefined)
    throw new FieldError('expressions', "a rule with 'expressions' has neither 'when' nor 'then'");
  return { expressions: listOf(expressions, 'expressions'), sets: listOf(sets, 'sets') };
}

function checkExpression(expression: unknown, index: number): RuleExpression {
  const { name } = (typeof expression === 'object' && expression !== null ? expression : {}) as { readonly name?: unknown };
  if (typeof name !== 'string')
    throw new FieldError(`expressions[${index}].name`, `expected the name of an expression, not ${shown(name)}`);
  return expression as RuleExpression;
}

function checkSet(value: unknown, index: number): AnonymousSet {
  const { id, set, elements } = (typeof value === 'object' && value !== null ? value : {}) as {
    readonly id?: unknown;
    readonly set?: unknown;
    readonly elements?: unknown;
  };
  const path = `sets[${index}]`;
  uint32(id, `${path}.id`);
  if (typeof set !== 'object' || set === null) throw new FieldError(`${path}.set`, `expected an object, not ${shown(set)}`);
  for (const [position, element] of listOf(elements, `${path}.elements`).entries())
    if (typeof element !== 'object' || element === null)
      throw new FieldError(`${path}.elements[${position}]`, `expected an object, not ${shown(element)}`);
  return value as AnonymousSet;
}

function listOf(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new FieldError(path, `expected an array, not ${shown(value)}`);
  return value as readonly unknown[];
}
