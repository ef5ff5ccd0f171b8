import { FieldError } from '../common/field-error.js';
import { shown, type Check } from './check.js';
import { propertyHint } from './words-of-ip.js';

/** The properties of an object that writers accept. @internal */
export interface Shape {
  /** A check for each property that can be written. */
  readonly fields: Readonly<Record<string, Check>>;
  /** Properties that `null` removes. */
  readonly nullable?: readonly string[];
  /** Properties that readers add; writers ignore them in an object that was read, so that it can be written. */
  readonly out?: readonly string[];
  /** The properties to write in place of those, for error texts. */
  readonly remedies?: Readonly<Record<string, string>>;
  /** The properties that words of other programs mean here only, for error texts: `to` for the `flowid` of `tc`. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Properties that the error text about an unknown one does not list. */
  readonly unlisted?: readonly string[];
  /** Returns the paths of properties inside of others that an unknown one may mean. */
  readonly inner?: (name: string, object: object) => readonly string[];
  /** Checks of such properties, for values that readers never return. */
  readonly outChecks?: Readonly<Record<string, (value: unknown, path: string) => void>>;
}

/** An object in the form that readers return, with `null` for settings to remove. @internal */
export type Normal<T = Readonly<Record<string, unknown>>> = { readonly [K in keyof T]?: T[K] | null };

/**
 * Checks an object that the caller wrote and returns a copy in the form that readers return.
 *
 * @param others - Properties that the caller has read by itself, for error texts.
 * @throws FieldError that names the property.
 * @internal
 */
export function normalise<T extends object>(shape: Shape, value: unknown, place = '', others: readonly string[] = []): Normal<T> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FieldError(place, `expected an object, not ${shown(value)}`);
  const normal: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const given = (value as Record<string, unknown>)[name];
    const path = place === '' ? name : `${place}.${name}`;
    if (Object.hasOwn(shape.fields, name)) normal[name] = normaliseField(shape, name, given, path);
    else if (shape.out?.includes(name) === true) shape.outChecks?.[name]?.(given, path);
    else throw new FieldError(path, `unknown property${hint(shape, name, value, others)}`);
  }
  return normal as Normal<T>;
}

function hint({ fields, aliases, unlisted, inner }: Shape, name: string, object: object, others: readonly string[]): string {
  return propertyHint(name, [...Object.keys(fields), ...others], { own: aliases, unlisted, inner: inner?.(name, object) });
}

function normaliseField({ fields, nullable }: Shape, name: string, given: unknown, path: string): unknown {
  if (given === undefined) throw new FieldError(path, 'undefined is not a value; omit the property to leave it alone');
  if (given !== null) return fields[name]!(given, path);
  if (nullable?.includes(name) === true) return null;
  throw new FieldError(path, 'null is not a value: the property cannot be removed');
}

/** @throws FieldError if one of the properties is missing. @internal */
export function requireFields(normal: object, names: readonly string[]): void {
  for (const name of names)
    if (!Object.hasOwn(normal, name) || (normal as Record<string, unknown>)[name] === null) throw new FieldError(name, 'is required');
}

/** Returns a check for objects of a shape. @internal */
export function object<T extends object>(shape: Shape): Check<Normal<T>> {
  return (value, path) => normalise<T>(shape, value, path);
}
