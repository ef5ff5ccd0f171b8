import { suggestion } from '../../../../check/index.js';
import { FieldError } from '../../../common/field-error.js';
import { shown } from '../../../fields/check.js';

/** The properties of the body of a statement. @internal */
export type Body = Readonly<Record<string, unknown>>;

/** Returns the body of a statement; an empty one for `null`. @throws FieldError for a property that the statement does not have. @internal */
export function bodyOf(body: unknown, path: string, names: readonly string[]): Body {
  if (body === null) return {};
  if (typeof body !== 'object' || Array.isArray(body)) throw new FieldError(path, `expected an object, not ${shown(body)}`);
  for (const [name, value] of Object.entries(body)) {
    if (!names.includes(name))
      throw new FieldError(`${path}.${name}`, `unknown property${suggestion(name, names, '; ') || `; there are ${names.join(', ')}`}`);
    if (value === undefined) throw new FieldError(`${path}.${name}`, 'undefined is not a value; omit the property');
  }
  return body as Body;
}

/** Returns the sum of flags: of one name, or of a list of names. @throws FieldError @internal */
export function flagsOf(value: unknown, path: string, flags: Readonly<Record<string, number>>): number {
  if (value === undefined) return 0;
  const names: readonly unknown[] = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  return names.reduce<number>((sum, name, index) => sum | oneOf(name, Array.isArray(value) ? `${path}[${index}]` : path, flags), 0);
}

/** Returns the value of a name in a table. @throws FieldError @internal */
export function oneOf<T>(name: unknown, path: string, table: Readonly<Record<string, T>>): T {
  if (typeof name === 'string' && Object.hasOwn(table, name)) return table[name]!;
  const names = Object.keys(table);
  const hint = typeof name === 'string' ? suggestion(name, names, '; ') : '';
  throw new FieldError(path, `expected ${names.map((known) => `'${known}'`).join(', ')}, not ${shown(name)}${hint}`);
}
