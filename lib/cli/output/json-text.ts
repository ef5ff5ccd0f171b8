import { stringify } from '../../schema/index.js';
import { UNPRINTABLE } from './printable.js';

/**
 * Returns a value as JSON for programs. Of key material it has the length only.
 *
 * Characters that a terminal would obey are escaped: JSON itself permits C1 control characters, and those that reverse the direction of text.
 */
export function jsonText(value: unknown, indent = 0): string {
  return stringify(value, { indent }).replaceAll(UNPRINTABLE, (character) => (character === '\n' ? character : escaped(character)));
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`).join('');
}
