import { kindOf, suggestion } from '../../check/index.js';
import { EncodeError } from '../../errors/index.js';
import { AuditRecordType } from './record-type.js';
import { ARCHES, COMPARISONS, FILE_TYPES, PERMISSIONS, type FieldForm } from './rule-table.js';

const MOST = 0xffff_ffff;

/**
 * Encodes the value of a field that is not text.
 *
 * @throws {@link EncodeError} if the field has no such value.
 * @internal
 */
export function encodeFieldValue(form: Exclude<FieldForm, 'text'>, value: unknown, path: string): number {
  if (form === 'perm') return permissionsOf(value, path);
  if (form === 'field_compare' && Array.isArray(value)) return comparisonOf(value as readonly unknown[], path);
  if (typeof value === 'string') {
    if (form === 'arch') return named(ARCHES, value, path);
    if (form === 'msgtype') return named(AuditRecordType, value, path);
    if (form === 'filetype') return named(FILE_TYPES, value, path);
  }
  // The kernel compares the result of a system call as a signed number: errors are negative.
  const [least, most] = form === 'signed' ? [-0x8000_0000, 0x7fff_ffff] : [0, MOST];
  if (typeof value !== 'number') throw new EncodeError(`expected a number, got ${kindOf(value)}`, path);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new EncodeError(`expected an integer from ${least} to ${most}, got ${value}`, path);
  }
  return value >>> 0;
}

function named(table: Readonly<Record<string, number>>, name: string, path: string): number {
  if (Object.hasOwn(table, name)) return table[name]!;
  throw new EncodeError(`unknown name ${JSON.stringify(name)}${suggestion(name, Object.keys(table), '; ')}`, path);
}

function permissionsOf(value: unknown, path: string): number {
  const letters = typeof value === 'string' ? [...value] : [];
  const bits = letters.map((letter) => PERMISSIONS.find(([known]) => known === letter)?.[1]);
  if (bits.length === 0 || bits.includes(undefined)) {
    throw new EncodeError(
      `expected letters of r, w, x and a, got ${typeof value === 'string' ? JSON.stringify(value) : kindOf(value)}`,
      path,
    );
  }
  return bits.reduce<number>((sum, bit) => sum | bit!, 0);
}

function comparisonOf([first, second]: readonly unknown[], path: string): number {
  const index = COMPARISONS.findIndex(([left, right]) => (left === first && right === second) || (left === second && right === first));
  if (index < 0) throw new EncodeError(`the kernel cannot compare ${String(first)} and ${String(second)}`, path);
  return index + 1;
}
