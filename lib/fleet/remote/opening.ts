import { kindOf } from '../../check/index.js';
import { SWITCHES } from './frames.js';

/** The version of the protocol between a client and a host. @internal */
export const VERSION = 1;

/** The request to open a socket of a host, as JSON. @internal */
export interface OpenRequest {
  readonly version: number;
  /** 72 random bits in base64url, chosen by the client: a part of the subjects of the socket. */
  readonly id: string;
  readonly protocol: number;
  readonly netns?: string | undefined;
  readonly datagramSize: number;
  /** Bytes of slabs that may be under way. */
  readonly window: number;
  /** The switches to turn on and off. */
  readonly options: Readonly<Partial<Record<(typeof SWITCHES)[number], boolean>>>;
  readonly groups: readonly number[];
  readonly sendBuffer?: number | undefined;
}

/** The answer of a host that has opened a socket, as JSON. @internal */
export interface Welcome {
  readonly version: number;
  readonly portId: number;
  readonly byteOrder: 'little' | 'big';
  /** Milliseconds between two messages of the host. */
  readonly beat: number;
  readonly window: number;
  readonly receiveBuffer: number;
}

/** The reason why a host has not opened a socket, or has closed it. @internal */
export interface HostFailure {
  readonly errno: number;
  readonly code: string;
  readonly message: string;
  /** The operation that the host's kernel rejected; undefined for an error of the host's program. */
  readonly operation?: string | undefined;
  readonly reason?: 'policy' | 'closed' | undefined;
}

/** The largest request to open a socket, in bytes, and the most groups in it. */
const LONGEST_REQUEST = 16_384;
const MOST_GROUPS = 256;

/** Reads a request to open a socket. @throws TypeError if it is not one: anyone with the permission may send any bytes. @internal */
export function readOpenRequest(bytes: Uint8Array): OpenRequest {
  if (bytes.byteLength > LONGEST_REQUEST) throw new TypeError(`the request has ${bytes.byteLength} bytes; the limit is ${LONGEST_REQUEST}`);
  const given = readObject(bytes);
  const { version, id, netns, sendBuffer, options, groups } = given;
  if (version !== VERSION) throw new TypeError(`version ${text(version)} of the protocol is not known; this host has version ${VERSION}`);
  if (typeof id !== 'string' || !/^[\w-]{12}$/.test(id)) throw new TypeError('id must have 12 characters of base64url');
  if (netns !== undefined && typeof netns !== 'string') throw new TypeError(`netns must be a name, not ${kindOf(netns)}`);
  const list = groups ?? [];
  if (!Array.isArray(list) || list.length > MOST_GROUPS) throw new TypeError(`groups must be an array of at most ${MOST_GROUPS} numbers`);
  return {
    version: VERSION,
    id,
    netns,
    protocol: integer('protocol', given['protocol'], 0, 255),
    datagramSize: integer('datagramSize', given['datagramSize'], 1, 1 << 30),
    window: integer('window', given['window'], 1, 1 << 30),
    options: readSwitches(options),
    groups: list.map((group) => integer('group', group, 1, 0xffff_ffff)),
    sendBuffer: sendBuffer === undefined ? undefined : integer('sendBuffer', sendBuffer, 1, 0x7fff_ffff),
  };
}

/** Reads the answer to a request to open a socket. @throws TypeError if it is not one. @internal */
export function readWelcome(bytes: Uint8Array): Welcome | { readonly failure: HostFailure } {
  const given = readObject(bytes);
  if (given['failure'] !== undefined) return { failure: readFailure(given['failure']) };
  const { version, byteOrder } = given;
  if (version !== VERSION)
    throw new TypeError(`the host has version ${text(version)} of the protocol; this program has version ${VERSION}`);
  if (byteOrder !== 'little' && byteOrder !== 'big') throw new TypeError(`byte order ${text(byteOrder)} is not known`);
  return {
    version,
    byteOrder,
    portId: integer('portId', given['portId'], 0, 0xffff_ffff),
    beat: integer('beat', given['beat'], 1, 3_600_000),
    window: integer('window', given['window'], 1, 1 << 30),
    receiveBuffer: integer('receiveBuffer', given['receiveBuffer'], 1, 0x7fff_ffff),
  };
}

/** Reads the reason of an end. @internal */
export function readFailure(given: unknown): HostFailure {
  const { errno, code, message, operation, reason } = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>;
  return {
    errno: typeof errno === 'number' && Number.isInteger(errno) && errno < 0 && errno > -4096 ? errno : -107,
    code: typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? code : 'ENOTCONN',
    message: typeof message === 'string' ? message.slice(0, 1000) : 'the host gave no reason',
    operation: typeof operation === 'string' ? operation.slice(0, 64) : undefined,
    reason: reason === 'policy' || reason === 'closed' ? reason : undefined,
  };
}

/** Reads JSON that must be an object. @throws TypeError if it is not. @internal */
export function readObject(bytes: Uint8Array): Record<string, unknown> {
  let given: unknown;
  try {
    given = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new TypeError(`${bytes.byteLength} bytes are not JSON`);
  }
  if (typeof given !== 'object' || given === null) throw new TypeError(`expected an object, not ${kindOf(given)}`);
  return given as Record<string, unknown>;
}

function readSwitches(given: unknown): OpenRequest['options'] {
  const options = given ?? {};
  if (typeof options !== 'object') throw new TypeError(`options must be an object, not ${kindOf(options)}`);
  for (const [name, on] of Object.entries(options)) {
    if (!(SWITCHES as readonly string[]).includes(name) || typeof on !== 'boolean')
      throw new TypeError(`option ${name.slice(0, 32)} is not a switch`);
  }
  return options;
}

function integer(name: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new TypeError(`${name} must be an integer from ${least} to ${most}, not ${text(value)}`);
}

function text(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value).slice(0, 32) : kindOf(value);
}
