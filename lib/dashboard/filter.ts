// Filters of rows. The server and the page find the same rows: code of Node and code of the browser import this file.
import type { Cell } from './protocol.js';

/** The longest filter; the rest is ignored. */
const LONGEST = 200;

/** Returns the words of a filter: a row matches if its text contains all of them. */
export function filterWords(filter: string): readonly string[] {
  return filter
    .slice(0, LONGEST)
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** Returns the text of a row that filters search. */
export function searchedText(cells: readonly Cell[]): string {
  return cells
    .map((cell) => cell ?? '')
    .join(' ')
    .toLowerCase();
}

/** True if the text of a row contains each of the words. */
export function hasWords(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}
