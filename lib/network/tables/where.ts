import { suggestion } from '../../check/index.js';
import { FieldError } from '../common/field-error.js';
import type { Wanted } from './table-model.js';
import type { Shape } from '../fields/shape.js';

/** The properties of a table that filters may name. @internal */
export interface Filterable {
  readonly shape: Shape;
  readonly state: readonly string[];
}

/**
 * Checks a filter and returns it in the form of readers.
 *
 * @throws FieldError if a property is unknown, or has no value that the property can have.
 * @internal
 */
export function readFilter({ shape, state }: Filterable, filter: object): Wanted {
  const wanted: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(filter) as [string, unknown][]) {
    const check = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    if (check === undefined && !state.includes(name)) {
      const names = [...Object.keys(shape.fields), ...state];
      throw new FieldError(name, `is not a property to filter by${suggestion(name, names, '; ') || `; there are ${names.join(', ')}`}`);
    }
    if (value === undefined) throw new FieldError(name, 'undefined is not a value; omit the property, or use null for objects without it');
    wanted[name] = value === null || check === undefined ? value : check(value, name);
  }
  return wanted;
}

/** Returns true if an object has the wanted value of each property; `null` wants none. @internal */
export function fits(object: object, filter: Wanted): boolean {
  return Object.entries(filter).every(([name, value]) => (object as Record<string, unknown>)[name] === (value ?? undefined));
}
