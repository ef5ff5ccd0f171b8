import type { Cell } from '../protocol.js';

/** The longest filter; the rest is ignored. */
const LONGEST = 200;

/** Returns the words of a filter. */
export function wordsOf(filter: string): readonly string[] {
  return filter
    .slice(0, LONGEST)
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** True if each of the words is in the text of the cells. */
export function matches(cells: readonly Cell[], words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = cells
    .map((cell) => cell ?? '')
    .join(' ')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}
