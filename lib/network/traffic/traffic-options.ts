import { percent, rate as rateCheck, size, time, type Check } from '../fields/check.js';
import { FieldError } from '../common/field-error.js';
import { parsePercent } from '../units/index.js';
import { duration, plain, type Option, type OptionFlags } from '../fields/option.js';

/** The largest 32-bit number: a share of 100 %, and a rate without a limit. */
const MOST = 0xffff_ffff;

/** Accepts a rate of whole bytes; the kernel drops the rest. @internal */
export const wholeRate: Check<number> = (value, path) => {
  const bits = Math.floor(rateCheck(value, path) / 8) * 8;
  if (bits >= 0 && bits <= Number.MAX_SAFE_INTEGER) return bits;
  throw new FieldError(path, 'expected fewer bits per second');
};

/**
 * A rate; the engine has bytes per second. `null` is a rate of 0.
 *
 * @param flags - `wide` for attributes of 64 bits, `none` for the number that means no limit.
 * @internal
 */
export function rate(attribute: string, flags: OptionFlags & { readonly wide?: boolean; readonly none?: number } = {}): Option {
  const { wide = false, none = 0, ...others } = flags;
  const bytes = (value: unknown): number => (value === null ? none : (value as number) / 8);
  return {
    attribute,
    isRate: true,
    check: (value, path) => {
      const bits = wholeRate(value, path);
      if (wide || bits / 8 < MOST) return bits;
      throw new FieldError(path, `expected at most ${(MOST - 1) * 8} bits per second`);
    },
    read: (value) => (Number(value) === none ? undefined : Number(value) * 8),
    write: bytes,
    ...others,
  };
}

/** A size in bytes of a range. @internal */
export function sizeOf(attribute: string, flags: OptionFlags = {}, most: number = MOST, least = 0): Option {
  const check: Check = (value, path) => {
    const bytes = size(value, path);
    if (bytes >= least && bytes <= most) return bytes;
    throw new FieldError(path, `expected ${least} to ${most} bytes, not ${bytes}`);
  };
  return plain(attribute, check, flags);
}

/** A duration in microseconds. @internal */
export function microseconds(attribute: string, flags: OptionFlags = {}): Option {
  return within(duration(attribute, 0.001, flags), MOST / 1000);
}

/** A duration in nanoseconds. @internal */
export function nanoseconds(attribute: string, flags: OptionFlags & { readonly bigint?: boolean } = {}): Option {
  return duration(attribute, 1e-6, flags);
}

/**
 * A duration in microseconds that the kernel keeps in a coarser unit and truncates twice: 5 ms read back as 4,999 us.
 *
 * Its values are those that the kernel keeps: the smallest microseconds of each unit. The engine has what the kernel reports, and
 * writes one microsecond more.
 *
 * @param unit - Nanoseconds of the kernel's unit.
 * @internal
 */
export function coarse(attribute: string, unit: number, flags: OptionFlags = {}): Option {
  const kept = (units: number): number => Math.ceil((units * unit) / 1000);
  const whole = (milliseconds: number): number => Math.floor(Number((milliseconds * 1000).toPrecision(15)));
  return within(
    {
      attribute,
      check: (value, path) => kept(Math.floor((whole(time(value, path)) * 1000) / unit)) / 1000,
      read: (value) => kept(Math.ceil(((value as number) * 1000) / unit)) / 1000,
      write: (value) => Math.max(0, whole(value as number) - 1),
      ...flags,
    },
    MOST / 1000,
  );
}

/** A duration in microseconds that the kernel keeps in ticks of 64 ns, and reports up to one microsecond shorter. @internal */
export function ticked(option: Option): Option {
  return { ...option, same: (wanted, found) => Math.abs(Number(wanted) - Number(found)) < 0.001_5 };
}

/** A duration that the kernel rounds up to a clock tick of its own, at most 10 ms. @internal */
export function jiffies(option: Option): Option {
  return { ...option, same: (wanted, found) => Math.abs(Number(wanted) - Number(found)) <= 10 };
}

/** A share of packets, `'1%'`; the engine has 0xffffffff for 100 %. @internal */
export function share(attribute: string, flags: OptionFlags = {}): Option {
  return {
    attribute,
    check: (value, path) => {
      percent(value, path);
      return shareText(partOf(value));
    },
    read: (value) => shareText(value as number),
    write: (value) => partOf(value ?? '0%'),
    ...flags,
  };
}

/** A probability, `'2%'`, that the engine has in 32 bits after the point; as `tc`, the rest is dropped. @internal */
export function probability(attribute: string, flags: OptionFlags = {}): Option {
  const part = (value: unknown): number => Math.min(Math.trunc(parsePercent(value as string) * 2 ** 32), MOST);
  const text = (number: number): string => shortestShare(number, number / 2 ** 32, part);
  return {
    attribute,
    check: (value, path) => {
      percent(value, path);
      return text(part(value));
    },
    read: (value) => text(value as number),
    write: part,
    ...flags,
  };
}

/** The share of all other packets: 0 means 100 % to the engine. @internal */
export function complement(option: Option): Option {
  return {
    ...option,
    read: (value, names) => option.read(MOST - (value as number), names),
    write: (value, names) => MOST - (option.write(value, names) as number),
  };
}

/** Returns the kernel's number of a share; as in `tc`, one halfway between two numbers becomes the even one. */
function partOf(text: unknown): number {
  const exact = parsePercent(text as string) * MOST;
  const rounded = Math.round(exact);
  return rounded - exact === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}

function shareText(part: number): string {
  return shortestShare(part, part / MOST, partOf);
}

/** Returns the shortest text of a share that the kernel keeps as a number. */
function shortestShare(part: number, share: number, partOfText: (text: string) => number): string {
  const exact = share * 100;
  for (let digits = 1; digits < 12; digits++) {
    const shown = Number(exact.toPrecision(digits));
    const text = `${plainText(shown)}%`;
    if (partOfText(text) === part) return text;
  }
  return `${plainText(exact)}%`;
}

/** Returns a number without an exponent. */
function plainText(value: number): string {
  return value.toFixed(12).replace(/\.?0+$/, '');
}

/** An option whose 0 means that the setting is absent: it is read as absent, and 0 and `null` remove it. @internal */
export function absentAtZero(option: Option): Option {
  const isZero = (value: unknown): boolean => value === 0 || value === '0%' || value === 0n;
  return {
    ...option,
    nullable: true,
    check: (value, path) => {
      const checked = option.check(value, path);
      return isZero(checked) ? null : checked;
    },
    read: (value, names) => {
      const read = isZero(value) ? undefined : option.read(value, names);
      return isZero(read) ? undefined : read;
    },
    write: (value, names) => option.write(value, names) ?? 0,
  };
}

/** Restricts a duration to the milliseconds that the kernel can hold. */
function within(option: Option, most: number): Option {
  return {
    ...option,
    check: (value, path) => {
      const checked = option.check(value, path) as number;
      if (checked <= most) return checked;
      throw new FieldError(path, `expected at most ${Math.floor(most)} ms`);
    },
  };
}
