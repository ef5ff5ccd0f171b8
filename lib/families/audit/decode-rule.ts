import { DecodeError } from '../../errors/index.js';
import { decodeText } from '../../wire/index.js';
import type { AuditRuleData } from '../generated/audit.js';
import { recordTypeName } from './record-type.js';
import type { AuditOperator, AuditRule, AuditRuleField, AuditRuleList } from './rule.js';
import { ACTIONS, ARCHES, COMPARISONS, FIELDS, FILE_TYPES, LISTS, OPERATORS, PERMISSIONS, PREPEND, nameOf } from './rule-table.js';
import type { FieldEntry } from './rule-table.js';

const NAMES: ReadonlyMap<number, readonly [name: string, entry: FieldEntry]> = new Map(
  Object.entries(FIELDS).map(([name, entry]) => [entry.number, [name, entry]]),
);

/**
 * Decodes a row of `list-rules` to a rule in words.
 *
 * @throws {@link DecodeError} if the row has a list, an action or an operator without a name, or texts longer than its buffer.
 * @public
 */
export function decodeAuditRule(row: AuditRuleData): AuditRule {
  const { flags, action, fieldCount, fields, values, fieldflags, buf } = row;
  const list = nameOf(LISTS, flags & ~PREPEND) ?? fail(`unknown list ${flags & ~PREPEND}`, '.flags');
  if (fieldCount > fields.length) fail(`expected at most ${fields.length} fields, got ${fieldCount}`, '.field-count');
  let used = 0;
  const decoded: AuditRuleField[] = [];
  for (let index = 0; index < fieldCount; index++) {
    const value = values[index]!;
    const [name, entry] = NAMES.get(fields[index]!) ?? [fields[index]!, undefined];
    const operator = nameOf(OPERATORS, fieldflags[index]!) ?? fail(`unknown operator 0x${fieldflags[index]!.toString(16)}`, '.fieldflags');
    if (entry?.form === 'text') {
      if (used + value > buf.length) fail(`a text of ${value} bytes at ${used} is longer than the buffer of ${buf.length}`, '.values');
      decoded.push(fieldOf(name, operator, decodeText(buf, used, (used += value))));
    } else decoded.push(fieldOf(name, operator, decodeValue(entry, value)));
  }
  return {
    list,
    action: nameOf(ACTIONS, action) ?? fail(`unknown action ${action}`, '.action'),
    ...((flags & PREPEND) !== 0 && { prepend: true }),
    ...syscallsOf(list, row.mask),
    fields: decoded,
  };
}

function fail(reason: string, path: string): never {
  throw new DecodeError(`audit rule: ${reason}`, 0, path);
}

function fieldOf(field: string | number, operator: AuditOperator, value: unknown): AuditRuleField {
  return { field, operator, value } as AuditRuleField;
}

function decodeValue(entry: FieldEntry | undefined, value: number): unknown {
  switch (entry?.form) {
    case 'signed':
      return value | 0;
    case 'arch':
      return nameOf(ARCHES, value) ?? value;
    case 'msgtype':
      return recordTypeName(value);
    case 'perm':
      return PERMISSIONS.flatMap(([letter, bit]) => ((value & bit) === 0 ? [] : [letter])).join('');
    case 'filetype':
      return nameOf(FILE_TYPES, value) ?? value;
    case 'field_compare':
      return COMPARISONS[value - 1] ?? value;
    default:
      return value;
  }
}

function syscallsOf(list: AuditRuleList, mask: readonly number[]): Pick<AuditRule, 'syscalls'> {
  if (list !== 'exit' && list !== 'io_uring' && mask.every((word) => word === 0)) return {};
  // The last 16 bits are classes, which the kernel has cleared.
  if (mask.every((word, index) => word >>> 0 === 0xffff_ffff || (index === mask.length - 1 && (word & 0xffff) === 0xffff))) {
    return { syscalls: 'all' };
  }
  const numbers: number[] = [];
  for (const [index, word] of mask.entries()) {
    for (let bit = 0; bit < 32; bit++) if (((word >>> bit) & 1) === 1) numbers.push(32 * index + bit);
  }
  return { syscalls: numbers };
}
