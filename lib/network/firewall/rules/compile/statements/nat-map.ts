import { FieldError } from '../../../../common/field-error.js';
import { dataType } from '../../../data/data-types.js';
import type { DataType } from '../../../data/data-type.js';
import { parseKey } from '../../../data/key.js';
import { namedValues, type ValueData } from '../../map-data.js';
import { bodyOf } from '../body.js';
import { isSetName, setItems } from '../match.js';
import { shortRegister, type RuleProgram } from '../program.js';
import { loadMapped, onlyEntry } from '../value.js';

/** The registers of an address from a map, and of a port if the map has that too: the first and the last one. @internal */
export interface AddressRegisters {
  readonly address: readonly [number, number?];
  readonly ports?: readonly [number, number?];
}

/** Loads an address of translation from a map: of addresses, of addresses with ports, or of intervals of them. @throws FieldError @internal */
export function loadAddressMap(program: RuleProgram, addr: unknown, type: DataType, port: unknown, path: string): AddressRegisters {
  const body = bodyOf(onlyEntry(addr)[1] ?? {}, `${path}.map`, ['key', 'data']);
  const values = valuesOf(program, body['data'], type, `${path}.map.data`);
  const hasPorts = values.types.length > 1;
  if (hasPorts && port !== undefined) throw new FieldError(path, 'the map has ports too; omit the port');
  const first = loadMapped(program, body, values, `${path}.map`);
  const words = type.bytes / 4;
  const width = words + (hasPorts ? 1 : 0);
  const at = (offset: number, isLast: boolean): number => shortRegister(first, offset + (isLast ? width : 0));
  const range = (offset: number): readonly [number, number?] =>
    values.isInterval ? [at(offset, false), at(offset, true)] : [at(offset, false)];
  return { address: range(0), ...(hasPorts ? { ports: range(words) } : {}) };
}

function valuesOf(program: RuleProgram, data: unknown, type: DataType, path: string): ValueData {
  if (isSetName(data)) {
    const values = namedValues(program.namedSet(data.slice(1), path));
    if (values === undefined) throw new FieldError(path, `'${data.slice(1)}' is not a map of addresses`);
    return values;
  }
  const targets = (setItems(data) ?? []).map((item) => (Array.isArray(item) ? (item as readonly unknown[])[1] : undefined));
  const types = targets.some(isConcat) ? [type, dataType('inet_service')] : [type];
  const isInterval = targets.some((target) => {
    const { from, to } = parseKey(types, target, path);
    return !from.equals(to);
  });
  return { types, isInterval };
}

const isConcat = (target: unknown): boolean =>
  Array.isArray(target) || onlyEntry(target)[0] === 'concat' || (typeof target === 'string' && / \. /.test(target));
