import { isIP } from 'node:net';
import { UsageError } from '../run/usage-error.js';
import type { WordProperties } from './listing.js';

/** True for an error of a table about a property of the filter; the kernel was not asked. Its class may be of another copy of the library. */
export function isWrongFilter(error: unknown): boolean {
  const { reason, path, errno } = error as { readonly reason?: unknown; readonly path?: unknown; readonly errno?: unknown };
  return error instanceof Error && reason === 'invalid' && path !== undefined && path !== 'netns' && errno === 0;
}

/**
 * Returns the error of a table as the command reports it: a wrong filter is a wrong command line. A word without a name that cannot be
 * the property of such words is explained, as in `rxnetlink addresses 10.0.0.1/24`.
 */
export function explained(error: unknown, { word: property, addressProperty }: WordProperties, words: readonly string[]): unknown {
  const isWrong = isWrongFilter(error);
  const { path, reason, message } = error as { readonly path?: unknown; readonly reason?: unknown; readonly message: string };
  const word = words.find((text) => !text.includes('='));
  const isAbout = word !== undefined && path === property;
  const meant = isAbout && (isWrong || reason === 'missing') ? meantBy(word, addressProperty) : undefined;
  const other = meant ?? (isAbout && OTHER_KIND.test(message) ? `PROPERTY=${word} for another` : undefined);
  const text = other === undefined ? message : `${message}; a word alone is the property ${property}: write ${other}`;
  if (isWrong) return new UsageError(text);
  return meant === undefined ? error : new Error(text, { cause: error });
}

/** The messages about a value of another kind; a word such as `10.0.0.0/33` needs no explanation. */
const OTHER_KIND = / is not (?:a valid name|an IP address)/;

/** Returns the filter that a word with an IP address is meant as. */
function meantBy(word: string, property: WordProperties['addressProperty']): string | undefined {
  const [, address = '', length = ''] = /^([^/]+)(\/\d+)?$/.exec(word) ?? [];
  if (property === undefined || isIP(address) === 0) return undefined;
  return `${property.name}=${address}${property.hasLength === true ? length : ''}`;
}
