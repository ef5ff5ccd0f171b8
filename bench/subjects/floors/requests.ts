import { Observable, forkJoin, lastValueFrom } from 'rxjs';
import { type MessageInit, type TransportConnection } from '../../../dist/index.js';
import { CREATE, RTM_DELROUTE, RTM_NEWROUTE, benchLink, countDone, routeRequests } from '../writes.js';
import { ACK, ERROR, REQUEST, bytes, exchange, exchangeKept, prepare, request } from './connection.js';
import { blocking, connection } from './route.js';
import { linkRow } from './link-row.js';

const [RTM_NEWLINK, RTM_GETLINK] = [16, 18] as const;
const HEADER = 16;

/** Counts the acks that came in the calls that sent the requests. */
let acks = 0;

function checkAcks(expected: number): number {
  if (acks !== expected) throw new Error(`floors: ${acks} of ${expected} acks came in the call that sent the request; expected all`);
  acks = 0;
  return expected;
}

/** A reply that stays valid. */
class Reply {
  readonly words: Uint32Array;
  readonly at: number;

  constructor(words: Uint32Array, at: number) {
    this.words = words;
    this.at = at;
  }
}

function prepareLink(): void {
  prepare(32, RTM_GETLINK, REQUEST | ACK);
  request[5] = 1;
}

/** Requests link 1, and emits the reply. */
const link: Observable<Reply> = new Observable((subscriber) => {
  request[2]!++;
  exchangeKept(connection, bytes, 32, 2, (words, at, type) => {
    if (type !== ERROR) subscriber.next(new Reply(words, at));
    else {
      acks++;
      subscriber.complete();
    }
  });
});

/** Requests link 1, and awaits each reply. */
export async function requestLinks(times: number): Promise<number> {
  prepareLink();
  for (let count = 0; count < times; count++) await lastValueFrom(link);
  return checkAcks(times);
}

function replies(socket: TransportConnection): Reply[] {
  const all: Reply[] = [];
  request[2]!++;
  exchangeKept(socket, bytes, 32, 2, (words, at, type) => {
    if (type === ERROR) acks++;
    else all.push(new Reply(words, at));
  });
  return all;
}

/** Requests link 1 on a socket that the event loop does not read. */
export function requestSync(times: number): number {
  prepareLink();
  for (let count = 0; count < times; count++) replies(blocking);
  return checkAcks(times);
}

/** Returns a request for the row of a link. As in the library, each has an object with the index, and an Observable of its own. */
function rowOf({ ifiIndex }: { readonly ifiIndex: number }): Observable<object> {
  return new Observable((subscriber) => {
    request[2]!++;
    request[5] = ifiIndex;
    exchange(connection, bytes, 32, 2, (words, at, type) => {
      if (type === RTM_NEWLINK) subscriber.next(linkRow(words, at));
      else if (type === ERROR) {
        acks++;
        subscriber.complete();
      }
    });
  });
}

/** Requests rows of link 1, and awaits each. */
export async function requestRows(times: number): Promise<number> {
  prepareLink();
  for (let count = 0; count < times; count++) await lastValueFrom(rowOf({ ifiIndex: 1 }));
  return checkAcks(times);
}

/** Requests rows of link 1, 1,000 at once. */
export async function requestCrowd(times: number): Promise<number> {
  prepareLink();
  for (let count = 0; count < times; count += 1000)
    await lastValueFrom(forkJoin(Array.from({ length: 1000 }, () => rowOf({ ifiIndex: 1 }))));
  return checkAcks(times);
}

/** The bytes of a request, and the memory of its error in the receive queue. */
const [LENGTH, ERROR_COST] = [44, 832] as const;
/** The errors of one datagram fit into half of the receive queue. It has at most 64 KiB, as in the library. */
const PER_DATAGRAM = Math.floor(Math.min((1 << 16) / LENGTH, connection.getBufferSize('receive') / 2 / (ERROR_COST + LENGTH)));
const NONE: readonly never[] = [];
const datagram = new Uint8Array(PER_DATAGRAM * LENGTH);
const words = new Uint32Array(datagram.buffer);

/** Sends requests in datagrams whose last request asks for an ack, and emits a result for each. */
function writeAll(messages: Iterable<MessageInit>): Observable<object> {
  return new Observable((subscriber) => {
    let index = 0;
    let count = 0;
    let length = 0;
    let last = 0;
    const send = (): void => {
      words[(last >> 2) + 1]! |= ACK << 16;
      exchange(connection, datagram, length, 1, (_, __, type) => {
        if (type === ERROR) acks++;
      });
      for (let sent = 0; sent < count; sent++) subscriber.next({ index: index++, replies: NONE });
      count = length = 0;
    };
    for (const { type, flags = 0, payload } of messages) {
      const at = length >> 2;
      last = length;
      words[at] = HEADER + payload!.byteLength;
      words[at + 1] = type | ((flags | REQUEST) << 16);
      words[at + 2] = index + count + 1;
      words[at + 3] = 0;
      datagram.set(payload!, length + HEADER);
      length += (HEADER + payload!.byteLength + 3) & ~3;
      if (++count === PER_DATAGRAM) send();
    }
    if (count > 0) send();
    subscriber.complete();
  });
}

/** Adds routes and deletes them. */
export async function writeRoutes(times: number): Promise<number> {
  const device = benchLink();
  for (const [type, flags] of [
    [RTM_NEWROUTE, CREATE],
    [RTM_DELROUTE, 0],
  ] as const)
    await countDone(writeAll(routeRequests(type, flags, times / 2, device)));
  checkAcks(2 * Math.ceil(times / 2 / PER_DATAGRAM));
  return times;
}
