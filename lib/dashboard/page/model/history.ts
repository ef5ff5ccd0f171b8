/** The number of seconds that the page keeps of each link. */
export const SECONDS = 120;

/** The part of a link's load that the last second decides; the rest comes from the seconds before it. */
const WEIGHT = 0.25;
/** A link must have this multiple of the load of the busiest link to take its place. */
const MARGIN = 1.5;
/** Gaps of up to this many seconds come from timers that are late; longer gaps are unknown. */
const MOST_LATE = 3;

/** The traffic of one link: bytes a second in rings, at the index of the second modulo {@link SECONDS}. */
interface Traffic {
  readonly received: Float32Array;
  readonly sent: Float32Array;
  readonly first: number;
  last: number;
  load: number;
}

/** The points of a plot. A point is null if the page was not connected then. */
export interface Series {
  readonly received: readonly (number | null)[];
  readonly sent: readonly (number | null)[];
}

/** The traffic of the links in the last 120 seconds. A link without traffic needs no memory. */
export class History {
  readonly #links = new Map<string, Traffic>();
  /** The seconds for which rates arrived, in a ring. */
  readonly #known = new Float64Array(SECONDS).fill(-1);
  readonly #isKnown: (key: string) => boolean;
  #now = -1;
  #busiest: string | undefined;

  /**
   * @param isKnown - Returns true for a link that the page has a row of. Others have rates, but no name: they are never the busiest.
   */
  constructor(isKnown: (key: string) => boolean = () => true) {
    this.#isKnown = isKnown;
  }

  /** The last second for which rates arrived; -1 before the first. */
  get now(): number {
    return this.#now;
  }

  /** The keys of the links that had traffic in the last 120 seconds. */
  get keys(): readonly string[] {
    return [...this.#links.keys()];
  }

  /** The number of links that had traffic in the last 120 seconds. */
  get size(): number {
    return this.#links.size;
  }

  /**
   * Adds the rates of one second.
   *
   * @param time - The time at which they arrived, in seconds. Two sets of rates never belong to the same second.
   */
  add(time: number, rates: readonly (readonly [key: string, received: number, sent: number])[]): void {
    const before = this.#now;
    const now = Math.max(Math.round(time), before + 1);
    const isLate = before >= 0 && now - before <= MOST_LATE;
    this.#now = now;
    for (let second = isLate ? before + 1 : now; second <= now; second++) this.#known[second % SECONDS] = second;
    for (const traffic of this.#links.values()) traffic.load *= 1 - WEIGHT;
    for (const [key, received, sent] of rates) {
      const traffic = this.#trafficOf(key, now);
      // Rates that arrived late are the mean of the seconds since the previous ones.
      const from = isLate ? before + 1 : now;
      for (let second = Math.max(traffic.last + 1, now - SECONDS + 1); second <= now; second++) {
        traffic.received[second % SECONDS] = second >= from ? received : 0;
        traffic.sent[second % SECONDS] = second >= from ? sent : 0;
      }
      traffic.last = now;
      traffic.load += (received + sent) * WEIGHT;
    }
    for (const [key, { last }] of this.#links) if (now - last >= SECONDS) this.#links.delete(key);
    this.#choose();
  }

  /** Forgets a link that is gone. Its index may belong to another link later. */
  delete(key: string): void {
    this.#links.delete(key);
    if (this.#busiest === key) this.#choose();
  }

  /** The key of the link with the highest load; undefined if no link had traffic. It changes only if another link has much more. */
  get busiest(): string | undefined {
    return this.#busiest;
  }

  /** Returns the bytes a second of a link in the last seconds, as a mean that recent seconds decide; 0 for a link without traffic. */
  load(key: string): number {
    return this.#links.get(key)?.load ?? 0;
  }

  /** Returns the rates of the last second. */
  latest(key: string): readonly [received: number, sent: number] {
    const traffic = this.#links.get(key);
    if (traffic?.last !== this.#now) return [0, 0];
    return [traffic.received[this.#now % SECONDS]!, traffic.sent[this.#now % SECONDS]!];
  }

  /** Returns the last 120 seconds of a link, the oldest first. */
  series(key: string): Series {
    const traffic = this.#links.get(key);
    const points = (ring: Float32Array | undefined) =>
      Array.from({ length: SECONDS }, (_, index) => {
        const second = this.#now - SECONDS + 1 + index;
        if (second < 0 || this.#known[second % SECONDS] !== second) return null;
        if (traffic === undefined || ring === undefined || second < traffic.first || second > traffic.last) return 0;
        return ring[second % SECONDS]!;
      });
    return { received: points(traffic?.received), sent: points(traffic?.sent) };
  }

  #trafficOf(key: string, now: number): Traffic {
    let traffic = this.#links.get(key);
    if (traffic === undefined) {
      const ring = (): Float32Array => new Float32Array(SECONDS);
      traffic = { received: ring(), sent: ring(), first: now, last: now - 1, load: 0 };
      this.#links.set(key, traffic);
    }
    return traffic;
  }

  #choose(): void {
    let best: string | undefined;
    let most = 0;
    for (const [key, { load }] of this.#links) if (load > most && this.#isKnown(key)) [best, most] = [key, load];
    const current = this.#busiest === undefined || !this.#isKnown(this.#busiest) ? undefined : this.#links.get(this.#busiest);
    if (current === undefined || most > current.load * MARGIN) this.#busiest = best;
  }
}
