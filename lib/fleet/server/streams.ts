import { DiscardPolicy, RetentionPolicy, StorageType, type JetStreamManager, type StreamConfig, type StreamInfo } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import { setTimeout as delay } from 'node:timers/promises';
import { FleetError } from '../fleet-error.js';
import { ALIVE_STREAM, stateStream } from '../subjects.js';
import type { FleetConnection } from './fleet-connection.js';
import { ApiCode, apiCode, isNoResponders, isUnanswered, permissionError, serverError } from './server-error.js';

/** The limits of a stream of states that an agent creates. The server reserves as much of its storage, so many streams are smaller ones. */
const LARGEST_STATE = 512 * 1024 * 1024;
const SMALLEST_STATE = 8 * 1024 * 1024;
const ALL_STATES = 8 * LARGEST_STATE;

/** The limit of the stream of beats that an agent creates: 50,000 hosts. */
const ALIVE_BYTES = 16 * 1024 * 1024;

/**
 * Milliseconds that the server keeps the last beat of a host, whatever the intervals of the agents are: readers know by its time that it is old. A
 * host without an agent is listed for a day.
 */
const KEPT = 24 * 3_600_000;

/** An existing stream keeps a beat for this many intervals at least. */
const KEPT_BEATS = 5;

/** Tries of a request that no server answers: a cluster elects its leaders in that time. */
const TRIES = 10;
const PAUSE = 500;

type Wanted = Pick<StreamConfig, 'name' | 'subjects'> & Partial<StreamConfig>;

/** Returns the size of the stream of a cell. */
function stateBytes(cells: number): number {
  return Math.max(SMALLEST_STATE, Math.min(LARGEST_STATE, Math.floor(ALL_STATES / cells)));
}

/** Returns the configuration of the stream of a cell. */
function stateConfig(cell: number, cells: number): Wanted {
  return {
    name: stateStream(cell),
    subjects: [`rxf.state.${cell}.>`],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    allow_rollup_hdrs: true,
    allow_direct: true,
    max_bytes: stateBytes(cells),
    max_msgs: -1,
    max_msgs_per_subject: -1,
    max_age: 0,
  };
}

/** Returns the configuration of the stream of beats. In memory, it would be lost with each start of the server. */
function aliveConfig(): Wanted {
  return {
    name: ALIVE_STREAM,
    subjects: ['rxf.alive.*'],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    allow_direct: true,
    max_msgs_per_subject: 1,
    max_bytes: ALIVE_BYTES,
    max_msgs: -1,
    max_age: nanos(KEPT),
  };
}

/** The settings that an agent and a reader rely on. Size, replicas and storage are the operator's decision. */
const CHECKED = ['retention', 'discard', 'allow_rollup_hdrs', 'max_msgs', 'max_msgs_per_subject', 'max_age'] as const;

/** A stream that does not exist, and that the account may not create. @internal */
export class StreamMissing extends FleetError {
  constructor(stream: string, cause: unknown) {
    super(
      `fleet: stream ${stream} does not exist, and the account has no permission for $JS.API.STREAM.CREATE.${stream}; ` +
        'create it with `rxnetlink fleet streams`',
      'permission',
      { code: 'EACCES', cause },
    );
  }
}

/**
 * Creates the streams of an agent, or checks those that exist. Nothing is published before.
 *
 * @param cells - The number of cells of the fleet, as far as it is known: streams are made smaller if there are many.
 * @throws StreamMissing, FleetError with the setting that differs, or the reason why a stream cannot be created.
 * @internal
 */
export async function ensureStreams(fleet: FleetConnection, cell: number, beat: number, cells: number = cell + 1): Promise<void> {
  const manager = await fleet.manager;
  const wanted = [stateConfig(cell, cells), aliveConfig()];
  for (const one of wanted)
    checkStream(await ensureStream(manager, one), one.name === ALIVE_STREAM ? { ...one, max_age: nanos(KEPT_BEATS * beat) } : one);
}

/**
 * Makes the stream of a cell as small as those of a fleet with this number of cells: the server reserves the size of each. A size that was not chosen
 * by {@link ensureStreams}, and one of which the rows need more than half, stays.
 *
 * @internal
 */
