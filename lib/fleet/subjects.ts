import { kindOf } from '../check/index.js';
import { hashOf } from './hash.js';

/*
 * The subjects and streams of a fleet:
 *
 *   rxf.state.<cell>.<host>.<family>.<op>.<shard>   stream RXF_STATE_<cell>: the rows of a table
 *   rxf.alive.<host>                                stream RXF_ALIVE: the beats of the agents
 *   rxf.nl.<host>.open                              requests for a netlink socket of a host, without a stream
 *   rxf.nl.<host>.<client>.<id>.welcome | tx | rx   a netlink socket; the part of the client is what permissions name
 */

/** The longest part of a subject, after encoding. */
const LONGEST_TOKEN = 64;

/** The stream of the beats. @internal */
export const ALIVE_STREAM = 'RXF_ALIVE';

/**
 * Encodes a name as one part of a subject: letters, digits and `-` stay, and each other byte of its UTF-8 becomes `_xx`.
 *
 * @param what - What the name names, for the text of an error: `host`.
 * @throws TypeError if the name is not a text, or empty. RangeError if the result is longer than 64 characters.
 * @internal
 */
export function encodeToken(what: string, name: unknown): string {
  if (typeof name !== 'string') throw new TypeError(`${what} must be a text, not ${kindOf(name)}`);
  if (name === '') throw new TypeError(`${what} must not be empty`);
  const token = [...new TextEncoder().encode(name)].map((byte) => encodeByte(byte)).join('');
  if (token.length > LONGEST_TOKEN) {
    throw new RangeError(
      `${what} '${name}' has ${token.length} characters in a subject; the limit is ${LONGEST_TOKEN}: choose a shorter one`,
    );
  }
  return token;
}

/**
 * Checks the name of a host. A `.` is allowed, and encoded in subjects.
 *
 * @throws TypeError for a name that selects several hosts, or that no terminal shows as it is. Those of {@link encodeToken}.
 * @internal
 */
export function checkHostName(what: string, name: unknown): void {
  encodeToken(what, name);
  const wrong = /[*>\s\p{Cc}]/u.exec(name as string)?.[0];
  if (wrong === undefined) return;
  throw new TypeError(
    `${what} ${JSON.stringify(name)} contains ${JSON.stringify(wrong)}; expected a name without '*', '>', blanks and control characters`,
  );
}

function encodeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9-]/.test(character) ? character : `_${byte.toString(16).padStart(2, '0')}`;
}

/** Decodes a part of a subject; undefined if {@link encodeToken} cannot have made it. @internal */
export function decodeToken(token: string): string | undefined {
  if (!/^(?:[A-Za-z0-9-]|_[0-9a-f]{2})+$/.test(token)) return undefined;
  const bytes = [...token.matchAll(/_(..)|./g)].map(([character, hex]) =>
    hex === undefined ? character.charCodeAt(0) : parseInt(hex, 16),
  );
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}

/** Returns the cell of a host: hosts are spread over streams by their names. @internal */
export function cellOf(host: string, cells: number): number {
  return hashOf(host) % cells;
}

/** A table of a host, or a part of it. @internal */
export interface Shard {
  readonly cell: number;
  readonly host: string;
  readonly family: string;
  readonly op: string;
  readonly shard: number;
}

/** Returns the stream of a cell. @internal */
export const stateStream = (cell: number): string => `RXF_STATE_${cell}`;

/** Returns the subject of a shard; `*` in place of a part selects all. @internal */
export function stateSubject({ cell, host, family, op, shard }: { readonly [Part in keyof Shard]: Shard[Part] | '*' }): string {
  const part = (what: string, name: string | number) => (name === '*' ? '*' : encodeToken(what, String(name)));
  return `rxf.state.${cell}.${part('host', host)}.${part('family', family)}.${part('operation', op)}.${shard}`;
}

/** Returns the subjects of all tables of a host. @internal */
export const hostSubjects = (cell: number, host: string): string => `rxf.state.${cell}.${encodeToken('host', host)}.>`;

/** Reads the subject of a shard; undefined if it is another one. @internal */
export function shardOf(subject: string): Shard | undefined {
  const [, cell, host, family, op, shard] = /^rxf\.state\.(\d+)\.([^.]+)\.([^.]+)\.([^.]+)\.(\d+)$/.exec(subject) ?? [];
  const names = [host, family, op].map((token) => (token === undefined ? undefined : decodeToken(token)));
  if (names.includes(undefined)) return undefined;
  return { cell: Number(cell), host: names[0]!, family: names[1]!, op: names[2]!, shard: Number(shard) };
}

/** Returns the subject of a host's beats. @internal */
export const aliveSubject = (host: string): string => `rxf.alive.${host === '*' ? '*' : encodeToken('host', host)}`;

/** Returns the subject to open a netlink socket of a host. @internal */
export const openSubject = (host: string): string => `rxf.nl.${encodeToken('host', host)}.open`;

/**
 * Returns a subject of a netlink socket: `welcome` for the answer of the host to the request that opens it, `tx` to the host, `rx` from it.
 *
 * @param client - That of `clientToken`, or `*`.
 *
 * @internal
 */
export const socketSubject = (host: string, client: string, id: string, direction: 'welcome' | 'tx' | 'rx'): string =>
  `rxf.nl.${encodeToken('host', host)}.${client}.${id}.${direction}`;

/** Reads the client and the id of a subject of a netlink socket; undefined if it is another one. @internal */
export function socketOf(subject: string): { readonly client: string; readonly id: string } | undefined {
  const [, client, id] = /^rxf\.nl\.[^.]+\.([\w-]{1,64})\.([\w-]{12})\.(?:welcome|tx|rx)$/.exec(subject) ?? [];
  return client === undefined || id === undefined ? undefined : { client, id };
}
