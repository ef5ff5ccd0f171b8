import { Observable, retry } from 'rxjs';
import type { FleetConnection } from '../server/fleet-connection.js';
import { HostLog } from './host-log.js';
import { orderedMessages, type OrderedStep } from './ordered-messages.js';

/** Milliseconds before a subject is read again that could not be read. */
const PAUSE = 500;

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

/**
 * Reads a subject from its first message, again after an error.
 *
 * @returns An Observable that emits when the reading is complete.
 * @internal
 */
export function readShard(fleet: FleetConnection, stream: string, subject: string, reading: ShardReading): Observable<void> {
  return new Observable<void>((subscriber) => {
    reading.restart();
    return orderedMessages(fleet, stream, [subject], 0).subscribe({
      next: (step) => {
        if (reading.take(step)) subscriber.next();
      },
      error: (error: unknown) => subscriber.error(error),
    });
  }).pipe(retry({ delay: PAUSE }));
}
