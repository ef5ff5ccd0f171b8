import { suggestion } from '../../check/index.js';
import { meantTable } from './other-words.js';

/** Returns the name of a table that an unknown word means, or the most similar one, as a question; `''` if there is none. */
export function tableSuggestion(word: string, names: readonly string[], prefix = ''): string {
  const meant = meantTable(word, names);
  return meant === undefined ? suggestion(word, names, prefix) : `${prefix}did you mean ${meant}?`;
}
