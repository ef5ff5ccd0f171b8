import { setText } from './elements.js';
import type { TableView } from './table-view.js';

/** Moves among the rows of links, or of hosts, by Up and Down, and chooses one by Enter or a click. The region with the rows keeps the focus. */
export class RowCursor {
  readonly #region: HTMLElement;
  readonly #announced: HTMLElement;
  readonly #table: TableView;
  readonly #choose: (key: string) => string;
  #keys: readonly string[] = [];
  #current: string | undefined;
  #marked: string | undefined;
  #isActive = false;

  /**
   * @param announced - The element whose text a screen reader reads when the cursor moves.
   * @param choose - Called with the key of the chosen row; returns what has happened to it, for a screen reader.
   */
  constructor(region: HTMLElement, announced: HTMLElement, table: TableView, choose: (key: string) => string) {
    this.#region = region;
    this.#announced = announced;
    this.#table = table;
    this.#choose = choose;
    region.addEventListener('keydown', (event) => this.#onKey(event));
    region.addEventListener('click', ({ target }) => {
      const key = this.#isActive ? this.#table.keyAt(target) : undefined;
      if (key === undefined) return;
      this.#moveTo(key);
      this.#choose(key);
    });
  }

  /** Begins with another table. */
  reset(isActive: boolean): void {
    this.#isActive = isActive;
    this.#current = undefined;
    this.#marked = undefined;
    this.#keys = [];
    this.#region.classList.toggle('choosable', isActive);
    setText(this.#announced, '');
  }

  /** Draws the cursor after the rows changed. */
  draw(keys: readonly string[]): void {
    this.#keys = keys;
    for (const key of [this.#current, this.#marked]) if (key !== undefined) this.#paint(key);
  }

  /** Marks the row whose link is plotted. */
  mark(key: string | undefined): void {
    const before = this.#marked;
    this.#marked = key;
    for (const changed of [before, key]) if (changed !== undefined) this.#paint(changed);
  }

  #onKey(event: KeyboardEvent): void {
    if (!this.#isActive || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Enter' && this.#current !== undefined) {
      const name = this.#nameOf(this.#current);
      setText(this.#announced, `${name} ${this.#choose(this.#current)}`);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const index = this.#current === undefined ? -1 : this.#keys.indexOf(this.#current);
      const next = event.key === 'ArrowDown' ? Math.min(this.#keys.length - 1, index + 1) : Math.max(0, index - 1);
      const key = this.#keys[next];
      if (key === undefined) return;
      this.#moveTo(key);
      setText(this.#announced, `${this.#nameOf(key)}, row ${next + 1} of ${this.#keys.length}`);
    } else return;
    event.preventDefault();
  }

  #moveTo(key: string): void {
    const before = this.#current;
    this.#current = key;
    if (before !== undefined) this.#paint(before);
    this.#paint(key);
    this.#table.element(key)?.scrollIntoView({ block: 'nearest' });
  }

  #nameOf(key: string): string {
    return this.#table.element(key)?.firstElementChild?.textContent ?? key;
  }

  #paint(key: string): void {
    const row = this.#table.element(key);
    row?.classList.toggle('current', key === this.#current);
    row?.classList.toggle('plotted', key === this.#marked);
  }
}
