import type { Change } from '../event.js';
import type { SetLayouts } from '../set-layouts.js';
import type { LinkState, LinkStates } from '../link-states.js';

/** The material of a sentence, besides the message. */
export interface Context {
  /** The links as they are after the message. */
  readonly links: LinkStates;
  /** The sets of nftables. */
  readonly sets: SetLayouts;
  /** The link of a message about a link, as it was before. */
  readonly before?: LinkState | undefined;
}

/** Returns a change in words. `value` has the type that the family has for it. */
export type Sentence<Value = never> = (value: Value, event: Change, context: Context) => string;

/** Returns the verb of a message whose operation begins with `new` or `del`. */
export function verbOf({ operation, replaced, appended }: Change): string {
  if (operation.startsWith('del')) return 'removed';
  return replaced === true ? 'replaced' : appended === true ? 'appended' : 'added';
}

/** Returns the parts that are there, with a blank between them. */
export function words(...parts: readonly (string | number | false | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== false && part !== '').join(' ');
}

/** Returns notes in parentheses behind a sentence; an empty text if there are none. */
export function notes(parts: readonly (string | false | undefined)[]): string {
  const given = parts.filter((part) => part !== undefined && part !== false && part !== '');
  return given.length === 0 ? '' : `(${given.join(', ')})`;
}

/** Returns the names of the flags that are set; bits without a name are omitted. */
export function flagNames(flags: number, names: Readonly<Record<string, number>>): string[] {
  return Object.entries(names).flatMap(([name, bit]) => ((flags & bit) === 0 ? [] : [name.toLowerCase()]));
}
