/**
 * A generator of sequence numbers. They wrap around and skip 0, which the kernel uses for events.
 *
 * @internal
 */
export class SequenceCounter {
  #next: number;

  /**
   * @param first - The first number; random if omitted, so that replies to an earlier socket do not match. Below 2^30: V8 allocates an
   *   object for each use of a number from 2^31 on, which a socket then reaches after 2^30 requests.
   */
  constructor(first: number = Math.floor(Math.random() * 0x4000_0000)) {
    this.#next = first >>> 0;
  }

  /**
   * Returns the next free number.
   *
   * @param inFlight - Tests whether a request in flight has the number; omitted if none is in flight.
   */
  take(inFlight?: (sequence: number) => boolean): number {
    let sequence = this.#next;
    while (sequence === 0 || inFlight?.(sequence) === true) sequence = (sequence + 1) >>> 0;
    this.#next = (sequence + 1) >>> 0;
    return sequence;
  }

  /** Omits the next numbers. */
  skip(count: number): void {
    this.#next = (this.#next + count) >>> 0;
  }

  /**
   * Reserves the next free range of consecutive numbers.
   *
   * @param takenIn - Returns a number of the range that a request in flight has, if there is one.
   * @returns The first number.
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
