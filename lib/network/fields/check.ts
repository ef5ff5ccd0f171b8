import { kindOf, suggestion } from '../../check/index.js';
import { linkAddressText, parseLinkAddress } from '../../wire/index.js';
import { FieldError } from '../common/field-error.js';
import { NetworkError } from '../common/network-error.js';
import { parsePercent, parseRate, parseSize, parseTime } from '../units/index.js';

/**
 * Checks a value that the caller wrote, and returns it as readers would return it: units as numbers, addresses in canonical text.
 *
 * @throws FieldError with the path, if the value is not valid.
 * @internal
 */
export type Check<T = unknown> = (value: unknown, path: string) => T;

/** Accepts `true` and `false`. @internal */
export const boolean: Check<boolean> = (value, path) => {
  if (typeof value === 'boolean') return value;
  throw new FieldError(path, `expected true or false, not ${shown(value)}`);
};

/** Accepts integers of a range. @internal */
export function integer(least: number, most: number): Check<number> {
  return (value, path) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new FieldError(path, `expected an integer from ${least} to ${most}, not ${shown(value)}`);
  };
}

/** Accepts any integer of 32 bits. @internal */
export const uint32: Check<number> = integer(0, 0xffff_ffff);

/** Accepts 4 or 6. @internal */
export const ipVersion: Check<4 | 6> = (value, path) => {
  if (value === 4 || value === 6) return value;
  throw new FieldError(path, `expected 4 or 6, not ${shown(value)}`);
};

/** Accepts text of a length, counted in bytes of UTF-8. @internal */
export function text(most: number, least = 1): Check<string> {
  return (value, path) => {
    if (typeof value !== 'string') throw new FieldError(path, `expected text, not ${shown(value)}`);
    const length = Buffer.byteLength(value);
    if (length < least || length > most || value.includes('\0'))
      throw new FieldError(path, `expected ${least} to ${most} bytes of text without NUL, not ${shown(value)}`);
    return value;
  };
}

/** Accepts the name of a network interface, or an alternative name, in which the kernel accepts more. @internal */
export function linkName(most: number): Check<string> {
  const name = text(most);
  return (value, path) => {
    const given = name(value, path);
    if (/[\t-\r /:]/.test(given) || given === '.' || given === '..')
      throw new FieldError(path, `'${given}' is not a valid name of a link; it must have no space, slash or colon`);
    return given;
  };
}

/** IFNAMSIZ - 1. */
const shortName = linkName(15);

/** Accepts a name that a link gets, as `dev_valid_name` and `__dev_alloc_name` of the kernel read it. @internal */
export const newLinkName: Check<string> = (value, path) => {
  const given = shortName(value, path);
  if (given.includes('%'))
    throw new FieldError(
      path,
      `'${given}' is not a valid name for a link: the kernel puts a number in place of '%d'; write the whole name`,
    );
  // The kernel's isspace() is that of Latin-1, for each byte.
  if (Buffer.from(given).includes(0xa0))
    throw new FieldError(path, `'${given}' is not a valid name for a link: its UTF-8 text has the byte 0xa0, a space to the kernel`);
  return given;
};

/** Accepts one of some words, or a number that the kernel may know. @internal */
export function word<Word extends string>(words: readonly Word[], most = 0xff): Check<Word | number> {
  return (value, path) => {
    if (typeof value === 'string' && (words as readonly string[]).includes(value)) return value as Word;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value;
    const hint = typeof value === 'string' ? suggestion(value, words, '; ') : '';
    throw new FieldError(path, `expected ${words.map((known) => `'${known}'`).join(', ')} or a number, not ${shown(value)}${hint}`);
  };
}

/** Accepts one of some words only. @internal */
export function choice<Word extends string>(words: readonly Word[]): Check<Word> {
  return (value, path) => {
    if ((words as readonly unknown[]).includes(value)) return value as Word;
    const hint = typeof value === 'string' ? suggestion(value, words, '; ') : '';
    throw new FieldError(path, `expected ${words.map((known) => `'${known}'`).join(' or ')}, not ${shown(value)}${hint}`);
  };
}

