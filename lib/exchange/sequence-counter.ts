/**
 * Gives out sequence numbers: they wrap, and skip 0, which the kernel uses for events of its own.
 *
 * @internal
 */
export class SequenceCounter {
  #next: number;

  /** @param first - Where to start; a random place where left out, so that replies to an earlier socket do not match. */
  constructor(first: number = Math.floor(Math.random() * 0x1_0000_0000)) {
    this.#next = first >>> 0;
  }

  /**
   * Takes the next free number.
   *
   * @param inFlight - Tells which numbers still wait for a reply.
   */
  take(inFlight: (sequence: number) => boolean): number {
    let sequence = this.#next;
    while (sequence === 0 || inFlight(sequence)) sequence = (sequence + 1) >>> 0;
    this.#next = (sequence + 1) >>> 0;
    return sequence;
  }

  /**
   * Takes the next free numbers that follow each other.
   *
   * @param takenIn - Names a number in a range that still waits for a reply, if there is one.
   * @returns The first.
   */
  takeRange(count: number, takenIn: (first: number, count: number) => number | undefined): number {
    let first = this.#next;
    for (;;) {
      if (first === 0 || first + count > 0x1_0000_0000) first = 1;
      const taken = takenIn(first, count);
      if (taken === undefined) break;
      first = taken + 1;
    }
    this.#next = (first + count) >>> 0;
    return first;
  }
}
