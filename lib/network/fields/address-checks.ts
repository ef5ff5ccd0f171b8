import { addressText, parseIp } from '../../wire/index.js';
import { FieldError } from '../common/field-error.js';
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
  if (typeof value !== 'string') throw new FieldError(path, `expected an address, not ${shown(value)}`);
  const [, host = '', digits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(value) ?? [];
  let bytes: Uint8Array;
  try {
    bytes = parseIp(host);
  } catch {
    throw new FieldError(path, `'${value}' is not an IP address`);
  }
  const length = digits === undefined ? undefined : Number(digits);
  const most = bytes.length * 8;
  if (length !== undefined && length > most) throw new FieldError(path, `'${value}' has a prefix length over ${most}`);
  return { address: addressText(bytes), length, family: bytes.length === 4 ? 4 : 6 };
}

/** Accepts an IP address without a length. @internal */
export const ip: Check<string> = (value, path) => {
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
  const { address, length, family } = parseCidr(value, path);
  const bits = family === 4 ? 32 : 128;
  const used = length ?? bits;
  const bytes = parseIp(address);
  const masked = bytes.map((byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, used - 8 * index))) & 0xff);
  const prefix = addressText(masked);
  if (prefix !== address) throw new FieldError(path, `'${address}/${used}' has host bits; the network is '${prefix}/${used}'`);
  return `${prefix}/${used}`;
};
