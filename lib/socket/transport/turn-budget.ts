/** The most replies of one turn: as many small ones as its time allows. */
const MOST = 512;
/** After so many replies the clock is read: small requests take the kernel 3 us each. */
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

  /** Returns true if another request may be sent and its reply read in this turn, which begins with the first call. */
  allows(): boolean {
    if (this.#count === 0) this.#began = Date.now();
    return this.#count < MOST;
  }

  /**
   * Counts a reply, whose request {@link TurnBudget.allows} has allowed. Returns true for the first one of a turn.
   *
   * @param readsClock - Ends the turn if this request has taken long.
   */
  spend(readsClock = false): boolean {
    this.#count++;
    const isFirst = this.#count === 1;
    if ((readsClock || this.#count % STEP === 0) && Date.now() - this.#began >= LONGEST) this.#count = MOST;
    return isFirst;
  }

  /** Begins another turn. */
  renew(): void {
    this.#count = 0;
  }
}
