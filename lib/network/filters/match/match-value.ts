import { addressText, linkAddressText, parseIp, parseLinkAddress } from '../../../wire/index.js';
import { FieldError } from '../../common/field-error.js';
import { network } from '../../fields/address-checks.js';
import { shown, type Check } from '../../fields/check.js';

/** The bits of a packet that a filter compares: where the mask has a 1, the packet must equal the value. @internal */
export interface Bits {
  readonly value: Uint8Array;
  readonly mask: Uint8Array;
}

/** The values of a field of a packet. @internal */
export interface MatchValue {
  /** Bytes of the field. */
  readonly size: number;
  /** The bits that the field has. */
  readonly full: Uint8Array;
  /** Checks a written value; returns it as it is read. */
  readonly check: Check<string | number>;
  /** Returns the bits of a checked value. */
  readonly toBits: (value: string | number) => Bits;
  /** Returns the value of bits; undefined if no value means them. */
  readonly fromBits: (bits: Bits) => string | number | undefined;
}

const NOTHING = 'compares no bit; omit the property';

/** Returns the bytes of an integer, the most significant first. @internal */
export function bytesOf(number: number, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => Math.floor(number / 256 ** (size - 1 - index)) % 256);
}

/** Returns the integer of bytes, the most significant first. @internal */
export function integerOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Returns true if two lists of bytes are equal. @internal */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/**
 * An integer, or one with a mask: `'0x10/0xfc'`.
 *
 * @param bits - The bits of the field.
 * @param names - Names of values.
 * @internal
 */
export function integerValue(bits: number, names: Readonly<Record<string, number>> = {}): MatchValue {
  const size = Math.ceil(bits / 8);
  const most = 2 ** bits - 1;
  const full = bytesOf(most, size);
  const words = Object.keys(names);
  const nameOf = (number: number): string | number => words.find((name) => names[name] === number) ?? number;
  const isValid = (number: number): boolean => Number.isInteger(number) && number >= 0 && number <= most;
  const parse = (value: unknown): { readonly number: number; readonly mask: number } | undefined => {
    if (typeof value === 'number') return { number: value, mask: most };
    if (typeof value !== 'string') return undefined;
    if (Object.hasOwn(names, value)) return { number: names[value]!, mask: most };
    const [, number, mask] = /^(0x[0-9a-f]+|\d+)(?:\/(0x[0-9a-f]+|\d+))?$/i.exec(value) ?? [];
    return number === undefined ? undefined : { number: Number(number), mask: mask === undefined ? most : Number(mask) };
  };
  const toBits = (value: string | number): Bits => {
    const { number, mask } = parse(value)!;
    return { value: bytesOf(number, size), mask: bytesOf(mask, size) };
  };
  const fromBits = ({ value, mask }: Bits): string | number =>
    sameBytes(mask, full) ? nameOf(integerOf(value)) : `0x${integerOf(value).toString(16)}/0x${integerOf(mask).toString(16)}`;
  return {
    size,
    full,
    toBits,
    fromBits,
    check: (value, path) => {
      const parsed = parse(value);
      if (parsed === undefined || !isValid(parsed.number) || !isValid(parsed.mask)) {
        const known = words.length === 0 ? '' : `one of ${words.map((name) => `'${name}'`).join(', ')}, `;
        throw new FieldError(
          path,
          `expected ${known}an integer up to ${most}, or a value and a mask such as '0x10/0xf0', not ${shown(value)}`,
        );
      }
      if (parsed.mask === 0) throw new FieldError(path, NOTHING);
      return fromBits(masked(toBits(value as string | number)));
    },
  };
}

/** Clears the bits of the value that are not in the mask; the kernel reports them and ignores them. @internal */
export function masked({ value, mask }: Bits): Bits {
  return { value: value.map((byte, index) => byte & mask[index]!), mask };
}

