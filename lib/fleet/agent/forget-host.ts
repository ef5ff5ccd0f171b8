import { headers, type NatsConnection } from '@nats-io/nats-core';
import { setTimeout as delay } from 'node:timers/promises';
import { defer, type Observable } from 'rxjs';
import { checkBoolean, checkInteger, checkOptionNames } from '../../check/index.js';
import { FleetError } from '../fleet-error.js';
import { encodeBeat, startedLater } from '../log/beat.js';
import { MAX_SHARDS } from '../log/limits.js';
import { BATCH_HEADER, encodeMessage } from '../log/message.js';
import { checkServerVersion } from '../server/check-server.js';
import { fleetConnection, type FleetConnection } from '../server/fleet-connection.js';
import { ApiCode, apiCode, serverError } from '../server/server-error.js';
import { forEachCell, storedCells } from '../server/stored-cells.js';
import { storedShards } from '../server/stored-shards.js';
import { readStream } from '../server/streams.js';
import { ALIVE_STREAM, aliveSubject, checkHostName, hostSubjects, stateStream, stateSubject, type Shard } from '../subjects.js';
import { nextEpoch, readBeat, type Epoch } from './beats.js';

/** The options of {@link forgetHost}. @public */
export interface ForgetHostOptions {
  /**
   * The number of streams to look in, beside those that the server lists.
   * @defaultValue 1
   */
  readonly cells?: number;
  /**
   * Also removes a host whose agent runs: the agent ends with an error at its next beat, for which this waits if its beats are at most a minute apart. If its machine starts it again, the host is in the fleet again.
   * @defaultValue false
   */
  readonly force?: boolean;
}

/** A host that was removed from a fleet. @public */
export interface ForgottenHost {
  /** The name of the host. */
  readonly host: string;
  /** The tables `family/operation` whose rows were removed. */
  readonly tables: readonly string[];
  /** True if its agent ran. */
  readonly wasRunning: boolean;
}

const NAMES: ReadonlySet<string> = new Set<keyof ForgetHostOptions>(['cells', 'force']);

/** Milliseconds between two beats of an agent whose last one is not known. */
const DEFAULT_BEAT = 2000;

/** The number of missing beats after which an agent does not run, as for readers. */
const SILENT_AFTER = 3;

/** Milliseconds between the last messages of a host and their removal: the server sends no message that was removed to a reader. */
const READ_MS = 1000;

/** An agent that runs reads that it was removed at its next beat. If its beats are rarer than this, that beat is not waited for. */
const LONGEST_BEAT = 60_000;

/** Tries to store a beat before the agent stores another one. */
const TRIES = 5;

/** Milliseconds to wait for an acknowledgement. */
const TIMEOUT = 5000;

/**
 * Removes a host that does not exist any more from a fleet: its rows, and its last beat.
 *
 * Readers emit `removed` for each of its rows, and `gone`. A reader that is not connected meanwhile, or more than a second behind, learns it when it
 * connects again. The account needs the permissions to publish at `rxf.state.*.HOST.>` and `rxf.alive.HOST`, to read the streams, and to purge
 * them: nothing is changed if it lacks the last one. What an agent stores that is started meanwhile stays. Unsubscribing does not stop the removal.
 *
 * @param connection - A connection to the server; it stays open.
 * @param host - The name of the host; not a pattern.
 * @returns An Observable that removes the host when it is subscribed to, emits what was removed, and completes. As errors: {@link FleetError} with
 * the reason `running` if its agent sends beats, `unknown` if the server has neither rows nor a beat of it, and `permission`.
 * @throws TypeError, RangeError for wrong options.
 *
 * @example Remove a machine that was scrapped
 * ```ts
 * forgetHost(connection, 'web-1').subscribe(({ tables }) => console.log(`removed ${tables.length} tables`));
 * ```
 * @public
 */
export function forgetHost(connection: NatsConnection, host: string, options: ForgetHostOptions = {}): Observable<ForgottenHost> {
  checkHostName('forgetHost: host', host);
  checkOptionNames('forgetHost', options, NAMES);
  const { cells = 1, force = false } = options;
  checkInteger('forgetHost: cells', cells, 1, MAX_SHARDS);
  checkBoolean('forgetHost: force', force);
  return defer(async () => {
    const fleet = fleetConnection(connection);
    checkServerVersion(connection.info?.version);
    try {
      return await forget(fleet, host, cells, force);
    } catch (error) {
      throw serverError(`forgetHost: host '${host}'`, error);
    }
  });
}

