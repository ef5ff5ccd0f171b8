import type { TableHead } from '../../protocol.js';
import { html, setText } from './elements.js';

/** The tabs of the tables: one stop of the Tab key; arrows, Home and End move among them. */
export class Tabs {
  readonly #list: HTMLElement;
  readonly #panel: HTMLElement;
  readonly #open: (name: string) => void;
  #tabs: readonly { readonly name: string; readonly button: HTMLElement; readonly count: HTMLElement }[] = [];

  constructor(list: HTMLElement, panel: HTMLElement, open: (name: string) => void) {
    this.#list = list;
    this.#panel = panel;
    this.#open = open;
    list.addEventListener('click', ({ target }) => {
      const tab = this.#tabs.find(({ button }) => target instanceof Node && button.contains(target));
      if (tab !== undefined) this.select(tab.name);
    });
    list.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /** Makes the tabs of some tables. */
  show(heads: readonly TableHead[]): void {
    this.#tabs = heads.map(({ name, title }) => {
      const button = html('button', { type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': this.#panel.id }, title);
      const count = html('span', { class: 'count' });
      button.append(' ', count);
      return { name, button, count };
    });
    this.#list.replaceChildren(...this.#tabs.map(({ button }) => button));
  }

  /** Sets the count of a tab, and marks it if its table has an error. */
  count(name: string, text: string, hasError: boolean): void {
    const tab = this.#tabs.find((other) => other.name === name);
    if (tab === undefined) return;
    setText(tab.count, text);
    tab.button.toggleAttribute('data-error', hasError);
  }

  /** Opens the tab of a table. */
  select(name: string): void {
    for (const tab of this.#tabs) {
      const isSelected = tab.name === name;
      tab.button.setAttribute('aria-selected', String(isSelected));
      tab.button.setAttribute('tabindex', isSelected ? '0' : '-1');
      if (isSelected) this.#panel.setAttribute('aria-labelledby', tab.button.id);
    }
    this.#open(name);
  }

  #onKey(event: KeyboardEvent): void {
    const index = this.#tabs.findIndex(({ button }) => button === document.activeElement);
    const count = this.#tabs.length;
    const next = new Map([
      ['ArrowRight', (index + 1) % count],
      ['ArrowLeft', (index + count - 1) % count],
      ['Home', 0],
      ['End', count - 1],
    ]).get(event.key);
    const tab = index < 0 || next === undefined ? undefined : this.#tabs[next];
    if (tab === undefined) return;
    event.preventDefault();
    this.select(tab.name);
    tab.button.focus();
  }
}
