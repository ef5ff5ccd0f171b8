import { lastMessage } from '../server/last-message.js';
import { randomBytes } from 'node:crypto';
import { Observable, asyncScheduler, filter, merge, skip, throttleTime, timer, type Subscriber } from 'rxjs';
import { FleetError } from '../fleet-error.js';
import { decodeBeat, encodeBeat, epochName, startedLater, type Beat } from '../log/beat.js';
import type { FleetConnection } from '../server/fleet-connection.js';
import { isUnanswered, serverError } from '../server/server-error.js';
import { ALIVE_STREAM, aliveSubject } from '../subjects.js';

/** Milliseconds to wait for the acknowledgement of a beat. */
const TIMEOUT = 2000;

/** Milliseconds in which changes of the tables' states share a beat. */
const EARLY = 50;

/** The identity of an agent's run. @internal */
export type Epoch = Pick<Beat, 'epoch' | 'start'>;

/** Reads the last beat of a host, and when the server stored it (Unix time in milliseconds); undefined if there is none. @internal */
export async function readStoredBeat(
  fleet: FleetConnection,
  host: string,
): Promise<{ readonly beat: Beat; readonly time: number } | undefined> {
  const stored = await lastMessage(fleet, ALIVE_STREAM, aliveSubject(host));
  const last = stored === null ? undefined : decodeBeat(stored.data);
  return stored === null || last === undefined ? undefined : { beat: last, time: stored.time.getTime() };
}

/** Reads the last beat of a host; undefined if there is none. @internal */
export async function readBeat(fleet: FleetConnection, host: string): Promise<Beat | undefined> {
  return (await readStoredBeat(fleet, host))?.beat;
}

/** Returns an epoch that is later than the last one of the host, even if the clock was set back. @internal */
export function nextEpoch(last: Beat | undefined, now: number): Epoch {
  const start = last === undefined ? now : Math.max(now, last.start + 1);
  return { epoch: epochName(start, randomBytes(6).toString('hex')), start };
}

/**
 * Returns the error of an agent that must end by a beat of its host: another agent was started later, or the host was removed;
 * undefined if it need not.
 *
 * @internal
 */
export function endedBy(host: string, other: Beat, own: Epoch): FleetError | undefined {
  if (other.epoch === own.epoch || !startedLater(other, own)) return undefined;
  if (other.forgotten === true) return forgottenError(host);
  return other.ended ? undefined : replacedError(host, other);
}

function replacedError(host: string, by: Epoch): FleetError {
  return new FleetError(
    `agent: another agent of host '${host}' started later (epoch ${by.epoch}); run one agent for each host, or choose another name`,
    'replaced',
    { code: 'EEXIST' },
  );
}

/** Returns the error of an agent whose host was removed from the fleet. */
function forgottenError(host: string): FleetError {
  return new FleetError(
    `agent: host '${host}' was removed from the fleet while its agent ran; start the agent again if the host is to be in it`,
    'forgotten',
    { code: 'ECANCELED' },
  );
}

/** The parts of an agent that its beats need. @internal */
export interface BeatContext {
  readonly fleet: FleetConnection;
  readonly host: string;
  readonly epoch: Epoch;
  /** Milliseconds between two beats. */
  readonly interval: number;
  /** The cell of the host's rows, by which readers find them. */
  readonly cell: number;
  /** Returns the tables and if they are stored. */
  readonly tables: () => Readonly<Record<string, boolean>>;
  /** Returns the tables that cannot be read, with the reasons. */
  readonly unread: () => Readonly<Record<string, string>>;
  /** Emits when `tables` returns something else; a beat reports it before its time. */
  readonly tablesChanged: Observable<void>;
  /** Creates the stream again if it was deleted, or waits for it. */
  readonly ensureStream: () => Promise<void>;
}

/**
 * Publishes the beats of an agent, and errors when another agent of the host beats with a later epoch.
 *
 * A lost beat is not sent again: the next one replaces it. The last one, at the end, marks the host as ended.
 *
 * @returns An Observable that emits once, when the server has stored the first beat.
 * @internal
 */
export function beat(context: BeatContext): Observable<void> {
  return new Observable<void>((subscriber) => new BeatWriter(context, subscriber).start());
}

class BeatWriter {
  readonly #context: BeatContext;
  readonly #subscriber: Subscriber<void>;
  readonly #subject: string;
  #isReplaced = false;
  #isStored = false;
  #isEnded = false;

  constructor(context: BeatContext, subscriber: Subscriber<void>) {
    this.#context = context;
    this.#subscriber = subscriber;
    this.#subject = aliveSubject(context.host);
  }

  start(): void {
    const { fleet, interval, tablesChanged } = this.#context;
    const { connection } = fleet;
    const others = connection.subscribe(this.#subject, {
      callback: (error, message) => {
        if (error === null) this.#compare(message.data);
        else this.#fail(error);
      },
    });
    this.#subscriber.add(() => {
      this.#isEnded = true;
      if (connection.isClosed()) return;
      others.unsubscribe();
      if (!this.#isReplaced && this.#isStored && fleet.isUp) connection.publish(this.#subject, this.#encode(true));
    });
    // A server that was started again may have lost the stream.
    const restarts = fleet.up.pipe(
      skip(1),
      filter((up) => up),
    );
    this.#subscriber.add(restarts.subscribe({ next: () => this.#ensureStream(), error: (error: unknown) => this.#fail(error) }));
    const early = tablesChanged.pipe(throttleTime(Math.min(interval, EARLY), asyncScheduler, { leading: false, trailing: true }));
    this.#subscriber.add(merge(timer(0, interval), early).subscribe(() => void this.#publish()));
  }

  #ensureStream(): void {
    const { fleet, ensureStream } = this.#context;
    ensureStream().catch((error: unknown) => {
      // A connection that is lost again is followed by another try.
      if (fleet.isUp) this.#fail(error);
    });
  }

  #encode(ended: boolean): string {
    const { epoch, interval, cell, tables, unread } = this.#context;
    return encodeBeat({ ...epoch, interval, cell, tables: tables(), unread: unread(), ended });
  }

  async #publish(): Promise<void> {
    const { fleet } = this.#context;
    if (!fleet.isUp) return;
    try {
      await fleet.client.publish(this.#subject, this.#encode(false), { timeout: TIMEOUT });
      if (this.#isStored) return;
      this.#isStored = true;
      await fleet.connection.flush();
      this.#subscriber.next();
    } catch (error) {
      // An answer may arrive after the end.
      if (this.#isEnded || this.#isDown()) return;
      // Without the stream, the request waits for an answer: the agents of the host subscribe to the same subject.
      if (isUnanswered(error) && !fleet.connection.isClosed()) this.#ensureStream();
      else this.#fail(error);
    }
  }

  #isDown(): boolean {
    return !this.#context.fleet.isUp;
  }

  /** Ends this agent if a beat is that of one which started later. */
  #compare(data: Uint8Array): void {
    const { epoch, host } = this.#context;
    const other = decodeBeat(data);
    const error = other && endedBy(host, other, epoch);
    if (error === undefined) return;
    this.#isReplaced = true;
    this.#subscriber.error(error);
  }

  #fail(error: unknown): void {
    this.#subscriber.error(serverError(`agent: beats of host '${this.#context.host}'`, error));
  }
}
