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
 * @param known - The kinds that the kernel's specifications name, and those that this library translates.
 * @internal
 */
export function kindName(...known: readonly Iterable<string>[]): Check<string> {
  const names = new Set(known.flatMap((some) => [...some]));
  const kind = text(KIND_LENGTH);
  return (value, path) => {
    const given = kind(value, path);
    const hint = names.has(given) ? '' : suggestion(given, names, '; ');
    if (hint !== '') throw new FieldError(path, `${shown(given)} is not known${hint}`);
    return given;
  };
}

/** Returns the kinds that select the contents of a sub-message. @internal */
export function kindsOf({ subMessages }: FamilySchema, name: string): readonly string[] {
  const formats = subMessages.find((message) => message.name === name)?.formats ?? [];
  return formats.flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
}
