import { suggestion } from '../../check/index.js';
import { FieldError } from '../common/field-error.js';
import type { FamilySchema } from '../../schema/index.js';
import { shown, text, type Check } from './check.js';

/** IFNAMSIZ - 1: the longest name of a kind. */
const KIND_LENGTH = 15;

/**
 * Accepts the name of a kind in a filter. The kernel may have kinds that this library does not know: only a name that is similar to a
 * known one is an error.
 *
 * @param known - Returns the kinds that the kernel's specifications name, and those that this library translates. It is called when a kind is
 *   checked: reading a specification takes longer than importing the rest of a table.
 * @internal
 */
export function kindName(known: () => Iterable<string>): Check<string> {
  let names: ReadonlySet<string> | undefined;
  const kind = text(KIND_LENGTH);
  return (value, path) => {
    const given = kind(value, path);
    names ??= new Set(known());
    const hint = names.has(given) ? '' : suggestion(given, names, '; ');
    if (hint !== '') throw new FieldError(path, `${shown(given)} is not known${hint}`);
    return given;
  };
}

/** Returns the question whether a kind is meant that has a property, for an object of another kind; `''` if that one is known, or not similar. @internal */
export function meantKind(kind: string, property: string, known: { has(kind: string): boolean }): string {
  return known.has(kind) || suggestion(kind, [property]) === '' ? '' : `; did you mean kind: '${property}'?`;
}

/** Returns the kinds that select the contents of a sub-message. @internal */
export function kindsOf({ subMessages }: FamilySchema, name: string): readonly string[] {
  const formats = subMessages.find((message) => message.name === name)?.formats ?? [];
  return formats.flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
}
