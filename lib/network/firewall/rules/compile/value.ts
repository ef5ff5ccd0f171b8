import { FieldError } from '../../../common/field-error.js';
import { shown } from '../../../fields/check.js';
import type { DataType } from '../../data/data-type.js';
import { compileSet, type MapData } from './anonymous-set.js';
import { requireProtocol } from './dependencies.js';
import { checkSetType, isSetName, loadOperand, setItems } from './match.js';
import { readOperand, requireOperand } from './operand.js';
import type { RuleProgram } from './program.js';

/** Adds the expressions that put a value into a register, and returns the register. @throws FieldError @internal */
export function loadValue(program: RuleProgram, value: unknown, type: DataType, path: string): number {
  const [name, body] = onlyEntry(value);
  if (name === 'map') return loadMapped(program, body, type, `${path}.map`);
  const operand = readOperand(value, path);
  if (operand !== undefined) {
    for (const part of operand.parts) requireProtocol(program, part, path);
    return loadOperand(program, operand, false, true);
  }
  if (name !== undefined)
    throw new FieldError(`${path}.${name}`, 'this expression is not supported; write the rule as expressions', 'unsupported');
  const data = { value: type.parse(value, path) };
  const dreg = program.register();
  program.emit({ name: 'immediate', data: { dreg, data } });
  return dreg;
}

/** Adds the lookup of a key in a map; `dreg` 0 is the verdict of the rule. @throws FieldError @internal */
export function lookUp(program: RuleProgram, key: unknown, data: unknown, type: MapData, path: string, dreg: number): void {
  const items = setItems(data);
  if (items === undefined && !isSetName(data))
    throw new FieldError(`${path}.data`, `expected { set: [[key, value], ...] } or the name of a map, not ${shown(data)}`);
  const operand = requireOperand(key, `${path}.key`);
  for (const part of operand.parts) requireProtocol(program, part, `${path}.key`);
  if (isSetName(data)) {
    const name = data.slice(1);
    const set = program.namedSet(name, `${path}.data`);
    if (set.data === undefined) throw new FieldError(`${path}.data`, `'${name}' is a set, not a map`);
    if ((set.data === 'verdict') !== (type === 'verdict')) throw new FieldError(`${path}.data`, `'${name}' has values of another type`);
    checkSetType(operand, set.type, `${path}.data`, name);
    const sreg = loadOperand(program, operand, set.isInterval, true);
    program.emit({ name: 'lookup', data: { set: name, sreg, dreg } });
    return;
  }
  const { isInterval, ...named } = compileSet(program, operand.parts, items!, `${path}.data.set`, type);
  const sreg = loadOperand(program, operand, isInterval, false);
  program.emit({ name: 'lookup', data: { ...named, sreg, dreg } });
}

/** The result of a lookup takes the registers of the key, as nft compiles it. */
function loadMapped(program: RuleProgram, body: unknown, type: DataType, path: string): number {
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
