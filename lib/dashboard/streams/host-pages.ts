import { PAGES, Pages, type PageData } from './pages.js';

/** Returns the data of a page that shows a host of a fleet; undefined if no host can have this name. */
export type HostData = (host: string) => PageData | undefined;

/** The open pages of a server, and, of a fleet, those that show one of its hosts. A host is followed while a page shows it. */
export class HostPages {
  readonly #own: Pages;
  readonly #hosts = new Map<string, Pages>();
  readonly #dataOf: HostData;

  constructor(own: PageData, dataOf: HostData = () => undefined) {
    this.#own = new Pages(own);
    this.#dataOf = dataOf;
  }

  /** True if no other page may be opened: the bound is that of all hosts together. */
  get isFull(): boolean {
    const open = [this.#own, ...this.#hosts.values()].reduce((sum, { size }) => sum + size, 0);
    return open >= PAGES;
  }

  /** Returns the pages that show a host; those of no host for null; undefined if there is no such host. */
  of(host: string | null): Pages | undefined {
    if (host === null) return this.#own;
    for (const [other, pages] of this.#hosts) if (pages.isEmpty) this.#hosts.delete(other);
    const known = this.#hosts.get(host);
    if (known !== undefined) return known;
    const data = this.#dataOf(host);
    if (data === undefined) return undefined;
    const pages = new Pages(data);
    this.#hosts.set(host, pages);
    return pages;
  }

  /** Ends the streams to all pages. */
  close(): void {
    for (const pages of [this.#own, ...this.#hosts.values()]) pages.close();
    this.#hosts.clear();
  }
}
