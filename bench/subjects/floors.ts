/*
 * Programs in JavaScript that do only the named work with the addon of this package: they have no operators, no checks and no compiled decoders,
 * and one Promise for each dump. bench/floor/floor.c opens the same socket and sends the same requests.
 *
 *   floors dump             reads the IPv4 routes, and the length and the type of each message
 *   floors list             the same, and keeps an object for each route, with the properties of a row
 *   floors watch            the same, and enters each object into a table of integer hashes
 *   floors sequential N     requests link 1 N times, one by one, and reads the headers of both messages
 *
 * Each works once for each line on stdin, and prints `nanoseconds count`.
 */
import { AddressFamily, Protocol, nativeTransport } from '../../dist/index.js';
import { answer } from '../support/answer.js';

const [RTM_GETLINK, RTM_NEWROUTE, RTM_GETROUTE] = [18, 24, 26] as const;
const [REQUEST, ACK, DUMP] = [1, 4, 0x300] as const;
const [ERROR, DONE] = [2, 3] as const;

/** The words of a table entry and of the trailer of a slab (native/receive/slab.h). */
const [ENTRY_WORDS, TRAILER_WORDS] = [8, 4] as const;

type Visit = (words: Uint32Array, at: number, type: number) => void;

const bytes = new Uint8Array(32);
const request = new Uint32Array(bytes.buffer);
let receive: (slab: ArrayBuffer) => void = () => undefined;
const connection = nativeTransport.open({
  protocol: Protocol.Route,
  portId: 0,
  datagramSize: 1 << 20,
  ref: true,
  receive: (slab) => {
    receive(slab);
  },
});
for (const option of ['extendedAck', 'cappedAck', 'strictCheck'] as const) connection.setOption(option, true);

/** Visits the messages of a slab; `at` is the index of the first word of each. */
function visit(slab: ArrayBuffer, each: Visit): void {
  const words = new Uint32Array(slab);
  const trailer = words.length - TRAILER_WORDS;
  const count = words[trailer]!;
  for (let entry = trailer - count * ENTRY_WORDS; entry < trailer; entry += ENTRY_WORDS) {
    const end = (words[entry]! + words[entry + 1]!) >> 2;
    for (let at = words[entry]! >> 2; at < end; at += (words[at]! + 3) >> 2) each(words, at, words[at + 1]! & 0xffff);
  }
}

function prepare(length: number, type: number, flags: number): void {
  request.fill(0);
  request[0] = length;
  request[1] = type | (flags << 16);
}

/** Dumps the IPv4 routes, and calls a function for each. */
function dump(each: (words: Uint32Array, at: number) => void): Promise<number> {
  prepare(28, RTM_GETROUTE, REQUEST | ACK | DUMP);
  bytes[16] = AddressFamily.Inet;
  return new Promise((resolve) => {
    let count = 0;
    receive = (slab) => {
      visit(slab, (words, at, type) => {
        if (type === RTM_NEWROUTE) {
          count++;
          each(words, at);
        } else if (type === DONE) {
          resolve(count);
        }
      });
    };
    connection.send(bytes, 28);
  });
}

const OCTETS = Array.from({ length: 256 }, (_, octet) => String(octet));

function textOf(word: number): string {
  return `${OCTETS[word & 255]!}.${OCTETS[(word >> 8) & 255]!}.${OCTETS[(word >> 16) & 255]!}.${OCTETS[word >>> 24]!}`;
}

/** Returns an object with the properties of a row; the attributes are in the kernel's order: table, dst, priority, gateway, oif. */
function rowOf(words: Uint32Array, at: number): object {
  const [first, second] = [words[at + 4]!, words[at + 5]!];
  return {
    rtmFamily: first & 255,
    rtmDstLen: (first >> 8) & 255,
    rtmSrcLen: (first >> 16) & 255,
    rtmTos: first >>> 24,
    rtmTable: second & 255,
    rtmProtocol: (second >> 8) & 255,
    rtmScope: (second >> 16) & 255,
    rtmType: second >>> 24,
    rtmFlags: words[at + 6]!,
    table: words[at + 8]!,
    dst: textOf(words[at + 10]!),
    priority: words[at + 12]!,
    gateway: words[at + 14]!,
    oif: words[at + 16]!,
  };
}

async function list(): Promise<number> {
  const rows: object[] = [];
  await dump((words, at) => rows.push(rowOf(words, at)));
  return rows.length;
}

async function watch(): Promise<number> {
  const rows: object[] = [];
  let table = new Int32Array(1 << 10);
  let hashes = new Int32Array(1 << 10);
  const enter = (hash: number, number: number): void => {
    let slot = hash & (table.length - 1);
    while (table[slot] !== 0) slot = (slot + 1) & (table.length - 1);
    table[slot] = number;
    hashes[number] = hash;
  };
  await dump((words, at) => {
    const hash = Math.imul(words[at + 8]! ^ Math.imul(words[at + 10]!, 0x9e37_79b1) ^ words[at + 12]!, 0x85eb_ca6b) >>> 8;
    rows.push(rowOf(words, at));
    if (rows.length * 2 > table.length) {
      const old = hashes;
      table = new Int32Array(table.length * 2);
      hashes = new Int32Array(table.length);
      for (let number = 1; number < rows.length; number++) enter(old[number]!, number);
    }
    enter(hash, rows.length);
  });
  return rows.length;
}

/** Requests link 1, and reads the headers of the answer. */
function requestLinks(times: number): Promise<number> {
  prepare(32, RTM_GETLINK, REQUEST | ACK);
  request[5] = 1;
  let acks = 0;
  const each: Visit = (_, __, type) => {
    if (type === ERROR) acks++;
  };
  for (let count = 0; count < times; count++) {
    request[2] = count;
    const slab = connection.exchange(bytes, 32, 2);
    if (slab !== undefined) visit(slab, each);
  }
  if (acks !== times) throw new Error(`floors: ${acks} of ${times} acks came in the call that sent the request; expected all`);
  return Promise.resolve(times);
}

const [what = 'dump', times = '1'] = process.argv.slice(2);
const work: Record<string, () => Promise<number>> = {
  dump: () => dump(() => undefined),
  list,
  watch,
  sequential: () => requestLinks(Number(times)),
};
const chosen = work[what];
if (chosen === undefined) throw new Error(`floors: unknown work (${what}); expected a command of the list above`);
await answer(chosen);
connection.close();