async function forget(fleet: FleetConnection, host: string, cells: number, force: boolean): Promise<ForgottenHost> {
  const hasBeats = (await readStream(fleet, ALIVE_STREAM)) !== undefined;
  const last = hasBeats ? await readLastBeat(fleet, host) : undefined;
  const selection = { host, family: '*', op: '*' };
  const shards = (await forEachCell(await storedCells(fleet, cells), (cell) => storedShards(fleet, cell, selection))).flat();
  if (last === undefined && shards.length === 0) throw unknownError(host);
  if (last?.isRunning === true && !force) throw runningError(host, last.age);
  const stored = [...new Set(shards.map(({ cell }) => cell))];
  await checkRights(fleet, host, stored, hasBeats);
  const { epoch, start } = nextEpoch(last?.beat, Date.now());
  const end = encodeBeat({ epoch, start, interval: last?.beat.interval ?? DEFAULT_BEAT, tables: {}, ended: true, forgotten: true });
  const subject = aliveSubject(host);
  // An agent that runs ends by this beat, and would write its tables again after theirs.
  let beatEnd = hasBeats ? (await fleet.client.publish(subject, end, { timeout: TIMEOUT })).seq : 0;
  const tableEnds = await endTables(fleet, shards, epoch);
  const interval = last?.isRunning === true ? last.beat.interval : 0;
  const isRare = interval > LONGEST_BEAT;
  await delay(READ_MS + (isRare ? 0 : interval));
  if (interval > 0) beatEnd = (await endAgain(fleet, host, { epoch, start }, end)) ?? beatEnd;
  // An agent that was started meanwhile has stored its tables and its beat behind these messages.
  for (const [shard, end] of tableEnds) await purgeUntil(fleet, stateStream(shard.cell), stateSubject(shard), end);
  // An agent with rare beats has yet to read this one.
  if (hasBeats && !isRare) await purgeUntil(fleet, ALIVE_STREAM, subject, beatEnd);
  const tables = [...new Set(shards.map(({ family, op }) => `${family}/${op}`))].sort();
  return { host, tables, wasRunning: last?.isRunning === true };
}

/**
 * Ends the beats of a host again if its agent has sent its last one at the same time. That of an agent that was started meanwhile stays.
 *
 * @returns The number of the message; undefined if none was stored.
 */
async function endAgain(fleet: FleetConnection, host: string, own: Epoch, end: string): Promise<number | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    const { beat, sequence } = await readBeat(fleet, host);
    if (beat !== undefined && (beat.epoch === own.epoch || startedLater(beat, own))) break;
    const options = { timeout: TIMEOUT, expect: { lastSubjectSequence: sequence } };
    try {
      return (await fleet.client.publish(aliveSubject(host), end, options)).seq;
    } catch (error) {
      const code = apiCode(error);
      if (code !== ApiCode.WrongLastSequence && code !== ApiCode.WrongLastSequenceUnknown) throw error;
    }
  }
  return undefined;
}

/** Reads the last beat of a host, and by the server's clock, which was read before, whether its agent runs. */
async function readLastBeat(fleet: FleetConnection, host: string) {
  const { beat, time } = await readBeat(fleet, host);
  if (beat === undefined) return undefined;
  const age = fleet.clock.ageOf(time);
  return { beat, age, isRunning: !beat.ended && age <= SILENT_AFTER * beat.interval };
}

/** Fails without a change if the account may not purge the streams: these subjects have no messages, and the beat is kept. */
async function checkRights(fleet: FleetConnection, host: string, cells: readonly number[], hasBeat: boolean): Promise<void> {
  const { streams } = await fleet.manager;
  for (const cell of cells) await streams.purge(stateStream(cell), { filter: hostSubjects(cell, host).replace(/\.>$/, '') });
  if (hasBeat) await streams.purge(ALIVE_STREAM, { filter: aliveSubject(host), keep: 1 });
}

/** Deletes the messages of a subject up to a number of the stream. */
async function purgeUntil(fleet: FleetConnection, stream: string, filter: string, last: number): Promise<void> {
  const { streams } = await fleet.manager;
  await streams.purge(stream, { filter, seq: last + 1 });
}

/**
 * Ends the tables for readers: by a snapshot that counts no shards. The snapshot of shard 0 is sent last.
 *
 * @returns The number of the last message of each shard.
 */
async function endTables(fleet: FleetConnection, shards: readonly Shard[], epoch: string): Promise<ReadonlyMap<Shard, number>> {
  const ends = new Map<Shard, number>();
  let count = 0;
  const publish = async (shard: Shard): Promise<void> => {
    const sent = headers();
    sent.set(BATCH_HEADER, `${epoch}.${++count}`);
    sent.set('Nats-Rollup', 'sub');
    const options = { headers: sent, timeout: TIMEOUT };
    const { seq } = await fleet.limited(() => fleet.client.publish(stateSubject(shard), encodeMessage(0, 0, [], []), options));
    ends.set(shard, seq);
  };
  await Promise.all(shards.filter(({ shard }) => shard !== 0).map(publish));
  await Promise.all(shards.filter(({ shard }) => shard === 0).map(publish));
  return ends;
}

function unknownError(host: string): FleetError {
  return new FleetError(
    `forgetHost: host '${host}' is not in the fleet: the server has neither rows nor a beat of it; check the name, and the number of cells`,
    'unknown',
    { code: 'ENOENT' },
  );
}

function runningError(host: string, age: number): FleetError {
  return new FleetError(
    `forgetHost: the agent of host '${host}' runs: its last beat is ${Math.round(age)} ms old; stop the agent first, or use force`,
    'running',
    { code: 'EBUSY' },
  );
}
