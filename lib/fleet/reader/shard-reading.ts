import { HostLog } from './host-log.js';
import type { OrderedStep } from './ordered-messages.js';

/**
 * Another reading of a shard from its first message, beside that of the stream.
 *
 * Messages of the shard that the reading of the stream receives meanwhile are left to this one, which is complete only after the last of them: the two
 * readings have consumers of their own, and either may be ahead.
 *
 * @internal
 */
export class ShardReading {
  readonly #shard: number;
  readonly #pick: ReadonlySet<string> | undefined;
  #log: HostLog;
  #isCaughtUp = false;
  /** The sequence of the last message that this reading received, and that the other one did. */
  #read = 0;
  #left = 0;

  constructor(shard: number, pick?: ReadonlySet<string>) {
    this.#shard = shard;
    this.#pick = pick;
    this.#log = new HostLog(pick);
  }

  /** The rows that were read. */
  get log(): HostLog {
    return this.#log;
  }

  /** Begins again. */
  restart(): void {
    this.#log = new HostLog(this.#pick);
    this.#isCaughtUp = false;
    this.#read = 0;
  }

  /** Leaves a message to this reading that the reading of the stream received. */
  leave(sequence: number): void {
    this.#left = sequence;
  }

  /** Takes a message, or the end of those that were stored before; returns true if the reading is complete. */
  take(step: OrderedStep): boolean {
    if (step.type === 'caughtUp') this.#isCaughtUp = true;
    else {
      const { sequence, data } = step.message;
      this.#log.apply(this.#shard, sequence, data, step.message);
      this.#read = sequence;
    }
    return this.#isCaughtUp && this.#read >= this.#left;
  }
}
