import { FieldError } from '../../common/field-error.js';
import { inNetworkOrder, wrongValue, type DataType } from './data-type.js';
import { nameInterval, namePrefix } from './texts.js';

/** A first and a last value, both included; equal for a single value. Each is in the order of the data type. @internal */
export interface Interval {
  readonly from: Buffer;
  readonly to: Buffer;
  /** Bits of the prefix, if the interval was written as one. */
  readonly prefix?: number;
}

/** Parses a value, a prefix (`10.0.0.0/8`), a range (`1024-2048`) or the start of a name (`eth*`). @throws FieldError @internal */
export function parseInterval(type: DataType, value: unknown, path: string): Interval {
  if (type.name === 'ifname') {
    const names = nameInterval(value);
    if (names !== undefined) return names;
  }
  const { prefix, range } = (typeof value === 'object' && value !== null ? value : {}) as {
    readonly prefix?: unknown;
    readonly range?: unknown;
  };
  if (prefix !== undefined) return parsePrefixObject(type, prefix, `${path}.prefix`);
  if (range !== undefined) {
    if (!Array.isArray(range) || range.length !== 2) throw wrongValue(`${path}.range`, 'a first and a last value', range);
    return orderedInterval(type, type.parse(range[0], `${path}.range[0]`), type.parse(range[1], `${path}.range[1]`), path);
  }
  if (typeof value === 'string') {
    const [, address, length] = (isAddress(type) && /^(.+)\/(\d{1,3})$/.exec(value)) || [];
    if (address !== undefined) return prefixInterval(type, type.parse(address, path), Number(length), path);
    const found = type.hasRanges ? splitRange(type, value, path) : undefined;
    if (found !== undefined) return found;
  }
  const bytes = type.parse(value, path);
  return { from: bytes, to: bytes };
}

/** Returns a prefix as a first and a last value. @throws FieldError @internal */
export function prefixInterval(type: DataType, address: Buffer, length: number, path: string): Interval {
  if (!Number.isInteger(length) || length < 0 || length > type.bits)
    throw new FieldError(path, `expected a prefix length from 0 to ${type.bits}, not ${length}`);
  const mask = prefixMask(type.bytes, length);
  const from = Buffer.from(address.map((byte, index) => byte & mask[index]!));
  if (!from.equals(address)) {
    const network = `${type.print(from)}/${length}`;
    throw new FieldError(path, `'${type.print(address)}/${length}' has host bits; the network is '${network}'`);
  }
  return { from, to: Buffer.from(address.map((byte, index) => byte | (~mask[index]! & 0xff))), prefix: length };
}

/** Returns the mask of a prefix. @internal */
export function prefixMask(bytes: number, length: number): Buffer {
  return Buffer.from(Array.from({ length: bytes }, (_, index) => (0xff00 >> Math.min(8, Math.max(0, length - 8 * index))) & 0xff));
}

/** Returns the length of the prefix that an interval is; undefined if it is none, or a single value. @internal */
export function prefixLength({ from, to }: Interval): number | undefined {
  const bits = from.length * 8;
  let length = 0;
  while (length < bits && bit(from, length) === bit(to, length)) length++;
  if (length === bits) return undefined;
  for (let index = length; index < bits; index++) if (bit(from, index) !== 0 || bit(to, index) !== 1) return undefined;
  return length;
}

const bit = (bytes: Uint8Array, index: number): number => (bytes[index >> 3]! >> (7 - (index & 7))) & 1;

/** Prints an interval as `parseInterval` accepts it. @internal */
export function printInterval(type: DataType, { from, to }: Interval): string | number {
  if (from.equals(to)) return type.print(from);
  if (type.name === 'ifname') return namePrefix(from);
  const length = isAddress(type) ? prefixLength({ from, to }) : undefined;
  return length === undefined ? `${type.print(from)}-${type.print(to)}` : `${type.print(from)}/${length}`;
}

/** Returns true if prefixes of a type are common: addresses of IPv4 and IPv6. */
function isAddress({ name }: DataType): boolean {
  return name === 'ipv4_addr' || name === 'ipv6_addr';
}

function parsePrefixObject(type: DataType, prefix: unknown, path: string): Interval {
  if (typeof prefix !== 'object' || prefix === null) throw wrongValue(path, 'an address and a length', prefix);
  const { addr, len } = prefix as { readonly addr?: unknown; readonly len?: unknown };
  if (!type.hasRanges) throw new FieldError(path, `a value of the type ${type.name} has no prefix`);
  if (typeof len !== 'number') throw wrongValue(`${path}.len`, 'a prefix length', len);
  return prefixInterval(type, type.parse(addr, `${path}.addr`), len, path);
}

/** Splits `1024-2048`. Names can contain a hyphen, so each of them is tried. */
function splitRange(type: DataType, text: string, path: string): Interval | undefined {
  const accepts = (value: string): boolean => {
    try {
      type.parse(value, path);
      return true;
    } catch {
      return false;
    }
  };
  if (!text.includes('-') || accepts(text)) return undefined;
  for (let at = text.indexOf('-'); at >= 0; at = text.indexOf('-', at + 1)) {
    const [first, last] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    if (accepts(first) && accepts(last)) return orderedInterval(type, type.parse(first, path), type.parse(last, path), path);
  }
  return undefined;
}

function orderedInterval(type: DataType, from: Buffer, to: Buffer, path: string): Interval {
  if (Buffer.compare(inNetworkOrder(type, from), inNetworkOrder(type, to)) > 0)
    throw new FieldError(path, `the first value, ${type.print(from)}, is over the last one, ${type.print(to)}`);
  return { from, to };
}
