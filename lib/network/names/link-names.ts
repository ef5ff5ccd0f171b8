import type { GetlinkReply } from '../../families/rt-link.js';

/** Those properties of a link that name it. @internal */
export type LinkNameRow = Pick<GetlinkReply, 'ifiIndex' | 'ifname' | 'propList'>;

/** The names and indexes of links at one moment. @internal */
export class LinkNames {
  readonly #names = new Map<number, string>();
  readonly #indexes = new Map<string, number>();

  constructor(rows: Iterable<LinkNameRow> = []) {
    for (const row of rows) this.add(row);
  }

  /** Adds a link with its name and its alternative names. */
  add({ ifiIndex, ifname, propList }: LinkNameRow): void {
    if (ifname !== undefined) {
      this.#names.set(ifiIndex, ifname);
      this.#indexes.set(ifname, ifiIndex);
    }
    for (const name of propList?.altIfname ?? []) this.#indexes.set(name, ifiIndex);
  }

  /** Removes a link with all its names. */
  remove(index: number): void {
    this.#names.delete(index);
    for (const [name, owner] of this.#indexes) if (owner === index) this.#indexes.delete(name);
  }

  /** The names, alternative ones included. */
  get all(): Iterable<string> {
    return this.#indexes.keys();
  }

  /** Returns the name of a link; undefined if no link had the index. */
  nameOf(index: number): string | undefined {
    return this.#names.get(index);
  }

  /** Returns the index of a link by its name or an alternative name; undefined if there is none. */
  indexOf(name: string): number | undefined {
    return this.#indexes.get(name);
  }
}
