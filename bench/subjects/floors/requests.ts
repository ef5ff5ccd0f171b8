import { readFileSync } from 'node:fs';
import { ACK, ERROR, REQUEST, bytes, exchange, prepare, request, type Visit } from './connection.js';
import { blocking, connection } from './route.js';
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
    exchange(socket, bytes, 32, 2, countAck);
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
  exchange(connection, bytes, 32, 2, makeRow);
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
const words = new Uint32Array(PER_DATAGRAM * ROUTE_WORDS);
const datagram = new Uint8Array(words.buffer);

/** Writes requests for routes into the datagram; the last asks for an ack. */
function fillRoutes(type: number, flags: number, first: number, count: number, link: number): void {
  for (let index = 0; index < count; index++) {
    const [at, number] = [index * ROUTE_WORDS, first + index];
    words[at] = 4 * ROUTE_WORDS;
    words[at + 1] = type | ((REQUEST | flags | (index === count - 1 ? ACK : 0)) << 16);
    words[at + 2] = number + 1;
    // struct rtmsg: IPv4, 32 bits, main table, boot protocol, link scope, unicast
    words[at + 4] = 2 | (32 << 8);
    words[at + 5] = 254 | (3 << 8) | (253 << 16) | (1 << 24);
    // RTA_DST: 11, and three bytes of the number, the highest first
    words[at + 7] = 8 | (1 << 16);
    words[at + 8] = 11 | ((number >> 16) << 8) | (((number >> 8) & 255) << 16) | ((number & 255) << 24);
    // RTA_OIF
    words[at + 9] = 8 | (4 << 16);
    words[at + 10] = link;
  }
}

/** Adds routes and deletes them. */
export function writeRoutes(times: number): number {
  const link = Number(readFileSync('/sys/class/net/bench0/ifindex', 'utf8'));
  let sent = 0;
  for (const [type, flags] of [
    [RTM_NEWROUTE, CREATE | EXCLUSIVE],
    [RTM_DELROUTE, 0],
  ] as const)
    for (let first = 0; first < times / 2; first += PER_DATAGRAM) {
      const count = Math.min(PER_DATAGRAM, times / 2 - first);
      fillRoutes(type, flags, first, count, link);
      exchange(connection, datagram, 4 * ROUTE_WORDS * count, 1, countAck);
      sent++;
    }
  checkAcks(sent);
  return times;
}
