import type { GetsetReply } from '../../families/nftables.js';
import { layoutOfRow, type SetLayout } from '../../network/internal.js';

/** The sets of nftables of a namespace, as the messages so far have left them: they state the types of the keys, which messages about elements lack. */
export class SetLayouts {
  readonly #layouts = new Map<string, SetLayout>();

  /** Returns the layout of a set; undefined if the set or one of its types is not known. */
  get(family: number, table: string | undefined, name: string | undefined): SetLayout | undefined {
    return this.#layouts.get(keyOf(family, table, name));
  }

  /** Replaces all sets by those that were read. */
  reset(rows: readonly GetsetReply[]): void {
    this.#layouts.clear();
    for (const row of rows) this.#set(row);
  }

  /** Remembers what a message reports. A deleted set is kept: the messages about its elements may follow. */
  update(operation: string, row: GetsetReply): void {
    if (operation === 'newset') this.#set(row);
  }

  #set(row: GetsetReply): void {
    const key = keyOf(row.nfgenFamily, row.table, row.name);
    const layout = layoutOfRow(row);
    if (layout === undefined) this.#layouts.delete(key);
    else this.#layouts.set(key, layout);
  }
}

function keyOf(family: number, table: string | undefined, name: string | undefined): string {
  return JSON.stringify([family, table, name]);
}
