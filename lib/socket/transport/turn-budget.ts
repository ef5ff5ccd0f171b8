/** The most replies of one turn: about a millisecond of small ones. */
const MOST = 128;
/** After each of so many replies the clock is read; a request may take the kernel long. */
const STEP = 8;
/** The time in milliseconds after which a turn ends early. */
const LONGEST = 2;

/**
 * Limits the replies that a socket reads right after sending in one turn of the event loop: timers and other sockets must run.
 *
 * @internal
 */
export class TurnBudget {
  #count = 0;
  #began = 0;

  /** Returns true if another reply may be read in this turn. */
  allows(): boolean {
    return this.#count < MOST;
  }

  /**
   * Counts a reply. Returns true for the first one of a turn.
   *
   * @param isLong - The clock is read at once: the reply answers a datagram of many requests.
   */
  spend(isLong = false): boolean {
    this.#count++;
    if (this.#count === 1) {
      this.#began = Date.now();
      return true;
    }
    if ((isLong || this.#count % STEP === 0) && Date.now() - this.#began >= LONGEST) this.#count = MOST;
    return false;
  }

  /** Begins another turn. */
  renew(): void {
    this.#count = 0;
  }
}
