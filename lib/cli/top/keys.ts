import { EMPTY, filter, fromEvent, mergeMap, type Observable } from 'rxjs';
import type { Output } from '../output/output.js';

/** A key that the screen knows. */
export type Key = 'quit' | 'interrupt' | 'sort' | 'up' | 'down' | 'page-up' | 'page-down' | 'home' | 'end';

/** The sequences that terminals send, as xterm does. A terminal in raw mode sends Ctrl-C as a character. */
const KEYS: Readonly<Record<string, Key>> = {
  q: 'quit',
  '\u0003': 'interrupt',
  s: 'sort',
  '\u001b[A': 'up',
  '\u001b[B': 'down',
  '\u001bOA': 'up',
  '\u001bOB': 'down',
  '\u001b[5~': 'page-up',
  '\u001b[6~': 'page-down',
  '\u001b[H': 'home',
  '\u001b[F': 'end',
};

/** A key or a sequence that begins with ESC. */
const SEQUENCE = /\u001b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])?|[^\u001b]/gu;

/** Returns the keys in what a terminal has sent; several may arrive at once. */
export function keysIn(text: string): Key[] {
  return (text.match(SEQUENCE) ?? []).flatMap((sequence) => KEYS[sequence] ?? []);
}

/** Emits the keys that a person presses; nothing if standard input or output is not a terminal. */
export function keys(input: NodeJS.ReadStream, output: Output): Observable<Key> {
  if (!output.isTerminal || !input.isTTY) return EMPTY;
  input.setRawMode(true).setEncoding('utf8').resume();
  output.atEnd(() => {
    input.setRawMode(false).pause();
  });
  return fromEvent(input, 'data').pipe(
    filter((data) => typeof data === 'string'),
    mergeMap(keysIn),
  );
}
