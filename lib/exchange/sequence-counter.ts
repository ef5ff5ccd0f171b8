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
}
