import type { GetlinkReply } from '../../families/rt-link.js';
import { addressLength } from './address-length.js';

/** The properties of a link that name it, and its address: the addresses of its neighbours have the same length. @internal */
export type LinkNameRow = Pick<GetlinkReply, 'ifiIndex' | 'ifname' | 'propList' | 'address'>;

/** ETH_ALEN: the length of a MAC address. */
const ETHERNET = 6;

/** The names and indexes of links at one moment. @internal */
export class LinkNames {
  readonly #names = new Map<number, string>();
  readonly #indexes = new Map<string, number>();
  /** All names of each link. */
  readonly #all = new Map<number, readonly string[]>();
  /** The lengths of addresses that are not those of Ethernet; undefined for a link without an address. */
  readonly #lengths = new Map<number, number | undefined>();

  /** Returns the name of a link by its name or an alternative name; an unknown one is returned as it is. */
  readonly canonical = (link: string): string => this.nameOf(this.indexOf(link) ?? -1) ?? link;

  constructor(rows: Iterable<LinkNameRow> = []) {
    for (const row of rows) this.add(row);
  }

  /** Adds a link with its name and its alternative names. */
  add(row: LinkNameRow): void {
    const names = namesOf(row);
    if (row.ifname !== undefined) this.#names.set(row.ifiIndex, row.ifname);
    for (const name of names) this.#indexes.set(name, row.ifiIndex);
    this.#all.set(row.ifiIndex, names);
    const length = row.address === undefined ? undefined : addressLength(row.address);
    if (length === ETHERNET) this.#lengths.delete(row.ifiIndex);
    else this.#lengths.set(row.ifiIndex, length);
  }

  /** Returns true if a link is known with exactly these names. */
  has(row: LinkNameRow): boolean {
    const names = namesOf(row);
    const known = this.#all.get(row.ifiIndex);
    return known?.length === names.length && names.every((name) => known.includes(name));
  }

  /** Removes a link with all its names. */
  remove(index: number): void {
    for (const name of this.#all.get(index) ?? []) if (this.#indexes.get(name) === index) this.#indexes.delete(name);
    this.#names.delete(index);
    this.#all.delete(index);
    this.#lengths.delete(index);
  }

  /** The names, alternative ones included. */
  get all(): Iterable<string> {
    return this.#indexes.keys();
  }

  /** Returns the name of a link; undefined if no link had the index. */
  nameOf(index: number): string | undefined {
    return this.#names.get(index);
  }

  /** Returns the number of bytes of the addresses of a link; undefined if it has none, or is not known. */
  addressLengthOf(index: number): number | undefined {
    if (this.#lengths.has(index)) return this.#lengths.get(index);
    return this.#all.has(index) ? ETHERNET : undefined;
  }

  /** Returns the index of a link by its name or an alternative name; undefined if there is none. */
  indexOf(name: string): number | undefined {
    return this.#indexes.get(name);
  }
}

function namesOf({ ifname, propList }: LinkNameRow): readonly string[] {
  return [...(ifname === undefined ? [] : [ifname]), ...(propList?.altIfname ?? [])];
}
