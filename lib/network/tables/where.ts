import { FieldError } from '../common/field-error.js';
import { boolean, ipVersion, uint32, type Check } from '../fields/check.js';
import type { Normal, Shape } from '../fields/shape.js';
import { propertyHint } from '../fields/words-of-ip.js';

type Wanted = Normal;

const FLAGS = ['carrier', 'byDefault', 'dadFailed', 'dead', 'deprecated', 'detached', 'external', 'inHardware', 'linkDown', 'offloaded'];
const MORE_FLAGS = ['permanent', 'secondary', 'temporary', 'tentative', 'unresolved'];
const NUMBERS = ['index', 'linkIndex', 'minMtu', 'maxMtu'];

/** The checks of properties that only readers return, in any table; the others are texts. */
const OF_READERS: Readonly<Record<string, Check>> = {
  family: ipVersion,
  ...Object.fromEntries([...FLAGS, ...MORE_FLAGS].map((name) => [name, boolean])),
  ...Object.fromEntries(NUMBERS.map((name) => [name, uint32])),
};

/** The properties of a table that filters may name. @internal */
export interface Filterable {
  readonly shape: Shape;
  readonly state: readonly string[];
  /** The checks of properties of this table that differ from those of writers, or that only readers return. */
  readonly filterChecks?: Readonly<Record<string, Check>>;
}

/**
 * Checks a filter and returns it in the form of readers.
 *
 * @throws FieldError if a property is unknown, or has no value that the property can have.
 * @internal
 */
export function readFilter({ shape, state, filterChecks = {} }: Filterable, filter: object): Wanted {
  const wanted: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(filter) as [string, unknown][]) {
    const check = filterChecks[name] ?? (Object.hasOwn(shape.fields, name) ? shape.fields[name] : OF_READERS[name]);
    if (!Object.hasOwn(shape.fields, name) && !state.includes(name)) {
      const names = [...Object.keys(shape.fields), ...state];
      throw new FieldError(name, `is not a property to filter by${propertyHint(name, names, { own: shape.aliases })}`);
    }
    if (value === undefined) throw new FieldError(name, 'undefined is not a value; omit the property, or use null for objects without it');
    if (typeof value === 'object' && value !== null)
      throw new FieldError(name, 'a filter compares texts, numbers and flags only; filter the result for other properties');
    wanted[name] = value === null || check === undefined ? value : check(value, name);
  }
  return wanted;
}

/** Comparisons of single properties of a filter. @internal */
export type FilterComparisons<T = never> = Readonly<Record<string, (wanted: unknown, found: unknown, object: T) => boolean>>;

/** Returns true if an object has the wanted value of each property; `null` wants none, and a flag that is off may be absent. @internal */
export function fits<T extends object>(object: T, filter: Wanted, same: FilterComparisons<T> = {}): boolean {
  for (const name in filter) {
    const [value, found] = [filter[name], (object as Record<string, unknown>)[name]];
    if (!(same[name]?.(value, found, object) ?? (found === (value ?? undefined) || (value === false && found === undefined)))) return false;
  }
  return true;
}
