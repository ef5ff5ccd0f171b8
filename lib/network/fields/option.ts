import type { LinkNames } from '../names/link-names.js';
import { FieldError } from '../common/field-error.js';
import { boolean, integer, linkName, mac, shown, text, time, word, type Check } from './check.js';
import { ip } from './address-checks.js';

/**
 * One property of an object that is one attribute of the kernel: its name there, and both translations.
 *
 * A table of these is the whole translation of a kind of links or qdiscs.
 *
 * @internal
 */
export interface Option {
  /** The property in the engine's words. */
  readonly attribute: string;
  /** Checks a written value; returns it as it is read. */
  readonly check: Check;
  /** Translates the engine's value; undefined if it means that the property is absent. */
  readonly read: (value: unknown, names: LinkNames) => unknown;
  /** Translates a value into the engine's; `null` is the value that means "none". */
  readonly write: (value: unknown, names: LinkNames) => unknown;
  /** True if `null` removes the setting. */
  readonly nullable?: boolean;
  /** True if the kernel reports the property and does not accept it. */
  readonly out?: boolean;
  /** True if the kernel cannot change the property of an existing object. */
  readonly fixed?: boolean;
  /** The value of a new object. It is not sent at the creation, because a kernel without the feature rejects it. */
  readonly initial?: unknown;
  /** True if the value is the name of a link. */
  readonly names?: 'link';
  /** True for a rate: a number without a unit that is small is a mistake of its author. */
  readonly isRate?: true;
  /** The options of a property that is an object. */
  readonly group?: Readonly<Record<string, Option>>;
  /** Compares a wanted value with that of an object; equal values if omitted. */
  readonly same?: (wanted: unknown, found: unknown, object?: object) => boolean;
}

/** The properties of an object, by name; the compiler checks that a table is complete. @internal */
export type Options<T> = { readonly [K in keyof Required<T>]: Option };

/** Settings of an option. @internal */
export type OptionFlags = Pick<Option, 'nullable' | 'out' | 'fixed' | 'initial'>;

const same = (value: unknown): unknown => value;

/** A property with the same value here and in the engine. @internal */
export function plain(attribute: string, check: Check, flags: OptionFlags = {}): Option {
  return { attribute, check, read: same, write: same, ...flags };
}

/** An integer. @internal */
export function number(attribute: string, most = 0xffff_ffff, flags: OptionFlags = {}, least = 0): Option {
  return plain(attribute, integer(least, most), flags);
}

/** A text of at most `most` bytes. @internal */
export function string(attribute: string, most: number, flags: OptionFlags = {}): Option {
  return plain(attribute, text(most), flags);
}

/** A switch that is 0 or 1 to the kernel. @internal */
export function toggle(attribute: string, flags: OptionFlags = {}): Option {
  return {
    attribute,
    check: boolean,
    read: (value) => value !== 0 && value !== false,
    write: (value) => (value === true ? 1 : 0),
    ...flags,
  };
}

/** A switch that is a boolean in the engine already: an attribute without a payload. @internal */
export function presence(attribute: string, flags: OptionFlags = {}): Option {
  return { attribute, check: boolean, read: (value) => value === true, write: (value) => value === true, ...flags };
}

/** One of some words that are words in the engine too; `renamed` gives other names for some of them. @internal */
export function words<Word extends string>(attribute: string, known: readonly Word[], flags: OptionFlags = {}): Option {
  return plain(attribute, word(known), flags);
}

/** One of some words that are numbers in the engine. @internal */
export function numbered<Word extends string>(attribute: string, known: Readonly<Record<Word, number>>, flags: OptionFlags = {}): Option {
  const names = Object.keys(known) as Word[];
  const nameOf = (value: unknown): unknown => names.find((name) => known[name] === value) ?? value;
  // Numbers over 8 bits are EtherTypes.
  const check = word(names, names.some((name) => known[name] > 0xff) ? 0xffff : 0xff);
  return {
    attribute,
    // A number that has a name is read as the name.
    check: (value, path) => nameOf(check(value, path)),
    read: nameOf,
    write: (value) => (typeof value === 'string' ? known[value as Word] : value),
    ...flags,
  };
}

/**
 * A duration.
 *
 * @param tick - Milliseconds of the engine's unit. The kernel rounds down to it; a value that it cannot hold is rounded as it does.
 * @internal
 */
export function duration(attribute: string, tick: number, flags: OptionFlags & { readonly bigint?: boolean } = {}): Option {
  const { bigint = false, ...others } = flags;
  const ticks = (value: unknown): number => Math.floor(Number(((value as number) / tick).toPrecision(15)));
  const inTime = (count: number): number => Number((count * tick).toPrecision(15));
  const most = bigint ? Number.MAX_SAFE_INTEGER : 0xffff_ffff;
  return {
    attribute,
    check: (value, path) => {
      const wanted = time(value, path);
      const count = ticks(wanted);
      // The kernel turns off much that has a time of 0.
      if (count > most || (count === 0 && wanted > 0))
        throw new FieldError(path, `expected 0, or ${tick} to ${inTime(most)} milliseconds, not ${shown(value)}`);
      return inTime(count);
    },
    read: (value) => inTime(Number(value)),
    write: (value) => (bigint ? BigInt(ticks(value ?? 0)) : ticks(value ?? 0)),
    ...others,
  };
}

/** An IP address; `null` is the address that means "none". @internal */
export function ipAddress(attribute: string, none: string, flags: OptionFlags = {}): Option {
  return {
    attribute,
    check: ip,
    read: (value) => (value === '0.0.0.0' || value === '::' ? undefined : value),
    write: (value) => value ?? none,
    ...flags,
  };
}

/** A MAC address. @internal */
export function macAddress(attribute: string, flags: OptionFlags = {}): Option {
  return plain(attribute, mac, flags);
}

/** A link by name; the engine has its index. `null` is index 0. @internal */
export function link(attribute: string, flags: OptionFlags = {}): Option {
  return {
    attribute,
    check: linkName(127),
    read: (value, names) => (value === 0 ? undefined : names.nameOf(value as number)),
    write: (value, names) => (value === null ? 0 : names.indexOf(value as string)),
    names: 'link',
    ...flags,
  };
}

/** An option whose 0 means that the property is absent. @internal */
export function absentAtZero(option: Option): Option {
  return { ...option, read: (value, names) => (value === 0 ? undefined : option.read(value, names)) };
}

/** A duration in clock ticks of 1/100 s (`USER_HZ`). The kernel keeps it in ticks of its own, so it may read back one tick less. @internal */
export function clock(attribute: string, flags: OptionFlags & { readonly bigint?: boolean } = {}): Option {
  const same = (wanted: unknown, found: unknown): boolean => Math.abs(Number(wanted) - Number(found)) <= 10;
  return { ...duration(attribute, 10, flags), same };
}

/** An option that this library computes from an attribute that holds several of them, and back. @internal */
export function computed(name: string, check: Check, flags: OptionFlags = {}): Option {
  return plain(name, check, flags);
}
