import { hasWords, searchedText } from '../../filter.js';
import { MOST_SENT, type Cell, type TableHead, type TableRows } from '../../protocol.js';

/** The most rows that the document has. */
export const MOST_ROWS = 300;

/** A row. A change makes a new object, so the view finds changes by comparing objects. */
export interface Entry {
  readonly key: string;
  readonly cells: readonly Cell[];
  /** The text that filters search. */
  readonly text: string;
}

/** The rows that the document has, and the counts around them. */
export interface Shown {
  readonly entries: readonly Entry[];
  /** The number of rows that match the filter; `entries` are the first of them. */
  readonly matching: number;
  readonly total: number;
}

const collator = new Intl.Collator('en', { numeric: true });

/** The rows of a table by their keys, sorted by their first cells. */
export class TableModel {
  readonly head: TableHead;
  readonly #entries = new Map<string, Entry>();
  #sorted: Entry[] = [];
  #isSorted = true;
  #isKnown = false;
  #total = 0;
  #matching = 0;
  #error: string | undefined;

  constructor(head: TableHead) {
    this.head = head;
  }

  /** True when the server has sent the rows. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  get total(): number {
    return this.#total;
  }

  /** The reason why the rows are not current. */
  get error(): string | undefined {
    return this.#error;
  }

  /** True if the server has more rows than it sends: it has to filter. */
  get needsServer(): boolean {
    return this.#total > MOST_SENT;
  }

  /** Replaces all rows. */
  replace(event: TableRows): void {
    this.#entries.clear();
    this.change(event);
  }

  /**
   * Changes some rows.
   *
   * @returns The keys of the rows that are gone.
   */
  change({ rows, total, matching, error }: TableRows): string[] {
    const gone: string[] = [];
    for (const [key, cells] of rows) {
      if (cells !== null) this.#entries.set(key, { key, cells, text: searchedText(cells) });
      else if (this.#entries.delete(key)) gone.push(key);
    }
    this.#isKnown = true;
    this.#total = total;
    this.#matching = matching;
    this.#error = error;
    this.#isSorted &&= rows.length === 0;
    return gone;
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  /**
   * Returns the first rows that match a filter.
   *
   * @param words - All of them must be in a row.
   * @param load - The traffic of a row: rows with traffic come first, those with most of it before the others.
   */
  shown(words: readonly string[], load?: (key: string) => number): Shown {
    const all = this.#sortedEntries();
    const matching = words.length === 0 ? all : all.filter(({ text }) => hasWords(text, words));
    const ordered = load === undefined ? matching : busiestFirst(matching, load);
    // Of a table that the server filters, the page has only a part of the rows that match.
    return {
      entries: ordered.slice(0, MOST_ROWS),
      matching: this.needsServer ? Math.max(this.#matching, matching.length) : matching.length,
      total: this.#total,
    };
  }

  #sortedEntries(): readonly Entry[] {
    if (!this.#isSorted) {
      // Rows that did not change are sorted already: the sort is then a walk over them.
      const kept = new Set<string>();
      const before = this.#sorted.flatMap(({ key }) => {
        const entry = this.#entries.get(key);
        if (entry === undefined || kept.has(key)) return [];
        kept.add(key);
        return [entry];
      });
      const added = [...this.#entries.values()].filter(({ key }) => !kept.has(key));
      this.#sorted = [...before, ...added].sort(compareEntries);
      this.#isSorted = true;
    }
    return this.#sorted;
  }
}

function compareEntries(a: Entry, b: Entry): number {
  for (let index = 0; index < a.cells.length; index++) {
    const [left = null, right = null] = [a.cells[index], b.cells[index]];
    if (left === right) continue;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    const order = collator.compare(String(left ?? ''), String(right ?? ''));
    if (order !== 0) return order;
  }
  return collator.compare(a.key, b.key);
}

function busiestFirst(entries: readonly Entry[], load: (key: string) => number): readonly Entry[] {
  const busy: { readonly entry: Entry; readonly load: number }[] = [];
  const idle: Entry[] = [];
  for (const entry of entries) {
    const value = load(entry.key);
    if (value >= 1) busy.push({ entry, load: value });
    else idle.push(entry);
  }
  if (busy.length === 0) return entries;
  return [...busy.sort((a, b) => b.load - a.load).map(({ entry }) => entry), ...idle];
}
