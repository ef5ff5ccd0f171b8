import type { Expression } from '../expression.js';
import { selectorOf } from '../fields/read-part.js';
import { namedValues } from '../map-data.js';
import type { RuleExpression } from '../rule-context.js';
import type { Statement } from '../statement.js';
import type { RuleReader } from './rule-reader.js';
import { Unreadable } from './unreadable.js';

type Data = Readonly<Record<string, unknown>>;
type StatementReader = (reader: RuleReader, data: Data, expression: RuleExpression) => Statement;

/** Reads an element that the packet adds to a set or a map. @throws Unreadable @internal */
export function readDynamicSet(
  reader: RuleReader,
  { op, setName, setId, sregKey, sregData, timeout, expr, expressions }: Data,
  readers: Readonly<Record<string, StatementReader>>,
): Statement {
  if (op !== 'add' && op !== 'update' && op !== 'delete') throw new Unreadable('dynset');
  const set = reader.lookedUp(setName as string | undefined, setId as number | undefined);
  if (!('name' in set)) throw new Unreadable('dynset');
  const selectors = reader.keyParts(reader.registers, sregKey, set).map(selectorOf);
  const val: Expression = selectors.length === 1 ? selectors[0]! : { concat: selectors };
  const nested = ((expressions as { readonly elem?: readonly RuleExpression[] } | undefined)?.elem ??
    (expr === undefined ? [] : [expr])) as readonly RuleExpression[];
  const stmt = nested.map((expression) => {
    const read = readers[expression.name ?? ''];
    if (read === undefined) throw new Unreadable(expression.name);
    return read(reader, (expression.data ?? {}) as Data, expression);
  });
  const milliseconds = Number(timeout ?? 0);
  const seconds = milliseconds % 1000 === 0 ? milliseconds / 1000 : `${milliseconds}ms`;
  const common = {
    op,
    elem: milliseconds === 0 ? val : { elem: { val, timeout: seconds } },
    ...(stmt.length === 0 ? {} : { stmt }),
  } as const;
  if (sregData === undefined) return { set: { ...common, set: `@${set.name}` } };
  const named = reader.context.set(set.name);
  const [type, second] = (named && namedValues(named)?.types) ?? [];
  if (type === undefined || second !== undefined) throw new Unreadable('dynset');
  return { map: { ...common, data: reader.value(sregData, type), map: `@${set.name}` } };
}
