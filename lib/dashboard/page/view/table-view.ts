import type { TableHead } from '../../protocol.js';
import type { Entry } from '../model/table-rows.js';
import { cellText } from '../model/format.js';
import { html } from './elements.js';

/** A row of the document, and the values that it shows. */
interface DrawnRow {
  readonly element: HTMLTableRowElement;
  entry: Entry;
  extra: readonly string[];
}

/** Columns that the page adds behind the first column of a table. */
export interface ExtraColumns {
  readonly titles: readonly string[];
  /** Returns the texts of a row. */
  readonly texts: (key: string) => readonly string[];
}

/** The rows of one table in the document. A row is found by its key: only cells with another value change. */
export class TableView {
  readonly #head: HTMLElement;
  readonly #body: HTMLElement;
  readonly #rows = new Map<string, DrawnRow>();
  #columns: TableHead['columns'] = [];
  #extra: ExtraColumns | undefined;

  constructor(table: HTMLElement) {
    this.#head = table.querySelector('thead')!;
    this.#body = table.querySelector('tbody')!;
  }

  /** Shows another table, without rows. */
  open({ columns }: TableHead, extra: ExtraColumns | undefined): void {
    this.#columns = columns;
    this.#extra = extra;
    this.#rows.clear();
    this.#body.replaceChildren();
    const head = html('tr');
    for (const [index, { title, numeric }] of columns.entries()) {
      head.append(html('th', { scope: 'col', ...(numeric === true ? { class: 'number' } : {}) }, title));
      if (index === 0) for (const name of extra?.titles ?? []) head.append(html('th', { scope: 'col', class: 'number rate' }, name));
    }
    this.#head.replaceChildren(head);
  }

  /** Makes the document's rows equal to these. */
  render(entries: readonly Entry[]): void {
    const kept = new Set(entries.map(({ key }) => key));
    for (const [key, { element }] of this.#rows) {
      if (kept.has(key)) continue;
      element.remove();
      this.#rows.delete(key);
    }
    let place = this.#body.firstElementChild;
    for (const entry of entries) {
      const { element } = this.#update(entry);
      if (element === place) {
        place = place.nextElementSibling;
        continue;
      }
      // A row that moved down leaves its place: moving all rows behind it would be more work.
      if (place?.nextElementSibling === element) {
        const moved = place;
        place = element.nextElementSibling;
        moved.remove();
        continue;
      }
      this.#body.insertBefore(element, place);
    }
  }

  /** The element of a row, if it is in the document. */
  element(key: string): HTMLTableRowElement | undefined {
    return this.#rows.get(key)?.element;
  }

  /** The key of the row that contains a node of the document. */
  keyAt(target: EventTarget | null): string | undefined {
    const row = target instanceof Element ? target.closest('tr') : null;
    for (const [key, { element }] of this.#rows) if (element === row) return key;
    return undefined;
  }

  #update(entry: Entry): DrawnRow {
    const extra = this.#extra?.texts(entry.key) ?? [];
    let row = this.#rows.get(entry.key);
    if (row === undefined) {
      row = { element: this.#newRow(), entry: { ...entry, cells: [] }, extra: [] };
      this.#rows.set(entry.key, row);
    }
    const cells = row.element.children;
    if (row.entry !== entry) {
      for (const [index, cell] of entry.cells.entries()) {
        if (cell === (row.entry.cells[index] ?? null)) continue;
        const element = cells[index === 0 ? 0 : index + extra.length];
        if (element === undefined) continue;
        element.textContent = cellText(cell, this.#columns[index]!);
        if (this.#columns[index]?.name === 'state') element.setAttribute('data-state', String(cell ?? ''));
      }
      row.entry = entry;
    }
    for (const [index, text] of extra.entries()) if (text !== row.extra[index]) cells[1 + index]!.textContent = text;
    row.extra = extra;
    return row;
  }

  #newRow(): HTMLTableRowElement {
    const element = html('tr');
    for (const [index, { numeric }] of this.#columns.entries()) {
      element.append(index === 0 ? html('th', { scope: 'row' }) : html('td', numeric === true ? { class: 'number' } : {}));
      if (index === 0) for (const _ of this.#extra?.titles ?? []) element.append(html('td', { class: 'number rate' }));
    }
    return element;
  }
}
