import { readFileSync } from 'node:fs';
import { ACK, ERROR, REQUEST, blocking, bytes, connection, prepare, request, visit, type Visit } from './connection.js';
import type { TransportConnection } from '../../../dist/index.js';
import { linkRow } from './link-row.js';

const [RTM_NEWLINK, RTM_GETLINK, RTM_NEWROUTE, RTM_DELROUTE, CREATE, EXCLUSIVE] = [16, 18, 24, 25, 0x400, 0x200] as const;

/** Counts the acks that came in the calls that sent the requests. */
let acks = 0;

function checkAcks(expected: number): number {
  if (acks !== expected) throw new Error(`floors: ${acks} of ${expected} acks came in the call that sent the request; expected all`);
  acks = 0;
  return expected;
}

const countAck: Visit = (_, __, type) => {
  if (type === ERROR) acks++;
};

function prepareLink(): void {
  prepare(32, RTM_GETLINK, REQUEST | ACK);
  request[5] = 1;
}

/** Requests link 1, and reads the headers of the answer. */
export function requestLinks(times: number, socket: TransportConnection = connection): number {
  prepareLink();
  for (let count = 0; count < times; count++) {
    request[2] = count;
    const slab = socket.exchange(bytes, 32, 2);
    if (slab !== undefined) visit(slab, countAck);
  }
  return checkAcks(times);
}

/** Does the same on a socket that the event loop does not read. */
export function requestSync(times: number): number {
  return requestLinks(times, blocking);
}

let row: object | undefined;
const makeRow: Visit = (words, at, type) => {
  if (type === RTM_NEWLINK) row = linkRow(words, at);
  else if (type === ERROR) acks++;
};

/** Requests link 1 and makes its row. */
function requestRow(): Promise<object | undefined> {
  request[2]!++;
  const slab = connection.exchange(bytes, 32, 2);
  if (slab !== undefined) visit(slab, makeRow);
  return Promise.resolve(row);
}

/** Requests rows of link 1, and awaits each. */
export async function requestRows(times: number): Promise<number> {
  prepareLink();
  for (let count = 0; count < times; count++) await requestRow();
  return checkAcks(times);
}

/** Requests rows of link 1, 1,000 at once. */
export async function requestCrowd(times: number): Promise<number> {
  prepareLink();
  for (let count = 0; count < times; count += 1000) await Promise.all(Array.from({ length: 1000 }, requestRow));
  return checkAcks(times);
}

const [PER_DATAGRAM, ROUTE_WORDS] = [200, 11] as const;

/** Returns datagrams of requests for routes; the last request of each asks for an ack. */
function routeDatagrams(type: number, flags: number, count: number): Uint8Array[] {
  const link = Number(readFileSync('/sys/class/net/bench0/ifindex', 'utf8'));
  return Array.from({ length: Math.ceil(count / PER_DATAGRAM) }, (_, datagram) => {
    const first = datagram * PER_DATAGRAM;
    const inDatagram = Math.min(PER_DATAGRAM, count - first);
    const words = new Uint32Array(inDatagram * ROUTE_WORDS);
    const encoded = new Uint8Array(words.buffer);
    for (let index = 0; index < inDatagram; index++) {
      const [at, number] = [index * ROUTE_WORDS, first + index];
      const all = REQUEST | flags | (index === inDatagram - 1 ? ACK : 0);
      words.set([4 * ROUTE_WORDS, type | (all << 16), number + 1], at);
      // struct rtmsg: IPv4, 32 bits, main table, boot protocol, link scope, unicast
      encoded.set([2, 32, 0, 0, 254, 3, 253, 1], 4 * at + 16);
      encoded.set([8, 0, 1, 0, 11, number >> 16, number >> 8, number, 8, 0, 4, 0, link], 4 * at + 28);
    }
    return encoded;
  });
}

let datagrams: readonly Uint8Array[] | undefined;

/** Adds routes and deletes them, from datagrams that were encoded before. */
export function writeRoutes(times: number): number {
  for (const datagram of (datagrams ??= allDatagrams(times))) {
    const slab = connection.exchange(datagram, datagram.byteLength, 1);
    if (slab !== undefined) visit(slab, countAck);
  }
  checkAcks(datagrams.length);
  return times;
}

function allDatagrams(times: number): Uint8Array[] {
  return [...routeDatagrams(RTM_NEWROUTE, CREATE | EXCLUSIVE, times / 2), ...routeDatagrams(RTM_DELROUTE, 0, times / 2)];
}
