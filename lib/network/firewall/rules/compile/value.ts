import { FieldError } from '../../../common/field-error.js';
import { shown } from '../../../fields/check.js';
import { isHostNumber, type DataType } from '../../data/data-type.js';
import { namedValues, single, type MapData, type ValueData } from '../map-data.js';
import { compileSet } from './anonymous-set.js';
import { requireProtocol } from './dependencies.js';
import { checkSetType, isSetName, loadOperand, setItems } from './match.js';
import type { Part } from '../fields/part.js';
import { parseBits, readOperand, requireOperand } from './operand.js';
import type { RuleSet } from '../rule-context.js';
import type { RuleProgram } from './program.js';

/** Bytes of the largest number. */
const MOST_BYTES = 8;

/** Adds the expressions that put a value into a register, and returns the register. @throws FieldError @internal */
export function loadValue(program: RuleProgram, value: unknown, type: DataType, path: string): number {
  const [name, body] = onlyEntry(value);
  if (name === 'map') return loadMapped(program, body, single(type), `${path}.map`);
  const operand = readOperand(value, path);
  if (operand !== undefined) {
    for (const part of operand.parts) requireProtocol(program, part, path);
    const register = loadOperand(program, operand, false, true);
    convert(program, register, operand.parts[0]!, type, path, operand.bits !== undefined);
    return register;
  }
  if (name !== undefined)
    throw new FieldError(`${path}.${name}`, 'this expression is not supported; write the rule as expressions', 'unsupported');
  const data = { value: type.isFlags ? parseBits(type, value, path) : type.parse(value, path) };
  const dreg = program.register();
  program.emit({ name: 'immediate', data: { dreg, data } });
  return dreg;
}

/** Converts a number between the order of the network and that of the machine, if the target has the other order. */
function convert(program: RuleProgram, register: number, part: Part, type: DataType, path: string, hasBits: boolean): void {
  const len = part.mask?.length ?? part.type.bytes;
  if (len === 1 || len > MOST_BYTES) return;
  const isSource = isHostNumber(part.type);
  const isTarget = isHostNumber(type);
  if (isSource === isTarget || (isTarget && part.type.order === 'host') || (isSource && type.order === 'host')) return;
  if (hasBits)
    throw new FieldError(
      path,
      'an operation between the orders of network and machine is not supported; write the rule as expressions',
      'unsupported',
    );
  const size = len % 8 === 0 ? 8 : len % 4 === 0 ? 4 : 2;
  program.emit({ name: 'byteorder', data: { sreg: register, dreg: register, op: isTarget ? 'ntoh' : 'hton', len, size } });
}

/** Adds the lookup of a key in a map; `dreg` 0 is the verdict of the rule. @throws FieldError @internal */
export function lookUp(program: RuleProgram, key: unknown, data: unknown, type: MapData, path: string, dreg: number): void {
  const { sreg, ...named } = loadKey(program, key, data, type, path);
  program.emit({ name: 'lookup', data: { ...named, sreg, dreg } });
}

/** Loads the key of a lookup in a map; returns its register, and the map as an expression names it. @throws FieldError @internal */
export function loadKey(
  program: RuleProgram,
  key: unknown,
  data: unknown,
  type: MapData,
  path: string,
): { readonly set: string; readonly setId?: number; readonly sreg: number } {
  const items = setItems(data);
  if (items === undefined && !isSetName(data))
    throw new FieldError(`${path}.data`, `expected { set: [[key, value], ...] } or the name of a map, not ${shown(data)}`);
  const operand = requireOperand(key, `${path}.key`);
  for (const part of operand.parts) requireProtocol(program, part, `${path}.key`);
  if (isSetName(data)) {
    const name = data.slice(1);
    const set = program.namedSet(name, `${path}.data`);
    if (set.data === undefined) throw new FieldError(`${path}.data`, `'${name}' is a set, not a map`);
    if (!isSameData(set, type)) throw new FieldError(`${path}.data`, `'${name}' has values of another type`);
    checkSetType(operand, set.type, `${path}.data`, name);
    return { set: name, sreg: loadOperand(program, operand, set.isInterval, true) };
  }
  const { isInterval, ...named } = compileSet(program, operand.parts, items!, `${path}.data.set`, type);
  return { ...named, sreg: loadOperand(program, operand, isInterval, false) };
}

function isSameData(set: RuleSet, wanted: MapData): boolean {
  if (typeof wanted === 'string') return set.data === wanted;
  if ('object' in wanted) return set.data === wanted.object;
  const values = namedValues(set);
  const bytes = ({ types }: ValueData): number => types.reduce((sum, { bytes: own }) => sum + own, 0);
  return values !== undefined && values.isInterval === wanted.isInterval && bytes(values) === bytes(wanted);
}

/** Loads a value from a map. The result takes the registers of the key, as nft compiles it. @throws FieldError @internal */
export function loadMapped(program: RuleProgram, body: unknown, type: ValueData, path: string): number {
  const { key, data } = (typeof body === 'object' && body !== null ? body : {}) as { readonly key?: unknown; readonly data?: unknown };
  if (key === undefined || data === undefined) throw new FieldError(path, `expected { key, data }, not ${shown(body)}`);
  return program.withResult((dreg) => lookUp(program, key, data, type, path, dreg));
}

/** Returns the only property of an object. @internal */
export function onlyEntry(value: unknown): readonly [string | undefined, unknown] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [undefined, undefined];
  const [entry] = Object.entries(value);
  return entry ?? [undefined, undefined];
}
