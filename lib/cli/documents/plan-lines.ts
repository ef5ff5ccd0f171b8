import type { Style } from '../output/style.js';
import { printable } from '../output/printable.js';

/** The colour of a line by its first character. */
const COLOURS: Readonly<Record<string, keyof Style>> = { '+': 'green', '-': 'red', '~': 'yellow', '!': 'yellow' };

/** Returns the lines of a plan in colours: what is added, removed, changed, and what goes along with it. */
export function planLines(text: string, style: Style): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const colour = COLOURS[line.trimStart()[0]!];
      return colour === undefined ? printable(line) : style[colour](printable(line));
    });
}
