import { lastMessage } from '../server/last-message.js';
import { headers } from '@nats-io/nats-core';
import { setTimeout as delay } from 'node:timers/promises';
import { BATCH_HEADER } from '../log/message.js';
import type { FleetConnection } from '../server/fleet-connection.js';
import { ApiCode, apiCode, isUnanswered, isNoResponders, permissionError, serverError } from '../server/server-error.js';
import { batchOf, snapshotOf, type Batch } from './batch.js';

/** A log is cut by a snapshot from this size on, or from twice the size of the last snapshot. */
const SMALLEST_LOG = 64 * 1024;

/** Milliseconds after which the outcome of a publish is unknown. */
const TIMEOUT = 5000;

/** Milliseconds between two tries, doubled with each. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5000;

/** The parts of an agent that its shards share. @internal */
export interface WriterContext {
  readonly fleet: FleetConnection;
  readonly stream: string;
  readonly epoch: string;
  readonly linger: number;
  readonly stateOf: (row: object) => object;
  /** Throws if another agent of the host started later. */
  readonly checkReplaced: () => Promise<void>;
  /** Creates the stream again if it was deleted. */
  readonly ensureStream: () => Promise<void>;
  readonly published: (batch: Batch) => void;
  /** Called when {@link ShardWriter.isCurrent} may have changed. */
  readonly judged: () => void;
  /** Called for a row that no message can hold. */
  readonly skipped: (key: string, row: object, bytes: number) => void;
  readonly retrying: (reason: string, attempt: number) => void;
  readonly fail: (error: unknown) => void;
}

let batches = 0;

/**
 * Writes the rows of a shard as a log on its subject, with one publish under way.
 *
 * ```text
 * change -> pending -> linger -> publish, fenced by the last sequence -> stored: next
 *              ^                                                      -> unknown, or another sequence: read the last message
 *              +--- not stored: the same changes again, and newer ones   <- ours: stored | the one before: not stored | another: snapshot
 * ```
 *
 * @internal
 */
export class ShardWriter {
  readonly subject: string;
  readonly #context: WriterContext;
  /** All rows, shared with the collection of the kernel's table. */
  readonly #rows = new Map<string, object>();
  /** The keys of the rows to publish as they are then, or as removed. */
  readonly #pending = new Set<string>();
  /** The keys of the rows that no message can hold. */
  readonly #skipped = new Set<string>();
  #under: Batch | undefined;
  /** The number of shards of the table; undefined until the first snapshot may be written. */
  #shards: number | undefined;
  #last = 0;
  #lastBatch: string | undefined;
  #log = 0;
  #snapshotSize = 0;
  #snapshotDue = true;
  /** The last message has to be read before the next publish. */
  #unknown = true;
  #busy = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #isBehind = true;
  #stored: (() => void) | undefined;

  constructor(subject: string, context: WriterContext) {
    this.subject = subject;
    this.#context = context;
  }

  get rows(): ReadonlyMap<string, object> {
    return this.#rows;
  }

  /** False before the first snapshot is stored, and while it is unknown or untrue that the server has the rows of the last publish. */
  get isCurrent(): boolean {
    return !this.#isBehind;
  }

  set(key: string, row: object): void {
    this.#rows.set(key, row);
    this.#pending.add(key);
    this.#schedule();
  }

  delete(key: string): void {
    this.#rows.delete(key);
    this.#skipped.delete(key);
    this.#pending.add(key);
    this.#schedule();
  }

