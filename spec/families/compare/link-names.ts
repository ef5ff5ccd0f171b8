/** The properties of a link that {@link LinkNames} reads. */
interface Named {
  readonly ifiIndex?: number;
  readonly ifiFlags?: number;
  readonly ifname?: string;
}

/** Finds the names of interface indexes. */
export class LinkNames {
  readonly #links: ReadonlyMap<number | undefined, Named>;

  constructor(links: readonly Named[]) {
    this.#links = new Map(links.map((link) => [link.ifiIndex, link]));
  }

  of(index: number | undefined): string | undefined {
    return this.#links.get(index)?.ifname;
  }

  flagsOf(index: number | undefined): number | undefined {
    return this.#links.get(index)?.ifiFlags;
  }

  indexOf(name: string): number {
    for (const [index, candidate] of this.#links) if (candidate.ifname === name && index !== undefined) return index;
    throw new Error(`there is no link ${name}`);
  }
}
