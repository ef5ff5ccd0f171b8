import { addressText, parseIp } from '../../wire/index.js';
import { FieldError } from '../common/field-error.js';
import { shown, type Check } from './check.js';

const ZERO = '0'.charCodeAt(0);
const DOT = '.'.charCodeAt(0) - ZERO;

/** An address with a prefix length, taken apart. @internal */
export interface ParsedCidr {
  /** The address in canonical text. */
  readonly address: string;
  /** Bits of the prefix; undefined if the text has none. */
  readonly length: number | undefined;
  readonly family: 4 | 6;
}

/** Parses an address with an optional prefix length. @throws FieldError @internal */
export function parseCidr(value: unknown, path: string): ParsedCidr {
  if (typeof value === 'string') {
    const slash = value.indexOf('/');
    if (bitsOf(value, slash < 0 ? value.length : slash) !== undefined) {
      if (slash < 0) return { address: value, length: undefined, family: 4 };
      const length = lengthOf(value, slash);
      if (length !== undefined) return { address: value.slice(0, slash), length, family: 4 };
    }
  }
  const { bytes, length } = readCidr(value, path);
  return { address: addressText(bytes), length, family: bytes.length === 4 ? 4 : 6 };
}

/** Returns the IP version of an address that a check has accepted. @internal */
export function versionOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4;
}

/** Returns the parts of an address with an optional prefix length that a check has accepted. @internal */
export function splitCidr(text: string): Omit<ParsedCidr, 'family'> {
  const slash = text.indexOf('/');
  if (slash < 0) return { address: text, length: undefined };
  return { address: text.slice(0, slash), length: Number(text.slice(slash + 1)) };
}

/**
 * Returns the bits of an IPv4 address that is written as readers return it; undefined for any other text.
 *
 * Documents have many thousands of them, and most are written so: they need no parsing and no new text.
 *
 * @param end - The position behind the address.
 */
function bitsOf(text: string, end: number): number | undefined {
  let bits = 0;
  let part = 0;
  let digits = 0;
  let parts = 1;
  for (let position = 0; position < end; position++) {
    const digit = text.charCodeAt(position) - ZERO;
    if (digit >= 0 && digit <= 9) {
      // A leading zero is not canonical.
      if (digits > 0 && part === 0) return undefined;
      part = part * 10 + digit;
      digits++;
      if (part > 255) return undefined;
    } else {
      if (digit !== DOT || digits === 0) return undefined;
      bits = bits * 256 + part;
      part = 0;
      digits = 0;
      parts++;
    }
  }
  return parts === 4 && digits > 0 ? bits * 256 + part : undefined;
}

/** Returns a prefix length of IPv4 that is written as readers return it; undefined for any other text. */
function lengthOf(text: string, slash: number): number | undefined {
  const first = text.charCodeAt(slash + 1) - ZERO;
  const second = text.charCodeAt(slash + 2) - ZERO;
  if (!(first >= 0 && first <= 9) || text.length > slash + 3) return undefined;
  if (text.length === slash + 2) return first;
  return first > 0 && second >= 0 && second <= 9 && first * 10 + second <= 32 ? first * 10 + second : undefined;
}

/** @throws FieldError */
function readCidr(value: unknown, path: string): { readonly bytes: Uint8Array; readonly length: number | undefined } {
  if (typeof value !== 'string') throw new FieldError(path, `expected an address, not ${shown(value)}`);
  const slash = value.indexOf('/');
  const digits = slash < 0 ? undefined : value.slice(slash + 1);
  const bytes = digits === undefined || /^\d{1,3}$/.test(digits) ? bytesOf(slash < 0 ? value : value.slice(0, slash)) : undefined;
  if (bytes === undefined) throw new FieldError(path, `'${value}' is not an IP address`);
  const length = digits === undefined ? undefined : Number(digits);
  const most = bytes.length * 8;
  if (length !== undefined && length > most) throw new FieldError(path, `'${value}' has a prefix length over ${most}`);
  return { bytes, length };
}

function bytesOf(address: string): Uint8Array | undefined {
  try {
    return parseIp(address);
  } catch {
    return undefined;
  }
}

/** Accepts an IP address without a length. @internal */
export const ip: Check<string> = (value, path) => {
  if (typeof value === 'string' && bitsOf(value, value.length) !== undefined) return value;
  const { address, length } = parseCidr(value, path);
  if (length !== undefined) throw new FieldError(path, `expected an address without a prefix length, not ${shown(value)}`);
  return address;
};

/** Accepts an address with a length, host bits included. @internal */
export const cidr: Check<string> = (value, path) => {
  const { address, length, family } = parseCidr(value, path);
  if (length === undefined)
    throw new FieldError(
      path,
      `'${address}' has no prefix length; write '${address}/${family === 4 ? 24 : 64}' or '${address}/${family === 4 ? 32 : 128}'`,
    );
  return `${address}/${length}`;
};

/** Accepts an address with or without a length, for keys. @internal */
export const anyCidr: Check<string> = (value, path) => {
  const { address, length } = parseCidr(value, path);
  return length === undefined ? address : `${address}/${length}`;
};

/** Accepts a network: a prefix without host bits; an address alone means its full length. @internal */
export const network: Check<string> = (value, path) => {
  if (typeof value === 'string' && isNetwork(value)) return value;
  const { bytes, length = bytes.length * 8 } = readCidr(value, path);
  const address = addressText(bytes);
  if (bytes.every((byte, index) => (byte & ~maskOf(length, index)) === 0)) return `${address}/${length}`;
  const prefix = addressText(bytes.map((byte, index) => byte & maskOf(length, index)));
  throw new FieldError(path, `'${address}/${length}' has host bits; the network is '${prefix}/${length}'`);
};

/** Returns true for an IPv4 network without host bits that is written as readers return it. */
function isNetwork(text: string): boolean {
  const slash = text.indexOf('/');
  const bits = slash < 0 ? undefined : bitsOf(text, slash);
  const length = bits === undefined ? undefined : lengthOf(text, slash);
  return length !== undefined && bits! % 2 ** (32 - length) === 0;
}

/** Returns the mask of one byte of a prefix. */
function maskOf(length: number, index: number): number {
  return (0xff00 >> Math.min(8, Math.max(0, length - 8 * index))) & 0xff;
}
