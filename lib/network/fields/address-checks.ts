import { addressText, parseIp } from '../../wire/index.js';
import { FieldError } from '../common/field-error.js';
import { canonicalBits, NO_LENGTH } from './canonical-address.js';
import { shown, type Check } from './check.js';

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
    if (canonicalBits(value) >= 0) return { ...splitCidr(value), family: versionOf(value) };
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
  if (typeof value === 'string' && isCanonical(value, false)) return value;
  const { address, length } = parseCidr(value, path);
  if (length !== undefined) throw new FieldError(path, `expected an address without a prefix length, not ${shown(value)}`);
  return address;
};

/** Accepts an address with a length, host bits included. @internal */
export const cidr: Check<string> = (value, path) => {
  if (typeof value === 'string' && isCanonical(value, true)) return value;
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
  if (typeof value === 'string' && isCanonical(value, true)) return value;
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

/** Returns true for a network without host bits that is written as readers return it. */
function isNetwork(text: string): boolean {
  const bits = canonicalBits(text);
  const length = bits & NO_LENGTH;
  return bits >= 0 && length !== NO_LENGTH && length >= bits >> 8;
}

/** Returns true for an address with or without a prefix length that is written as readers return it. */
function isCanonical(text: string, hasLength: boolean): boolean {
  const bits = canonicalBits(text);
  return bits >= 0 && ((bits & NO_LENGTH) !== NO_LENGTH) === hasLength;
}

/** Returns the mask of one byte of a prefix. */
function maskOf(length: number, index: number): number {
  return (0xff00 >> Math.min(8, Math.max(0, length - 8 * index))) & 0xff;
}