/** A MAC address, or one with a mask: `'02:00:00:00:00:00/ff:00:00:00:00:00'`. @internal */
export const macValue: MatchValue = {
  size: 6,
  full: new Uint8Array(6).fill(0xff),
  toBits: (value) => {
    const [address = '', mask = 'ff:ff:ff:ff:ff:ff'] = String(value).split('/');
    return { value: parseLinkAddress(address), mask: parseLinkAddress(mask) };
  },
  fromBits: ({ value, mask }) =>
    mask.every((byte) => byte === 0xff) ? linkAddressText(value) : `${linkAddressText(value)}/${linkAddressText(mask)}`,
  check: (value, path) => {
    let bits: Bits;
    try {
      if (typeof value !== 'string') throw new TypeError();
      bits = masked(macValue.toBits(value));
      if (bits.value.length !== 6 || bits.mask.length !== 6 || value.split('/').length > 2) throw new TypeError();
    } catch {
      throw new FieldError(path, `expected a MAC address such as '02:00:00:00:00:01', with a mask if needed, not ${shown(value)}`);
    }
    if (bits.mask.every((byte) => byte === 0)) throw new FieldError(path, NOTHING);
    return macValue.fromBits(bits)!;
  },
};

/** An IP network of one version: `'10.0.0.0/8'`; one address has no length. @internal */
export function networkValue(version: 4 | 6): MatchValue {
  const size = version === 4 ? 4 : 16;
  const toBits = (value: string | number): Bits => {
    const [address = '', length = size * 8] = String(value).split('/');
    const ones = Number(length);
    return { value: parseIp(address), mask: Uint8Array.from({ length: size }, (_, index) => prefixByte(ones - 8 * index)) };
  };
  const fromBits = ({ value, mask }: Bits): string | undefined => {
    const ones = mask.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
    if (!mask.every((byte, index) => byte === prefixByte(ones - 8 * index))) return undefined;
    return ones === size * 8 ? addressText(value) : `${addressText(value)}/${ones}`;
  };
  return {
    size,
    full: new Uint8Array(size).fill(0xff),
    toBits,
    fromBits,
    check: (value, path) => {
      const text = network(value, path);
      if (text.includes(':') !== (version === 6)) throw new FieldError(path, `expected an IPv${version} network, not '${text}'`);
      if (text.endsWith('/0')) throw new FieldError(path, NOTHING);
      return fromBits(toBits(text))!;
    },
  };
}

/** The byte of a mask with this number of ones, in it and behind it. */
function prefixByte(ones: number): number {
  return (0xff00 >> Math.min(8, Math.max(0, ones))) & 0xff;
}

/** Flags that are set or not, as `tc` writes them: `'+trk-new'`. @internal */
export function flagsValue(size: number, flags: Readonly<Record<string, number>>): MatchValue {
  const names = Object.keys(flags);
  const all = names.reduce((sum, name) => sum | flags[name]!, 0);
  const parts = (text: string): readonly string[] => text.match(/[+-][a-z]+/g) ?? [];
  const sum = (text: string, signs: string): number =>
    parts(text).reduce((bits, part) => (signs.includes(part[0]!) ? bits | flags[part.slice(1)]! : bits), 0);
  const toBits = (value: string | number): Bits => ({
    value: bytesOf(sum(String(value), '+'), size),
    mask: bytesOf(sum(String(value), '+-'), size),
  });
  const fromBits = ({ value, mask }: Bits): string | undefined => {
    const [set, compared] = [integerOf(value), integerOf(mask)];
    if ((compared & ~all) !== 0) return undefined;
    return names
      .filter((name) => (compared & flags[name]!) !== 0)
      .map((name) => `${(set & flags[name]!) === 0 ? '-' : '+'}${name}`)
      .join('');
  };
  return {
    size,
    full: bytesOf(all, size),
    toBits,
    fromBits,
    check: (value, path) => {
      const found = typeof value === 'string' ? parts(value) : [];
      if (found.length === 0 || found.join('') !== value || !found.every((part) => names.includes(part.slice(1))))
        throw new FieldError(path, `expected flags with + or -, such as '+${names[0]!}', of ${names.join(', ')}, not ${shown(value)}`);
      return fromBits(toBits(value))!;
    },
  };
}
