/** The properties of a link that are remembered, to find out what a message has changed. */
export interface LinkState {
  readonly name: string;
  readonly kind?: string;
  readonly up: boolean;
  readonly state?: string;
  readonly mtu?: number;
  readonly mac?: string;
  readonly master?: number;
}

/** Deleted links whose names are kept: routes and neighbours of a link may be reported after its end. */
const KEPT = 1000;

/** The links of a namespace, as the messages so far have left them. */
export class LinkStates {
  readonly #links = new Map<number, LinkState>();
  readonly #deleted = new Map<number, LinkState>();

  /** Returns a link that exists. */
  get(index: number): LinkState | undefined {
    return this.#links.get(index);
  }

  /** Returns the name of a link that exists or has existed. */
  nameOf(index: number): string {
    return (this.#links.get(index) ?? this.#deleted.get(index))?.name ?? `link ${String(index)}`;
  }

  set(index: number, state: LinkState): void {
    this.#deleted.delete(index);
    this.#links.set(index, state);
  }

  delete(index: number): void {
    const state = this.#links.get(index);
    this.#links.delete(index);
    if (state === undefined) return;
    this.#deleted.set(index, state);
    if (this.#deleted.size > KEPT) this.#deleted.delete(this.#deleted.keys().next().value!);
  }

  /** Replaces all links by those that were read. */
  reset(links: ReadonlyMap<number, LinkState>): void {
    for (const index of [...this.#links.keys()]) if (!links.has(index)) this.delete(index);
    for (const [index, state] of links) this.set(index, state);
  }
}
