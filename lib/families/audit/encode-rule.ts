import { kindOf, suggestion } from '../../check/index.js';
import { EncodeError } from '../../errors/index.js';
import { encodeTextAt } from '../../wire/internal.js';
import type { AuditRuleData } from '../generated/audit.js';
import { encodeFieldValue } from './encode-field-value.js';
import type { AuditRule, AuditRuleField } from './rule.js';
import { ACTIONS, FIELDS, LISTS, OPERATORS, PREPEND, type FieldEntry } from './rule-table.js';

/** `AUDIT_MAX_FIELDS`, `AUDIT_BITMASK_SIZE`. */
const MOST_FIELDS = 64;
const MASK_WORDS = 64;
/** The last 16 bits of the mask are classes of system calls: the kernel replaces each with its members. */
const SYSCALLS = MASK_WORDS * 32 - 16;
/** `AUDIT_MAX_KEY_LEN`, `PATH_MAX`. */
const LONGEST: Readonly<Record<string, number>> = { key: 256, exe: 4096, path: 4096, dir: 4096 };
const WITH_SYSCALLS: ReadonlySet<string> = new Set(['exit', 'io_uring']);

const RULE: ReadonlySet<string> = new Set<keyof AuditRule>(['list', 'action', 'prepend', 'syscalls', 'fields']);
const FIELD: ReadonlySet<string> = new Set<keyof AuditRuleField>(['field', 'operator', 'value']);

/**
 * Encodes a rule as the struct that the operations `add-rule` and `del-rule` send.
 *
 * @throws {@link EncodeError} if the kernel would reject the rule, or would accept and ignore a part of it.
 * @public
 */
export function encodeAuditRule(rule: AuditRule): AuditRuleData {
  checkProperties(rule, RULE, '');
  const { list, action, prepend = false, fields } = rule;
  const listNumber = numberIn(LISTS, list, '.list');
  if (!Array.isArray(fields)) throw new EncodeError(`expected an array, got ${kindOf(fields)}`, '.fields');
  if (fields.length > MOST_FIELDS) throw new EncodeError(`expected at most ${MOST_FIELDS} fields, got ${fields.length}`, '.fields');
  const [numbers, values, operators] = [0, 0, 0].map(() => new Array<number>(MOST_FIELDS).fill(0)) as [number[], number[], number[]];
  const texts: Uint8Array[] = [];
  for (const [index, field] of (fields as readonly AuditRuleField[]).entries()) {
    const path = `.fields[${index}]`;
    const entry = entryOf(field, path);
    checkPlace(rule, field, path);
    numbers[index] = entry.number;
    operators[index] = operatorOf(field, entry, path);
    if (entry.form === 'text') {
      const text = textOf(field, path);
      texts.push(text);
      values[index] = text.length;
    } else values[index] = encodeFieldValue(entry.form, field.value, `${path}.value`);
  }
  const buf = joined(texts);
  return {
    flags: listNumber | (prepend ? PREPEND : 0),
    action: numberIn(ACTIONS, action, '.action'),
    fieldCount: fields.length,
    mask: maskOf(rule),
    fields: numbers,
    values,
    fieldflags: operators,
    buflen: buf.length,
    buf,
  };
}

function checkProperties(value: object, known: ReadonlySet<string>, path: string): void {
  if (typeof value !== 'object' || (value as unknown) === null) throw new EncodeError(`expected an object, got ${kindOf(value)}`, path);
  for (const name of Object.keys(value)) {
    if (!known.has(name)) throw new EncodeError(`unknown property${suggestion(name, [...known], '; ')}`, `${path}.${name}`);
  }
}

function numberIn(table: Readonly<Record<string, number>>, name: string, path: string): number {
  if (typeof name === 'string' && Object.hasOwn(table, name)) return table[name]!;
  throw new EncodeError(
    `expected one of ${Object.keys(table).join(', ')}, got ${typeof name === 'string' ? JSON.stringify(name) : kindOf(name)}`,
    path,
  );
}

function entryOf(rule: AuditRuleField, path: string): FieldEntry {
  checkProperties(rule, FIELD, path);
  const { field } = rule;
  if (typeof field === 'number') return { number: field, form: 'number', operators: 'all' };
  if (typeof field === 'string' && Object.hasOwn(FIELDS, field)) return FIELDS[field];
  const name = typeof field === 'string' ? field : kindOf(field);
  throw new EncodeError(`unknown field ${JSON.stringify(name)}${suggestion(name, Object.keys(FIELDS), '; ')}`, `${path}.field`);
}

