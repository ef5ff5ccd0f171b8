import type { TableHead } from '../protocol.js';
import { hasWords, searchedText } from '../filter.js';
import type { Cells, RowsChange } from './object-keys.js';

/** The present rows of a table, and the keys of those that changed since the last events to the pages. */
export class TableState {
  readonly head: TableHead;
  readonly rows: Map<string, Cells> = new Map();
  readonly dirty: Set<string> = new Set();
  /** The reason why the rows are not current. */
  error: string | undefined;
  /** True if the error, or the first reading, has not been sent to the pages. */
  hasNews = false;
  /** True as soon as there is something to send: rows, the knowledge that there are none, or an error. */
  isKnown = false;

  constructor(head: TableHead) {
    this.head = head;
  }

  get isDirty(): boolean {
    return this.hasNews || this.dirty.size > 0;
  }

  apply(change: RowsChange): void {
    this.#learn(change.type === 'state' ? change.error : undefined);
    if (change.type === 'state') return;
    if (change.type === 'row') {
      if (change.cells === null) this.#remove(change.key);
      else this.#set(change.key, change.cells);
      return;
    }
    for (const key of this.rows.keys()) if (!change.rows.has(key)) this.#remove(key);
    for (const [key, cells] of change.rows) this.#set(key, cells);
  }

  /** The rows are kept: they are what was true last. */
  fail(error: string): void {
    this.#learn(error);
  }

  /** True if there is a row with this key, and each of the words is in it. */
  has(key: string, words: readonly string[]): boolean {
    const cells = this.rows.get(key);
    return cells !== undefined && (words.length === 0 || hasWords(searchedText(cells), words));
  }

  /** Notes that everything has been sent to the pages. */
  settle(): void {
    this.dirty.clear();
    this.hasNews = false;
  }

  #learn(error: string | undefined): void {
    if (this.isKnown && this.error === error) return;
    this.isKnown = true;
    this.error = error;
    this.hasNews = true;
  }

  #set(key: string, cells: Cells): void {
    const before = this.rows.get(key);
    if (before !== undefined && isSame(before, cells)) return;
    this.rows.set(key, cells);
    this.dirty.add(key);
  }

  #remove(key: string): void {
    if (this.rows.delete(key)) this.dirty.add(key);
  }
}

function isSame(one: Cells, other: Cells): boolean {
  return one === other || one.every((cell, index) => cell === other[index]);
}
