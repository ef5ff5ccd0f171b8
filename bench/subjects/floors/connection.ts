import { nativeTransport, type TransportConnection } from '../../../dist/index.js';

export const REQUEST = 1;
export const ACK = 4;
export const DUMP = 0x300;
export const ERROR = 2;
export const DONE = 3;

/** The words of a table entry and of the trailer of a slab (native/receive/slab.h). */
const [ENTRY_WORDS, TRAILER_WORDS] = [8, 4] as const;

export type Visit = (words: Uint32Array, at: number, type: number) => void;

/** The bytes of a request, and the same as words. */
export const bytes: Uint8Array<ArrayBuffer> = new Uint8Array(72);
export const request: Uint32Array = new Uint32Array(bytes.buffer);

const ignore = (): void => undefined;

/** The function that receives what the event loop has read. */
export const receiver: { receive: (slab: ArrayBuffer) => void } = { receive: ignore };

const OPTIONS = ['extendedAck', 'cappedAck', 'strictCheck'] as const;

/** Opens a socket with the options of the library's. */
export function openConnection(protocol: number): TransportConnection {
  const settings = { protocol, portId: 0, datagramSize: 1 << 20, ref: true };
  const receive = (slab: ArrayBuffer): void => {
    receiver.receive(slab);
  };
  return withOptions(nativeTransport.open({ ...settings, receive }));
}

/** Opens a socket that the event loop does not read. */
export function openBlocking(protocol: number): TransportConnection {
  return withOptions(nativeTransport.openBlocking!({ protocol, portId: 0, datagramSize: 1 << 20 }));
}

function withOptions(connection: TransportConnection): TransportConnection {
  for (const option of OPTIONS) connection.setOption(option, true);
  return connection;
}

/** Visits the messages of a slab; `at` is the index of the first word of each. */
export function visit(slab: ArrayBuffer, each: Visit): void {
  const words = new Uint32Array(slab);
  visitWords(words, 0, words.length, each);
}

/** Visits the messages of a slab that begins at a word and ends before another. */
function visitWords(words: Uint32Array, slabStart: number, slabEnd: number, each: Visit): void {
  const trailer = slabEnd - TRAILER_WORDS;
  const count = words[trailer]!;
  for (let entry = trailer - count * ENTRY_WORDS; entry < trailer; entry += ENTRY_WORDS) {
    const start = slabStart + (words[entry]! >> 2);
    const end = start + (words[entry + 1]! >> 2);
    for (let at = start; at < end; at += (words[at]! + 3) >> 2) each(words, at, words[at + 1]! & 0xffff);
  }
}

const [ROOM, LEAST] = [16 << 10, 2 << 10] as const;

/** The memory for replies of which nothing is kept. */
const room = new Uint8Array(ROOM);
const roomWords = new Uint32Array(room.buffer);

/** Sends bytes, reads what answers them in the same call, and visits its messages. */
export function exchange(socket: TransportConnection, sent: Uint8Array, length: number, expected: number, each: Visit): void {
  const slab = socket.exchange(sent, length, expected, room, 0);
  if (typeof slab === 'number') visitWords(roomWords, 0, slab >> 2, each);
  else if (slab !== undefined) visit(slab, each);
}

/** The memory for replies that are kept, and what of it is used. */
let kept = new Uint8Array(0);
let keptWords = new Uint32Array(kept.buffer);
let used = 0;

/** Does the same; what it visits stays as it is. */
export function exchangeKept(socket: TransportConnection, sent: Uint8Array, length: number, expected: number, each: Visit): void {
  if (kept.byteLength - used < LEAST) {
    kept = new Uint8Array(ROOM);
    keptWords = new Uint32Array(kept.buffer);
    used = 0;
  }
  const slab = socket.exchange(sent, length, expected, kept, used);
  if (typeof slab === 'number') {
    const start = used;
    used += slab;
    visitWords(keptWords, start >> 2, used >> 2, each);
  } else if (slab !== undefined) visit(slab, each);
}

/** Sends a request that was prepared, and calls a function for each message of one type until the dump ends. */
export function dumpOver(
  connection: TransportConnection,
  length: number,
  expected: number,
  each: (words: Uint32Array, at: number) => void,
): Promise<number> {
  return new Promise((resolve) => {
    let count = 0;
    receiver.receive = (slab) => {
      visit(slab, (words, at, type) => {
        if (type === expected) {
          count++;
          each(words, at);
        } else if (type === DONE) {
          // The function keeps what it has collected.
          receiver.receive = ignore;
          resolve(count);
        }
      });
    };
    connection.send(bytes, length);
  });
}

/** Begins a request. */
export function prepare(length: number, type: number, flags: number): void {
  request.fill(0);
  request[0] = length;
  request[1] = type | (flags << 16);
}