/** Rejects fields that the kernel rejects without a reason, because of the list or of another field. */
function checkPlace({ list, fields }: AuditRule, { field, operator }: AuditRuleField, path: string): void {
  const fail = (reason: string): never => {
    throw new EncodeError(reason, `${path}.field`);
  };
  if (field === 'msgtype' && list !== 'exclude' && list !== 'user') fail(`msgtype needs the list exclude or user, not ${list}`);
  if (field === 'fstype' && list !== 'filesystem') fail(`fstype needs the list filesystem, not ${list}`);
  if (list === 'filesystem' && field !== 'fstype' && field !== 'key') fail(`the list filesystem has only the fields fstype and key`);
  if (field === 'perm' && list === 'io_uring') fail('perm does not exist in the list io_uring');
  if (field === 'path' || field === 'dir') {
    if (!WITH_SYSCALLS.has(list)) fail(`${field} needs the list exit or io_uring, not ${list}`);
    if (operator !== '=') throw new EncodeError(`expected = for ${field}, got ${operator}`, `${path}.operator`);
    const places = fields.filter((other) => other.field === 'path' || other.field === 'dir' || other.field === 'inode');
    if (places.length > 1) fail('a rule has one of path, dir and inode');
  }
  if ((field === 'key' || field === 'exe') && fields.filter((other) => other.field === field).length > 1) fail(`a rule has one ${field}`);
}

function operatorOf({ field, operator }: AuditRuleField, { operators }: FieldEntry, path: string): number {
  const number = numberIn(OPERATORS, operator, `${path}.operator`);
  const isEquality = operator === '=' || operator === '!=';
  if (operators === 'equal' && !isEquality) throw new EncodeError(`expected = or != for ${field}, got ${operator}`, `${path}.operator`);
  if (operators === 'compare' && operator.startsWith('&')) {
    throw new EncodeError(`the kernel has no tests of bits for ${field}`, `${path}.operator`);
  }
  return number;
}

/** Encodes text without a NUL: the kernel reads as many bytes as the value of the field states. */
function textOf({ field, value }: AuditRuleField, path: string): Uint8Array {
  const at = `${path}.value`;
  const bytes = encodeTextAt(value as string, () => at).subarray(0, -1);
  const most = LONGEST[field] ?? 4096;
  if (bytes.length === 0 || bytes.length > most) throw new EncodeError(`expected 1 to ${most} bytes, got ${bytes.length}`, at);
  if (bytes.includes(0)) throw new EncodeError('expected text without a NUL', at);
  const isPath = field === 'path' || field === 'dir' || field === 'exe';
  if (isPath && !value.startsWith('/')) throw new EncodeError(`expected an absolute path, got ${JSON.stringify(value)}`, at);
  if (field === 'path' && value.endsWith('/')) throw new EncodeError('expected a path without / at its end', at);
  return bytes;
}

function joined(texts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(texts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const text of texts) {
    bytes.set(text, at);
    at += text.length;
  }
  return bytes;
}

function maskOf({ list, syscalls }: AuditRule): number[] {
  const mask = new Array<number>(MASK_WORDS).fill(0);
  // As auditctl does. The kernel clears the bits of the classes, and adds their members.
  if (syscalls === 'all') return mask.fill(0xffff_ffff);
  if (!WITH_SYSCALLS.has(list)) {
    if (syscalls === undefined) return mask;
    throw new EncodeError(`the kernel ignores the numbers of system calls in the list ${list}; omit them`, '.syscalls');
  }
  if (!Array.isArray(syscalls) || syscalls.length === 0) {
    throw new EncodeError(`a rule in the list ${list} needs 'all' or numbers; without them it matches nothing`, '.syscalls');
  }
  for (const [index, number] of (syscalls as readonly number[]).entries()) {
    if (!Number.isInteger(number) || number < 0 || number >= SYSCALLS) {
      throw new EncodeError(`expected a number from 0 to ${SYSCALLS - 1}, got ${String(number)}`, `.syscalls[${index}]`);
    }
    mask[number >> 5] = (mask[number >> 5]! | (1 << (number & 31))) >>> 0;
  }
  return mask;
}
