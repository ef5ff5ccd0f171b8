/*
 * Requests that keep the promises of `request()`, and nothing else: only messages of the kernel count, a reply belongs to the request with its sequence
 * number and to this socket, whenever it arrives; lengths are checked; an error, or a dump that was interrupted, is the error signal; a message stays
 * valid; unsubscribing forgets the request; the socket stays open as long as a request needs it; and timers run although one request follows another.
 */
import { Observable, lastValueFrom, type Subscriber, type Unsubscribable } from 'rxjs';
import type { MessageInit } from '../../../dist/index.js';
import { ACK, DONE, DUMP, ERROR, REQUEST, bytes, receiver, request } from './connection.js';
import { countOf } from '../dumps.js';
import { connection } from './route.js';

const [HEADER, ENTRY_WORDS, TRAILER_WORDS] = [16, 8, 4] as const;
const [ROOM, LEAST, PER_TURN] = [32 << 10, 2 << 10, 512] as const;
/** The lowest type of a reply, and the flag of a change during a dump (`NLM_F_DUMP_INTR`) in the word of type and flags. */
const [MINIMUM, INTERRUPTED] = [16, 0x10 << 16] as const;
const [RTM_GETLINK, RTM_NEWROUTE, RTM_GETROUTE, AF_INET] = [18, 24, 26, 2] as const;

let memory = new Uint8Array(0);
let words = new Uint32Array(memory.buffer);
let used = 0;

/** A message: its fields are read when they are needed. */
class Message {
  readonly #words: Uint32Array;
  readonly #at: number;

  constructor(all: Uint32Array, at: number) {
    this.#words = all;
    this.#at = at;
  }

  get type(): number {
    return this.#words[this.#at + 1]! & 0xffff;
  }

  get payload(): Uint8Array {
    const start = 4 * this.#at;
    return new Uint8Array(this.#words.buffer).subarray(start + HEADER, start + this.#words[this.#at]!);
  }
}

/** A request from sending to its end. */
class Pending implements Unsubscribable {
  readonly subscriber: Subscriber<Message>;
  readonly sequence: number;
  isInterrupted = false;

  constructor(subscriber: Subscriber<Message>, sequence: number) {
    this.subscriber = subscriber;
    this.sequence = sequence;
  }

  unsubscribe(): void {
    pending.delete(this.sequence);
    if (latest === this) latest = undefined;
    if (--holders === 0) setImmediate(closeUnheld);
  }
}

const pending = new Map<number, Pending>();
let latest: Pending | undefined;
let sequence = 0;
let strays = 0;
let holders = 1;
let inTurn = 0;

function closeUnheld(): void {
  if (holders === 0) connection.close();
}

function beginTurn(): void {
  inTurn = 0;
}

/** Delivers the messages of a slab that begins at a word and ends before another. */
function deliver(all: Uint32Array, slabStart: number, slabEnd: number): void {
  const trailer = slabEnd - TRAILER_WORDS;
  for (let entry = trailer - all[trailer]! * ENTRY_WORDS; entry < trailer; entry += ENTRY_WORDS) {
    const start = slabStart + (all[entry]! >> 2);
    const end = start + (all[entry + 1]! >> 2);
    const isOfKernel = all[entry + 3]! === 0 && all[entry + 5]! === 0 && all[entry + 7]! === 0;
    if (!isOfKernel || all[entry + 2]! > all[entry + 1]!) {
      strays++;
      continue;
    }
    for (let at = start; end - at >= HEADER >> 2;) {
      const length = all[at]!;
      if (length < HEADER || length > 4 * (end - at)) throw new Error('floors: a message does not fit into its datagram');
      advance(all, at);
      at += (length + 3) >> 2;
    }
  }
}

function advance(all: Uint32Array, at: number): void {
  const number = all[at + 2]!;
  const owner = latest?.sequence === number ? latest : pending.get(number);
  if (owner === undefined || all[at + 3]! !== connection.portId) {
    strays++;
    return;
  }
  const { subscriber } = owner;
  const typeAndFlags = all[at + 1]!;
  const type = typeAndFlags & 0xffff;
  if ((typeAndFlags & INTERRUPTED) !== 0) owner.isInterrupted = true;
  if (type >= MINIMUM) subscriber.next(new Message(all, at));
  else if (type === ERROR || type === DONE) settle(owner, all[at + 4]! | 0);
}

function settle({ subscriber, isInterrupted }: Pending, errno: number): void {
  if (errno < 0) subscriber.error(new Error(`floors: errno ${errno}`));
  else if (isInterrupted) subscriber.error(new Error('floors: the dump was interrupted'));
  else subscriber.complete();
}

/** Returns an Observable of a request, as the library does. */
function requestOf({ type, flags = 0, payload = new Uint8Array(0) }: MessageInit): Observable<Message> {
  return new Observable((subscriber) => {
    holders++;
    const own = (latest = new Pending(subscriber, ++sequence));
    request[0] = HEADER + payload.length;
    request[1] = type | ((flags | REQUEST | ACK) << 16);
    request[2] = own.sequence;
    request[3] = 0;
    bytes.set(payload, HEADER);
    if (memory.length - used < LEAST) {
      memory = new Uint8Array(Buffer.allocUnsafeSlow(ROOM).buffer);
      words = new Uint32Array(memory.buffer);
      used = 0;
    }
    if (inTurn++ === 0) setImmediate(beginTurn);
    if (inTurn > PER_TURN || (flags & DUMP) !== 0) {
      pending.set(own.sequence, own);
      connection.send(bytes, request[0]);
    } else exchange(own, request[0]);
    subscriber.add(own);
  });
}

/** Sends, and reads in the same call what answers. A request that is not answered by it waits for the event loop. */
function exchange(own: Pending, length: number): void {
  const slab = connection.exchange(bytes, length, 2, memory, used);
  if (typeof slab === 'number') {
    const start = used >> 2;
    used += slab;
    deliver(words, start, used >> 2);
  } else if (slab !== undefined) deliver(new Uint32Array(slab), 0, slab.byteLength >> 2);
  if (!own.subscriber.closed) pending.set(own.sequence, own);
}

function receiveAll(): void {
  receiver.receive = (slab): void => {
    deliver(new Uint32Array(slab), 0, slab.byteLength >> 2);
  };
}

function checkStrays(): void {
  if (strays > 0) throw new Error(`floors: ${strays} messages belong to no request; expected none`);
}

/** Requests link 1, and awaits each reply. */
export async function requestPromised(times: number): Promise<number> {
  const payload = new Uint8Array(16);
  new Uint32Array(payload.buffer)[1] = 1;
  receiveAll();
  const link = requestOf({ type: RTM_GETLINK, payload });
  for (let count = 0; count < times; count++) await lastValueFrom(link);
  checkStrays();
  return times;
}

/** Dumps the IPv4 routes, and emits each message. */
export async function dumpPromised(): Promise<number> {
  const payload = new Uint8Array(12);
  payload[0] = AF_INET;
  receiveAll();
  const count = await countOf(requestOf({ type: RTM_GETROUTE, flags: DUMP, payload }), ({ type }) => type === RTM_NEWROUTE);
  checkStrays();
  return count;
}