export async function shrinkStream(fleet: FleetConnection, cell: number, cells: number): Promise<void> {
  const { streams } = await fleet.manager;
  const name = stateStream(cell);
  const { config, state } = await streams.info(name);
  const [size, wanted] = [config.max_bytes, stateBytes(cells)];
  const isChosenHere = size === stateBytes(Math.floor(ALL_STATES / size));
  if (isChosenHere && wanted < size && 2 * state.bytes <= wanted) await streams.update(name, { max_bytes: wanted });
}

/**
 * Reads the state of a stream; undefined if it does not exist yet.
 *
 * @throws FleetError if a setting differs.
 * @internal
 */
export async function readStream(fleet: FleetConnection, name: string): Promise<StreamInfo | undefined> {
  const manager = await fleet.manager;
  try {
    const info = await manager.streams.info(name);
    // In a cluster, the beats have the clock of the server that leads their stream.
    if (name === ALIVE_STREAM) fleet.clock.read((info as { readonly ts?: unknown }).ts);
    const cell = /^RXF_STATE_(\d+)$/.exec(name)?.[1];
    if (cell !== undefined) checkStream(info, stateConfig(Number(cell), 1));
    return info;
  } catch (error) {
    if (apiCode(error) === ApiCode.StreamNotFound) return undefined;
    throw error;
  }
}

async function ensureStream(manager: JetStreamManager, wanted: Wanted): Promise<StreamInfo> {
  const what = `fleet: stream ${wanted.name}`;
  for (let tries = 1; ; tries++) {
    try {
      return await findOrCreate(manager, wanted);
    } catch (error) {
      // Without JetStream there is no responder either: that lasts.
      if (tries < (isNoResponders(error) ? 2 : TRIES) && isUnanswered(error)) await delay(PAUSE);
      else throw creationError(what, error);
    }
  }
}

async function findOrCreate({ streams }: JetStreamManager, wanted: Wanted): Promise<StreamInfo> {
  try {
    return await streams.info(wanted.name);
  } catch (error) {
    if (apiCode(error) !== ApiCode.StreamNotFound) throw error;
  }
  try {
    return await streams.add(wanted);
  } catch (error) {
    const denied = permissionError('', error);
    if (denied !== undefined) throw new StreamMissing(wanted.name, error);
    // Another agent created it meanwhile.
    if (apiCode(error) !== ApiCode.StreamExists) throw error;
    return streams.info(wanted.name);
  }
}

function creationError(what: string, error: unknown): Error {
  const code = apiCode(error);
  if (code === ApiCode.InsufficientResources || code === ApiCode.StorageExceeded) {
    return new FleetError(
      `${what}: the server's storage is too small for the default size: ${(error as Error).message}; create the stream with a smaller max_bytes`,
      'stream',
      { cause: error },
    );
  }
  return serverError(what, error);
}

function checkStream({ config }: StreamInfo, wanted: Wanted): void {
  const [subject = ''] = wanted.subjects;
  if (!config.subjects.includes(subject)) throw settingError(wanted.name, 'subjects', config.subjects, wanted.subjects);
  for (const name of CHECKED) {
    const expected = wanted[name];
    // A longer age of beats does no harm.
    if (expected === undefined) continue;
    const isMatch = name === 'max_age' && expected !== 0 ? isLongEnough(config.max_age, wanted.max_age) : config[name] === expected;
    if (!isMatch) throw settingError(wanted.name, name, config[name], expected);
  }
  if (config.sealed || config.no_ack === true) throw settingError(wanted.name, config.sealed ? 'sealed' : 'no_ack', true, false);
}

function isLongEnough(age: number, wanted: number | undefined): boolean {
  return age === 0 || age >= (wanted ?? 0);
}

function settingError(stream: string, setting: string, value: unknown, expected: unknown): FleetError {
  return new FleetError(
    `fleet: stream ${stream} has ${setting} ${JSON.stringify(value)}; expected ${JSON.stringify(expected)}: ` +
      `delete the stream, and an agent creates it with the right settings`,
    'stream',
  );
}
