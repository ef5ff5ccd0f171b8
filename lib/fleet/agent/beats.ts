import { lastMessage } from '../server/last-message.js';
import { headers } from '@nats-io/nats-core';
import { randomBytes } from 'node:crypto';
import { Observable, asyncScheduler, filter, merge, skip, throttleTime, timer, type Subscriber } from 'rxjs';
import { FleetError } from '../fleet-error.js';
import { decodeBeat, encodeBeat, epochName, startedLater, type Beat } from '../log/beat.js';
import type { FleetConnection } from '../server/fleet-connection.js';
import { ApiCode, apiCode, isUnanswered, serverError } from '../server/server-error.js';
import { ALIVE_STREAM, aliveSubject } from '../subjects.js';

/** Milliseconds to wait for the acknowledgement of a beat. */
const TIMEOUT = 2000;

/** Milliseconds in which changes of the tables' states share a beat. */
const EARLY = 50;

/** Tries of a beat until the next one is due, if its fence is wrong. */
const TRIES = 5;

/** The header with the expected sequence of the last message of the subject. */
const FENCE = 'Nats-Expected-Last-Subject-Sequence';

/** The identity of an agent's run. @internal */
export type Epoch = Pick<Beat, 'epoch' | 'start'>;

/** The last message at the subject of a host's beats. @internal */
export interface StoredBeat {
  /** The sequence of the message; 0 if there is none. */
  readonly sequence: number;
  /** When the server stored it (Unix time in milliseconds). */
  readonly time: number;
  /** Undefined if the message is not a beat. */
  readonly beat: Beat | undefined;
}

/** Reads the last beat of a host. @internal */
export async function readBeat(fleet: FleetConnection, host: string): Promise<StoredBeat> {
  const stored = await lastMessage(fleet, ALIVE_STREAM, aliveSubject(host));
  if (stored === null) return { sequence: 0, time: 0, beat: undefined };
  return { sequence: stored.seq, time: stored.time.getTime(), beat: decodeBeat(stored.data) };
}

/** Returns an epoch that is later than the last one of the host, even if the clock was set back. @internal */
export function nextEpoch(last: Beat | undefined, now: number): Epoch {
  const start = last === undefined ? now : Math.max(now, last.start + 1);
  return { epoch: epochName(start, randomBytes(6).toString('hex')), start };
}

/**
 * Returns the error of an agent that must end by a beat of its host: another agent was started later, though it may have ended, or the host was
 * removed; undefined if it need not.
 *
 * @internal
 */
export function endedBy(host: string, other: Beat, own: Epoch): FleetError | undefined {
  if (other.epoch === own.epoch || !startedLater(other, own)) return undefined;
  return other.forgotten === true ? forgottenError(host) : replacedError(host, other);
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
  /** The sequence of the last beat of the host on the server; 0 if there is none. */
  readonly last: number;
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
 * Publishes the beats of an agent, and errors when another agent of the host has stored one with a later epoch.
 *
 * Each beat is fenced by the sequence of the last one: if another agent has stored a beat, the server refuses this one, and the agent reads the other.
 * The agent does not subscribe to the subject. With a subscription by exactly this name, the server would deliver messages of other streams there, as a
 * reader can ask it to: to the agent, and into the stream of the beats.
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
  /** The sequence of the last beat. */
  #last: number;
  /** The last beat has to be read before the next one. */
  #isUnknown = false;
  #isBusy = false;
  /** A beat is due after the one under way. */
  #isDue = false;

  constructor(context: BeatContext, subscriber: Subscriber<void>) {
    this.#context = context;
    this.#subscriber = subscriber;
    this.#subject = aliveSubject(context.host);
    this.#last = context.last;
  }

  start(): void {
    const { fleet, interval, tablesChanged } = this.#context;
    this.#subscriber.add(() => this.#end());
    // A server that was started again may have lost the stream.
    const restarts = fleet.up.pipe(
      skip(1),
      filter((up) => up),
    );
    this.#subscriber.add(restarts.subscribe({ next: () => this.#ensureStream(), error: (error: unknown) => this.#fail(error) }));
    const early = tablesChanged.pipe(throttleTime(Math.min(interval, EARLY), asyncScheduler, { leading: false, trailing: true }));
    this.#subscriber.add(merge(timer(0, interval), early).subscribe(() => void this.#beat()));
  }

  /** Publishes the last beat, without waiting. While it is not known which one was stored before, it is not fenced. */
  #end(): void {
    this.#isEnded = true;
    const { fleet } = this.#context;
    if (this.#isReplaced || !this.#isStored || !fleet.isUp || fleet.connection.isClosed()) return;
    const sent = headers();
    if (!this.#isBusy && !this.#isUnknown) sent.set(FENCE, String(this.#last));
    fleet.connection.publish(this.#subject, this.#encode(true), { headers: sent });
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

  async #beat(): Promise<void> {
    this.#isDue = true;
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let tries = 0; this.#isDue && tries < TRIES && this.#canPublish(); tries++) {
      this.#isDue = false;
      try {
        await this.#publish();
      } catch (error) {
        this.#examine(error);
      }
    }
    this.#isBusy = false;
  }

  #canPublish(): boolean {
    return this.#context.fleet.isUp && !this.#isEnded;
  }

  async #publish(): Promise<void> {
    const { fleet } = this.#context;
    if (this.#isUnknown) await this.#readLast();
    if (!this.#canPublish()) return;
    const options = { timeout: TIMEOUT, expect: { lastSubjectSequence: this.#last } };
    const { seq } = await fleet.untilLost(fleet.client.publish(this.#subject, this.#encode(false), options));
    this.#last = seq;
    if (this.#isStored) return;
    this.#isStored = true;
    this.#subscriber.next();
  }

  /** Decides what follows an error of a beat. */
  #examine(error: unknown): void {
    const { fleet } = this.#context;
    this.#isUnknown = true;
    // An answer may arrive after the end.
    if (!this.#canPublish()) return;
    const code = apiCode(error);
    // Another agent, a server that lost its last messages, or an acknowledgement that was lost.
    if (code === ApiCode.WrongLastSequence || code === ApiCode.WrongLastSequenceUnknown) this.#isDue = true;
    else if ((isUnanswered(error) || code === ApiCode.StreamNotFound) && !fleet.connection.isClosed()) this.#ensureStream();
    else this.#fail(error);
  }

  /** Reads the last beat, and ends this agent if it is that of one which started later. */
  async #readLast(): Promise<void> {
    const { epoch, host, fleet } = this.#context;
    const { beat: other, sequence } = await readBeat(fleet, host);
    const error = other && endedBy(host, other, epoch);
    if (error !== undefined) {
      this.#isReplaced = true;
      this.#subscriber.error(error);
      return;
    }
    this.#last = sequence;
    this.#isUnknown = false;
  }

  #fail(error: unknown): void {
    this.#subscriber.error(serverError(`agent: beats of host '${this.#context.host}'`, error));
  }
}
