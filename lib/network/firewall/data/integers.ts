import { suggestion } from '../../../check/index.js';
import { bytesNumber, numberBytes, wrongValue, type DataOrder, type DataType } from './data-type.js';

/** Names of values. Of two names of one value, the first is the one that `nft` prints. @internal */
export type ValueNames = Readonly<Record<string, number>>;

const NO_NAMES: ValueNames = {};

/** Returns a data type whose values are numbers, some of them with names. @internal */
export function integerType(name: string, number: number, bits: number, order: DataOrder, names: ValueNames = NO_NAMES): DataType {
  const bytes = Math.ceil(bits / 8);
  const byValue = namesByValue(names);
  return {
    name,
    number,
    bits,
    bytes,
    order,
    isFlags: false,
    hasRanges: true,
    parse: (value, path) => numberBytes(parseNumber(value, path, bits, names), bytes, order),
    print(value) {
      const read = bytesNumber(value, order);
      return byValue.get(Number(read)) ?? printNumber(read);
    },
  };
}

/** Returns a data type whose values are sets of flags: `'established,related'`, or a number. @internal */
export function flagsType(name: string, number: number, bits: number, order: DataOrder, names: ValueNames): DataType {
  const bytes = Math.ceil(bits / 8);
  return {
    name,
    number,
    bits,
    bytes,
    order,
    isFlags: true,
    hasRanges: true,
    parse(value, path) {
      const parts = typeof value === 'string' ? value.split(/\s*[,|]\s*/) : [value];
      return numberBytes(
        parts.reduce<bigint>((sum, part) => sum | parseNumber(part, path, bits, names), 0n),
        bytes,
        order,
      );
    },
    print: (value) => printFlags(bytesNumber(value, order), names),
  };
}

/** Returns nft's type `integer`, whose length is that of the field. @internal */
export function plainInteger(bits: number, order: DataOrder): DataType {
  return integerType('integer', 4, bits, order);
}

/** Returns the names of values, the first name of each. @internal */
export function namesByValue(names: ValueNames): ReadonlyMap<number, string> {
  return new Map(
    Object.entries(names)
      .reverse()
      .map(([name, value]) => [value, name]),
  );
}

/** Parses a number, a number as text, or a name. @throws FieldError @internal */
export function parseNumber(value: unknown, path: string, bits: number, names: ValueNames): bigint {
  const most = (1n << BigInt(bits)) - 1n;
  if (typeof value === 'string' && Object.hasOwn(names, value)) return BigInt(names[value]!);
  const number = typeof value === 'boolean' && bits > 1 && !('exists' in names) ? undefined : asNumber(value);
  if (number !== undefined && number >= 0n && number <= most) return number;
  const known = Object.keys(names);
  const words = known.length > 0 && known.length <= 8 ? `${known.map((name) => `'${name}'`).join(', ')} or ` : '';
  const named = known.length > 8 ? 'a known name or ' : '';
  const hint = typeof value === 'string' ? suggestion(value, known, '; ') : '';
  throw wrongValue(path, `${words}${named}an integer from 0 to ${most}`, value, hint);
}

function asNumber(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'string' && /^(?:0x[0-9a-f]+|\d+)$/i.test(value) ? BigInt(value) : undefined;
}

/** Prints a number that may be too large for a JavaScript number as text. */
function printNumber(value: bigint): string | number {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);
}

function printFlags(value: bigint, names: ValueNames): string | number {
  let left = value;
  const words: string[] = [];
  for (const [name, flag] of Object.entries(names)) {
    if ((left & BigInt(flag)) === 0n) continue;
    left &= ~BigInt(flag);
    words.push(name);
  }
  return left === 0n && words.length > 0 ? words.join(',') : printNumber(value);
}
