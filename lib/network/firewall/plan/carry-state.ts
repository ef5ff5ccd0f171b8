import type { RuleExpression } from '../rules/rule-context.js';

/** The expressions whose state is carried over, with the properties that hold it. */
const STATE: Readonly<Record<string, readonly string[]>> = { counter: ['packets', 'bytes'], quota: ['consumed'] };

/**
 * Returns expressions with the state of those that they replace: a counter starts at the value of the old one, and a quota keeps what
 * was used. The first counter gets the value of the first one, the second that of the second.
 *
 * @internal
 */
export function carryState(wanted: readonly RuleExpression[], found: readonly RuleExpression[]): readonly RuleExpression[] {
  const rest = new Map(Object.keys(STATE).map((name) => [name, found.filter((expression) => expression.name === name)]));
  return wanted.map((expression) => {
    const old = rest.get(String(expression.name))?.shift()?.data as Readonly<Record<string, unknown>> | undefined;
    if (old === undefined) return expression;
    const state = STATE[String(expression.name)]!.flatMap((property) => (old[property] === undefined ? [] : [[property, old[property]]]));
    const data: object = { ...expression.data, ...(Object.fromEntries(state) as object) };
    return { ...expression, data } as RuleExpression;
  });
}