  /** Begins with a snapshot. Resolves when the server has stored it. */
  start(shards: number): Promise<void> {
    this.#shards = shards;
    const stored = new Promise<void>((resolve) => (this.#stored = resolve));
    void this.#work();
    return stored;
  }

  /** Compares the last message with the expected one: the server may have lost its tail. */
  verify(): void {
    this.#unknown = true;
    this.#judge(true);
    void this.#work();
  }

  /** Compares the last message if the stream begins behind it: it was deleted. */
  verifyFrom(first: number): void {
    if (this.#last > 0 && this.#last < first && !this.#unknown) this.verify();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#busy || this.#timer !== undefined || this.#shards === undefined || this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#work();
    }, this.#context.linger);
  }

  /** Publishes until nothing is left to do, and stops when the connection is lost: `verify` is called when it is back. */
  async #work(): Promise<void> {
    if (this.#busy || this.#shards === undefined) return;
    this.#busy = true;
    const { fleet, fail } = this.#context;
    try {
      while (this.#isDue() && fleet.isUp && !this.#stopped) {
        await fleet.limited(() => (this.#unknown ? this.#resolve() : this.#publish()));
        if (this.#failures > 0) await delay(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.#failures - 1)), undefined, { ref: false });
      }
    } catch (error) {
      if (!this.#stopped) fail(error);
    } finally {
      this.#busy = false;
    }
    if (this.#pending.size > 0 && fleet.isUp) this.#schedule();
  }

  #isDue(): boolean {
    return this.#unknown || this.#snapshotDue || this.#pending.size > 0;
  }

  async #publish(): Promise<void> {
    // The wait for other publishes may have been long.
    if (this.#stopped || !this.#context.fleet.isUp) return;
    const batch = this.#nextBatch();
    this.#under = batch;
    const { fleet, stream } = this.#context;
    const sent = headers();
    sent.set(BATCH_HEADER, batch.id);
    if (batch.snapshot) sent.set('Nats-Rollup', 'sub');
    try {
      const expect = { lastSubjectSequence: this.#last, streamName: stream };
      const publish = fleet.client.publish(this.subject, batch.data, { headers: sent, timeout: TIMEOUT, expect });
      const { seq } = await fleet.untilLost(publish);
      this.#accept(batch, seq);
    } catch (error) {
      await this.#examine(error);
    }
  }

  #nextBatch(): Batch {
    const { fleet, stateOf, epoch } = this.#context;
    const id = `${epoch}.${++batches}`;
    const limit = fleet.messageLimit;
    if (this.#snapshotDue || this.#log > Math.max(SMALLEST_LOG, 2 * this.#snapshotSize)) {
      const snapshot = snapshotOf(id, this.#shards ?? 1, this.#rows, stateOf, limit, this.#tooLarge);
      this.#snapshotDue = true;
      this.#pending.clear();
      return snapshot;
    }
    return batchOf(id, this.#last, this.#rows, this.#pending, stateOf, limit, this.#tooLarge);
  }

  /** Reports a row that no message can hold, once as long as it exists. */
  readonly #tooLarge = (key: string, row: object, bytes: number): void => {
    if (this.#skipped.has(key)) return;
    this.#skipped.add(key);
    this.#context.skipped(key, row, bytes);
  };

  #accept(batch: Batch, sequence: number): void {
    this.#under = undefined;
    this.#unknown = false;
    this.#failures = 0;
    this.#last = sequence;
    this.#lastBatch = batch.id;
    this.#judge(false);
    if (batch.snapshot) {
      this.#snapshotDue = false;
      this.#snapshotSize = batch.data.byteLength;
      this.#log = 0;
    } else this.#log += batch.data.byteLength;
    this.#context.published(batch);
    if (batch.snapshot) this.#stored?.();
  }

  /** Publishes the rows of a batch that was not stored again. */
  #takeBack(): void {
    for (const key of this.#under?.keys ?? []) this.#pending.add(key);
    this.#under = undefined;
  }

  /** Decides what follows an error of a publish. */
  async #examine(error: unknown): Promise<void> {
    const { fleet, ensureStream, stream } = this.#context;
    const code = apiCode(error);
    this.#judge(true);
    const denied = permissionError(`fleet: publish to ${this.subject}`, error);
    if (denied !== undefined) throw denied;
    if (fleet.connection.isClosed()) throw serverError(`fleet: publish to ${this.subject}`, error);
    if (code === ApiCode.StoreFailed) {
      this.#takeBack();
      this.#retry(`stream ${stream} is full, or its storage failed: ${(error as Error).message}; raise its max_bytes`);
    } else if (code === ApiCode.WrongLastSequence || code === ApiCode.WrongLastSequenceUnknown) {
      this.#unknown = true;
    } else {
      this.#unknown = true;
      if (fleet.isUp) this.#retry((error as Error).message);
      if (isNoResponders(error)) await this.#forAWhile(ensureStream());
    }
  }

  /** Waits for the stream, but not longer than for another try: the other tables of the connection may have another stream. */
  async #forAWhile(ensured: Promise<void>): Promise<void> {
    await Promise.race([ensured, delay(LONGEST_PAUSE, undefined, { ref: false })]);
  }

  #judge(isBehind: boolean): void {
    if (this.#isBehind === isBehind) return;
    this.#isBehind = isBehind;
    this.#context.judged();
  }

  #retry(reason: string): void {
    this.#context.retrying(reason, ++this.#failures);
  }

  /** Reads the last message of the subject, which decides if a publish was stored. */
  async #resolve(): Promise<void> {
    const { fleet, stream, checkReplaced, ensureStream } = this.#context;
    let last: Awaited<ReturnType<ShardWriter['readLast']>>;
    try {
      last = await this.readLast();
    } catch (error) {
      if (!isUnanswered(error) && apiCode(error) !== ApiCode.StreamNotFound) throw serverError(`fleet: stream ${stream}`, error);
      if (fleet.connection.isClosed()) throw serverError(`fleet: stream ${stream}`, error);
      this.#retry((error as Error).message);
      if (apiCode(error) === ApiCode.StreamNotFound && fleet.isUp) await this.#forAWhile(ensureStream());
      return;
    }
    const under = this.#under;
    if (under !== undefined && last?.batch === under.id) {
      this.#accept(under, last.sequence);
      return;
    }
    const isExpected = last !== undefined && last.sequence === this.#last && last.batch === this.#lastBatch;
    if (isExpected) {
      if (under === undefined && !this.#snapshotDue) this.#judge(false);
      this.#takeBack();
    } else {
      // Another agent, or a server that lost its last messages.
      if (this.#lastBatch !== undefined) await checkReplaced();
      this.#under = undefined;
      this.#snapshotDue = true;
      this.#last = last?.sequence ?? 0;
      this.#lastBatch = last?.batch;
    }
    this.#unknown = false;
  }

  /** Reads the last message from the leader of the stream; a replica may be behind. */
  async readLast(): Promise<{ readonly sequence: number; readonly batch: string } | undefined> {
    const { fleet, stream } = this.#context;
    const stored = await lastMessage(fleet, stream, this.subject);
    return stored === null ? undefined : { sequence: stored.seq, batch: stored.header.get(BATCH_HEADER) };
  }
}
