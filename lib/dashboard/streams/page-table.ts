import { MOST_SENT, type Row, type TableRows } from '../protocol.js';
import type { TableState } from '../tables/table-state.js';

/** A table as one page has it: the rows that its filter matches, at most 2,000 of them. */
export class PageTable {
  readonly state: TableState;
  readonly #words: readonly string[];
  /** The keys that the filter matches; undefined if there is no filter. */
  #matching: Set<string> | undefined;
  readonly #sent = new Set<string>();
  /** The numbers of the last event. */
  #total = 0;
  #count = 0;
  /** True if the page needs all rows: it has none yet, or missed changes. */
  isStale = true;

  constructor(state: TableState, words: readonly string[]) {
    this.state = state;
    this.#words = words;
  }

  /** Returns all rows that the page is to have. */
  all(): TableRows {
    const { rows } = this.state;
    this.isStale = false;
    this.#sent.clear();
    this.#matching = this.#words.length === 0 ? undefined : new Set([...rows.keys()].filter((key) => this.state.has(key, this.#words)));
    return this.#event(this.#fill());
  }

  /** Returns what changed; undefined if the page need not know any of it. */
  diff(): TableRows | undefined {
    const { rows, dirty, hasNews } = this.state;
    if (dirty.size === 0 && !hasNews) return undefined;
    const changed: Row[] = [];
    const gone = [...dirty].filter((key) => !this.#match(key));
    for (const key of gone) if (this.#sent.delete(key)) changed.push([key, null]);
    for (const key of dirty) {
      const cells = rows.get(key);
      if (cells === undefined || this.#matching?.has(key) === false) continue;
      if (this.#sent.size >= MOST_SENT && !this.#sent.has(key)) continue;
      this.#sent.add(key);
      changed.push([key, cells]);
    }
    changed.push(...this.#fill());
    const isOther = rows.size !== this.#total || (this.#matching?.size ?? rows.size) !== this.#count;
    return changed.length > 0 || hasNews || isOther ? this.#event(changed) : undefined;
  }

  /** Notes whether the filter matches a row now. */
  #match(key: string): boolean {
    const isMatching = this.state.has(key, this.#words);
    if (isMatching) this.#matching?.add(key);
    else this.#matching?.delete(key);
    return isMatching;
  }

  /** Returns rows for the places that are free. */
  #fill(): readonly Row[] {
    const keys = this.#matching ?? this.state.rows;
    const added: Row[] = [];
    if (this.#sent.size >= Math.min(MOST_SENT, keys.size)) return added;
    for (const key of keys.keys()) {
      if (this.#sent.size >= MOST_SENT) break;
      if (this.#sent.has(key)) continue;
      this.#sent.add(key);
      added.push([key, this.state.rows.get(key)!]);
    }
    return added;
  }

  #event(rows: readonly Row[]): TableRows {
    const { head, error, rows: all } = this.state;
    this.#total = all.size;
    this.#count = this.#matching?.size ?? all.size;
    return {
      table: head.name,
      rows,
      total: this.#total,
      matching: this.#count,
      ...(error !== undefined && { error }),
    };
  }
}
