import { FieldError } from '../../../../common/field-error.js';
import { shown, time } from '../../../../fields/check.js';
import { namedValues, type ValueData } from '../../map-data.js';
import type { RuleExpression } from '../../rule-context.js';
import { bodyOf, oneOf, type Body } from '../body.js';
import { requireProtocol } from '../dependencies.js';
import { checkSetType, isSetName, loadOperand } from '../match.js';
import { requireOperand } from '../operand.js';
import { RuleProgram } from '../program.js';
import { loadValue, onlyEntry } from '../value.js';

/** Milliseconds of a second, the unit of times in libnftables-json. */
const SECOND = 1000;

/** Expressions that an element of a set can have. */
const STATEFUL: readonly string[] = ['counter', 'limit', 'quota', 'last', 'connlimit'];

type Compile = (program: RuleProgram, statement: unknown, path: string) => void;

/** Compiles `set`: the packet adds an element to a set. @internal */
export function dynamicSet(program: RuleProgram, body: unknown, path: string, compile: Compile): void {
  addElement(program, bodyOf(body, path, ['op', 'elem', 'set', 'stmt']), 'set', path, compile);
}

/** Compiles `map`: the packet adds an element with a value to a map. @internal */
export function dynamicMap(program: RuleProgram, body: unknown, path: string, compile: Compile): void {
  addElement(program, bodyOf(body, path, ['op', 'elem', 'data', 'map', 'stmt']), 'map', path, compile);
}

function addElement(program: RuleProgram, body: Body, noun: 'set' | 'map', path: string, compile: Compile): void {
  const { op, elem, stmt, data } = body;
  const set = body[noun];
  const operation = oneOf(op, `${path}.op`, { add: 'add', update: 'update', delete: 'delete' } as const);
  if (!isSetName(set)) throw new FieldError(`${path}.${noun}`, `expected the name of a ${noun} such as '@s', not ${shown(set)}`);
  const setName = set.slice(1);
  const named = program.namedSet(setName, `${path}.${noun}`);
  const values = namedValues(named);
  if ((noun === 'map') !== (named.data !== undefined))
    throw new FieldError(`${path}.${noun}`, `'${setName}' is a ${noun === 'map' ? 'set' : 'map'}, not a ${noun}`);
  const [only, inner] = onlyEntry(elem);
  const { val, timeout } = only === 'elem' ? bodyOf(inner, `${path}.elem.elem`, ['val', 'timeout']) : { val: elem, timeout: undefined };
  const place = only === 'elem' ? `${path}.elem.elem.val` : `${path}.elem`;
  const operand = requireOperand(val, place);
  for (const part of operand.parts) requireProtocol(program, part, place);
  checkSetType(operand, named.type, `${path}.${noun}`, setName);
  const sregKey = loadOperand(program, operand, false, true);
  const sregData = noun === 'map' ? loadData(program, data, values, `${path}.data`) : undefined;
  const expressions = nested(program, stmt, `${path}.stmt`, compile);
  const [first] = expressions;
  program.emit({
    name: 'dynset',
    data: {
      setName,
      op: operation,
      sregKey,
      ...(sregData === undefined ? {} : { sregData }),
      ...(timeout === undefined ? {} : { timeout: milliseconds(timeout, `${path}.elem.elem.timeout`) }),
      ...(first === undefined ? {} : expressions.length === 1 ? { expr: first } : { flags: 1, expressions: { elem: expressions } }),
    },
  });
}

function loadData(program: RuleProgram, data: unknown, values: ValueData | undefined, path: string): number {
  if (data === undefined) throw new FieldError(path, 'is required');
  const [type, second] = values?.types ?? [];
  if (type === undefined || second !== undefined || values?.isInterval === true)
    throw new FieldError(path, 'packets add single values only, not verdicts, objects, concatenations or intervals');
  return loadValue(program, data, type, path);
}

function nested(program: RuleProgram, statements: unknown, path: string, compile: Compile): readonly RuleExpression[] {
  if (statements === undefined) return [];
  if (!Array.isArray(statements)) throw new FieldError(path, `expected an array, not ${shown(statements)}`);
  return (statements as readonly unknown[]).flatMap((statement, index) => {
    const inner = new RuleProgram(program.context);
    compile(inner, statement, `${path}[${index}]`);
    const { expressions } = inner.finish();
    const wrong = expressions.find(({ name }) => !STATEFUL.includes(name ?? ''));
    if (wrong !== undefined) throw new FieldError(`${path}[${index}]`, 'an element of a set can have a counter, a limit or a quota only');
    return expressions;
  });
}

/** libnftables-json has times in seconds; text has a unit. */
function milliseconds(value: unknown, path: string): bigint {
  return BigInt(Math.round(typeof value === 'number' ? time(value, path) * SECOND : time(value, path)));
}
