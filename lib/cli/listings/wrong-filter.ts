import { UsageError } from '../run/usage-error.js';

/** True for an error of a table about a property of the filter; the kernel was not asked. Its class may be of another copy of the library. */
export function isWrongFilter(error: unknown): boolean {
  const { reason, path, errno } = error as { readonly reason?: unknown; readonly path?: unknown; readonly errno?: unknown };
  return error instanceof Error && reason === 'invalid' && path !== undefined && path !== 'netns' && errno === 0;
}

/** Returns the error of a command line whose words are a wrong filter. */
export function wrongFilter(error: unknown, property: string, words: readonly string[]): UsageError {
  return new UsageError((error as Error).message + aboutWord(error, property, words));
}

/** The messages about a value of another kind; a word such as `10.0.0.0/33` needs no explanation. */
const OTHER_KIND = / is not (?:a valid name|an IP address)/;

/** Explains a word without a name whose property has no such value, as in `rxnetlink addresses 10.0.0.1`. */
function aboutWord(error: unknown, property: string, words: readonly string[]): string {
  const { path, message } = error as { readonly path?: unknown; readonly message: string };
  const word = words.find((text) => !text.includes('='));
  if (word === undefined || path !== property || !OTHER_KIND.test(message)) return '';
  return `; a word alone is the property ${property}: write NAME=${word} for another`;
}
