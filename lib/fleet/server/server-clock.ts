/** Nanoseconds and more digits of a time of the server, which `Date.parse` does not read on each platform. */
const FRACTION = /(\.\d{3})\d+/;

/**
 * The clock of the server, as far as its answers have shown it.
 *
 * The local part is monotonic: setting the clock of this machine changes nothing. After this machine was suspended, the next message corrects it.
 *
 * @internal
 */
export class ServerClock {
  readonly #local: () => number;
  #offset: number | undefined;
  #measured = Number.NEGATIVE_INFINITY;

  /** @param local - Milliseconds of a clock that is never set. */
  constructor(local: () => number = () => performance.now()) {
    this.#local = local;
  }

  /** Milliseconds since the clock was read from an answer of the server. */
  get age(): number {
    return this.#local() - this.#measured;
  }

  /**
   * Reads the clock from an answer.
   *
   * @param text - The time in the answer (RFC 3339); one that is missing or cannot be read changes nothing.
   * It may be the time from any moment between the request and the answer; the earliest one is taken, and messages correct it.
   */
  read(text: unknown): void {
    const time = typeof text === 'string' ? Date.parse(text.replace(FRACTION, '$1')) : Number.NaN;
    if (Number.isNaN(time)) return;
    this.#measured = this.#local();
    this.#offset = time - this.#measured;
  }

  /** Returns the milliseconds since the server stored a message; never less than 0. */
  ageOf(time: number): number {
    if (Number.isNaN(time)) return 0;
    const local = this.#local();
    // The server's time is not before that of its messages.
    this.#offset = Math.max(this.#offset ?? Number.NEGATIVE_INFINITY, time - local);
    return local + this.#offset - time;
  }
}
