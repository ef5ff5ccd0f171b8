import { parseLinkAddress } from '../../wire/index.js';
import { isBytes } from '../../wire/internal.js';
import { type EncodeContext, type PropertyEncoder, isRecord, show } from '../codec/encode-context.js';
import type { StructSchema, WriteRule } from '../descriptor/descriptor.js';

/**
 * Makes an encoder that writes of a request only what the kernel accepts.
 *
 * Other messages are written completely: replies and notifications of a fake kernel contain what the kernel would send.
 *
 * @param find - Finds the encoder of another property of the set.
 * @internal
 */
export function ruledEncoder(rule: WriteRule, encode: PropertyEncoder, find: (property: string) => PropertyEncoder): PropertyEncoder {
  const { without, instead, beside, omit, lastByte } = rule;
  const conditions = [without, rule.with, rule.never, rule.notZero, instead, beside, omit, lastByte];
  // Most rules only choose other numbers.
  if (conditions.every((condition) => condition === undefined))
    return (context, value, scope, depth) => encode(context, context.isWrite ? writtenNumber(rule, value) : value, scope, depth);
  return (context, value, scope, depth) => {
    if (!context.isWrite) return encode(context, value, scope, depth);
    const given = scope.value as Readonly<Record<string, unknown>>;
    if (rule.never === true || without?.some((property) => isGiven(given, property)) === true) return;
    if (rule.with?.some((property) => isGiven(given, property)) === false) return;
    if (rule.notZero === true && isZero(value)) return;
    if (omit !== undefined && omit.value === value && isGiven(given, omit.property) && omit.values.includes(given[omit.property] as number))
      return;
    if (beside !== undefined && ![beside.property, ...(beside.without ?? [])].some((property) => isGiven(given, property)))
      find(beside.property)(context, beside.value, scope, depth);
    if (lastByte !== undefined) {
      const { length } = context.writer;
      encode(context, value, scope, depth);
      context.writer.length = length;
      const byte = lastByteOf(context, value, lastByte.base);
      if (isGiven(given, lastByte.property) && given[lastByte.property] !== byte) {
        context.fail(`${show(value)} ends in ${byte}, and ${lastByte.property} is ${show(given[lastByte.property])}; omit one of them`);
      }
      if (!isGiven(given, lastByte.property)) find(lastByte.property)(context, byte, scope, depth);
      return;
    }
    if (instead === undefined) return encode(context, writtenNumber(rule, value), scope, depth);
    const member = isRecord(value) ? Number(value[instead.member] ?? 0) : 0;
    if (member > 0 && !isGiven(given, instead.property)) {
      find(instead.property)(context, Math.ceil(member / instead.divisor), scope, depth);
    }
  };
}

/** Returns what is written of a number: another one, or the bits of the rule's mask. @internal */
export function writtenNumber({ mask, replace, add }: WriteRule, value: unknown): unknown {
  const other = replace?.find(({ read }) => read === value);
  if (other !== undefined) return other.written;
  if (add !== undefined && typeof value === 'number') return Math.min(value + add, 0xffff_ffff);
  if (mask === undefined) return value;
  if (typeof value === 'bigint') return value & BigInt(mask);
  if (typeof value === 'number' && typeof mask === 'number' && value >>> 0 === value && mask <= 0xffff_ffff) return (value & mask) >>> 0;
  return typeof value === 'number' && Number.isInteger(value) ? Number(BigInt(value) & BigInt(mask)) : value;
}

/** Makes the function that sets the bits of header fields that the kernel needs beside other properties; undefined if the header has none. @internal */
export function bitAdditions({
  members,
}: StructSchema): ((value: Readonly<Record<string, unknown>>) => Record<string, unknown>) | undefined {
  const rules = members.flatMap(({ property: field, write }) => (write?.bitsWith === undefined ? [] : [{ field, ...write.bitsWith }]));
  if (rules.length === 0) return undefined;
  return (value) => {
    let result: Record<string, unknown> = value;
    for (const { field, property, bits } of rules) {
      const present = result[field] ?? 0;
      if (isGiven(value, property) && typeof present === 'number') result = { ...result, [field]: present | bits };
    }
    return result;
  };
}

/** Returns the last byte of an address, text that was encoded or bytes, whose other bytes the kernel sets itself. */
function lastByteOf(context: EncodeContext, value: unknown, base: string): number {
  const bytes = isBytes(value) ? value : parseLinkAddress(value as string);
  const first = parseLinkAddress(base);
  if (bytes.byteLength !== first.byteLength + 1 || first.some((byte, at) => byte !== bytes[at])) {
    context.fail(`${show(value)} does not begin with ${base}; the kernel accepts only one byte behind them`);
  }
  return bytes.at(-1)!;
}

function isGiven(given: Readonly<Record<string, unknown>>, property: string): boolean {
  return Object.hasOwn(given, property) && given[property] !== undefined;
}

function isZero(value: unknown): boolean {
  return value === 0 || value === 0n;
}
