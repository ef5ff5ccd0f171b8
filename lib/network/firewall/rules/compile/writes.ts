import { FieldError } from '../../../common/field-error.js';
import { shown, time } from '../../../fields/check.js';
import { dataType } from '../../data/data-types.js';
import { plainInteger } from '../../data/integers.js';
import { selectedPart } from '../fields/select-part.js';
import type { RuleExpression } from '../rule-context.js';
import { bodyOf, oneOf } from './body.js';
import { requireProtocol } from './dependencies.js';
import { checkSetType, isSetName, loadOperand } from './match.js';
import { requireOperand } from './operand.js';
import { RuleProgram } from './program.js';
import { loadValue, lookUp, onlyEntry } from './value.js';

/** Milliseconds of a second, the unit of times in libnftables-json. */
const SECOND = 1000;

/** Expressions that an element of a set can have. */
const STATEFUL: readonly string[] = ['counter', 'limit', 'quota', 'last', 'connlimit'];

/** Compiles `mangle`: a property of the packet or of its connection gets a value. @internal */
export function mangle(program: RuleProgram, body: unknown, path: string): void {
  const { key, value } = bodyOf(body, path, ['key', 'value']);
  const [option, fields] = onlyEntry(key);
  if (option === 'tcp option') {
    segmentSize(program, fields, value, path);
    return;
  }
  const part = typeof key === 'object' && key !== null ? selectedPart(key, `${path}.key`) : undefined;
  if (part === undefined) throw new FieldError(`${path}.key`, `expected a field such as { meta: { key: 'mark' } }, not ${shown(key)}`);
  const { name, data } = part.load(0);
  if (name !== 'meta' && name !== 'ct')
    throw new FieldError(`${path}.key`, 'only meta and ct can be written; write the rule as expressions', 'unsupported');
  const sreg = loadValue(program, value, part.type, `${path}.value`);
  const { dreg: _, ...source } = data as { readonly dreg?: number };
  program.emit({ name, data: { ...source, sreg } } as RuleExpression);
}

/** Writes the largest segment of TCP (`TCPOPT_MAXSEG`): two bytes behind the type and the length of the option. */
function segmentSize(program: RuleProgram, fields: unknown, value: unknown, path: string): void {
  const { name, field } = bodyOf(fields, `${path}.key.tcp option`, ['name', 'field']);
  if (name !== 'maxseg' || field !== 'size')
    throw new FieldError(`${path}.key.tcp option`, "only 'size' of 'maxseg' can be written; write the rule as expressions", 'unsupported');
  const sreg = loadValue(program, value, plainInteger(16, 'network'), `${path}.value`);
  // The MTU of a route is a number of the machine.
  if (onlyEntry(value)[0] === 'rt') program.emit({ name: 'byteorder', data: { sreg, dreg: sreg, op: 'hton', len: 2, size: 2 } });
  program.emit({ name: 'exthdr', data: { sreg, type: 2, offset: 2, len: 2, op: 'tcpopt' } });
}

/** Compiles `{ mark: 5 }`. @internal */
export function mark(program: RuleProgram, body: unknown, path: string): void {
  const sreg = loadValue(program, body, dataType('mark'), path);
  program.emit({ name: 'meta', data: { key: 'mark', sreg } });
}

/** Compiles `{ 'ct mark': 5 }`. @internal */
export function ctMark(program: RuleProgram, body: unknown, path: string): void {
  const sreg = loadValue(program, body, dataType('mark'), path);
  program.emit({ name: 'ct', data: { key: 'mark', sreg } });
}

/** Compiles `vmap`. @internal */
export function vmap(program: RuleProgram, body: unknown, path: string): void {
  const { key, data } = bodyOf(body, path, ['key', 'data']);
  lookUp(program, key, data, 'verdict', path, 0);
}

/** Compiles `set`: the packet adds an element to a set. @internal */
export function dynamicSet(
  program: RuleProgram,
  body: unknown,
  path: string,
  compile: (program: RuleProgram, statement: unknown, path: string) => void,
): void {
  const { op, elem, set, stmt } = bodyOf(body, path, ['op', 'elem', 'set', 'stmt']);
  const operation = oneOf(op, `${path}.op`, { add: 'add', update: 'update', delete: 'delete' } as const);
  if (!isSetName(set)) throw new FieldError(`${path}.set`, `expected the name of a set such as '@s', not ${shown(set)}`);
  const setName = set.slice(1);
  const { type } = program.namedSet(setName, `${path}.set`);
  const [only, inner] = onlyEntry(elem);
  const { val, timeout } = only === 'elem' ? bodyOf(inner, `${path}.elem.elem`, ['val', 'timeout']) : { val: elem, timeout: undefined };
  const place = only === 'elem' ? `${path}.elem.elem.val` : `${path}.elem`;
  const operand = requireOperand(val, place);
  for (const part of operand.parts) requireProtocol(program, part, place);
  checkSetType(operand, type, `${path}.set`, setName);
  const sregKey = loadOperand(program, operand, false, true);
  const expressions = nested(program, stmt, `${path}.stmt`, compile);
  const [first] = expressions;
  program.emit({
    name: 'dynset',
    data: {
      setName,
      op: operation,
      sregKey,
      ...(timeout === undefined ? {} : { timeout: milliseconds(timeout, `${path}.elem.elem.timeout`) }),
      ...(first === undefined ? {} : expressions.length === 1 ? { expr: first } : { flags: 1, expressions: { elem: expressions } }),
    },
  });
}

function nested(
  program: RuleProgram,
  statements: unknown,
  path: string,
  compile: (program: RuleProgram, statement: unknown, path: string) => void,
): readonly RuleExpression[] {
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