/** Accepts a MAC address of six bytes; returns it in lower case with colons. @internal */
export const mac: Check<string> = (value, path) => {
  try {
    const bytes = parseLinkAddress(value as string);
    if (bytes.length === 6) return linkAddressText(bytes);
  } catch {
    // The error below names the property.
  }
  throw new FieldError(path, `expected a MAC address such as '02:00:00:00:00:01', not ${shown(value)}`);
};

/** Accepts the address of any link layer, such as the 20 bytes of InfiniBand; returns it in lower case with colons. @internal */
export const hardwareAddress: Check<string> = (value, path) => {
  try {
    return linkAddressText(parseLinkAddress(value as string));
  } catch {
    throw new FieldError(path, `expected a link layer address such as '02:00:00:00:00:01', not ${shown(value)}`);
  }
};

/** Accepts a first and a last number. @internal */
export function pair(check: Check<number>): Check<readonly [number, number]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length !== 2) throw new FieldError(path, `expected a first and a last number, not ${shown(value)}`);
    const [first, last] = [check(value[0], `${path}[0]`), check(value[1], `${path}[1]`)];
    if (first > last) throw new FieldError(path, `the first number, ${first}, is over the last one, ${last}`);
    return [first, last];
  };
}

const port = integer(1, 0xffff);
const twoPorts = pair(port);

/** Accepts a port, or a first and a last one; equal ones are one port. @internal */
export const ports: Check<number | readonly [number, number]> = (value, path) => {
  if (!Array.isArray(value)) return port(value, path);
  const [first, last] = twoPorts(value, path);
  return first === last ? first : [first, last];
};

/** Accepts lists; every element passes the same check. @internal */
export function list<T>(check: Check<T>): Check<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new FieldError(path, `expected an array, not ${shown(value)}`);
    return value.map((element, index) => check(element, `${path}[${index}]`));
  };
}

/** Accepts what one of the parsers of units accepts, or a number of the base unit from 0 up. @internal */
function unit(parse: (text: string) => number, base: string): Check<number> {
  return (value, path) => {
    if (typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER) return value;
    if (typeof value !== 'string') throw new FieldError(path, `expected a number of ${base}, or text with a unit, not ${shown(value)}`);
    try {
      return parse(value);
    } catch (error) {
      throw new FieldError(path, error instanceof NetworkError ? error.message.replace(/^cannot parse \w+: /, '') : String(error));
    }
  };
}

/** Accepts a duration. @internal */
export const time: Check<number> = unit(parseTime, 'milliseconds');

/** Accepts whole milliseconds. @internal */
export const wholeTime: Check<number> = (value, path) => uint32(time(value, path), path);

/** Accepts a rate. @internal */
export const rate: Check<number> = (value, path) => {
  const bits = unit(parseRate, 'bits per second')(value, path);
  // Less is 0 bytes: no limit.
  if (bits === 0 || bits >= 8) return bits;
  throw new FieldError(path, `expected at least 8 bit/s, not ${shown(value)}`);
};

/** Accepts a size of whole bytes. @internal */
export const size: Check<number> = (value, path) => {
  const bytes = unit(parseSize, 'bytes')(value, path);
  if (Number.isInteger(bytes)) return bytes;
  throw new FieldError(path, `expected whole bytes, not ${shown(value)}`);
};

/** Accepts a share such as `'0.5%'`. @internal */
export const percent: Check<string> = (value, path) => {
  try {
    return `${Number((parsePercent(value as string) * 100).toPrecision(12))}%`;
  } catch (error) {
    throw new FieldError(path, error instanceof NetworkError ? error.message.replace(/^cannot parse \w+: /, '') : String(error));
  }
};

/** Returns a value for an error text. @internal */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return kindOf(value);
}
