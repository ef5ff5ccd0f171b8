import { AddressFamily } from '../../../dist/index.js';
import { ACK, DUMP, REQUEST, bytes, dumpOver, prepare } from './connection.js';
import { connection } from './route.js';

const [RTM_NEWROUTE, RTM_GETROUTE] = [24, 26] as const;

/** Dumps the IPv4 routes, and calls a function for each. */
export function dump(each: (words: Uint32Array, at: number) => void): Promise<number> {
  prepare(28, RTM_GETROUTE, REQUEST | ACK | DUMP);
  bytes[16] = AddressFamily.Inet;
  return dumpOver(connection, 28, RTM_NEWROUTE, each);
}

const OCTETS = Array.from({ length: 256 }, (_, octet) => String(octet));

function textOf(word: number): string {
  return `${OCTETS[word & 255]!}.${OCTETS[(word >> 8) & 255]!}.${OCTETS[(word >> 16) & 255]!}.${OCTETS[word >>> 24]!}`;
}

/** Returns an object with the properties of a row; the attributes are in the kernel's order: table, dst, priority, gateway, oif. */
function rowOf(words: Uint32Array, at: number): object {
  const first = words[at + 4]!;
  const second = words[at + 5]!;
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

/** The latest row: without it, V8 would not make the objects. */
let latest: object = {};

/** Makes an object for each route, and keeps the latest. */
export async function typed(): Promise<number> {
  const count = await dump((words, at) => (latest = rowOf(words, at)));
  if (!('oif' in latest)) throw new Error('floors: the dump had no route with an interface');
  return count;
}

export async function list(): Promise<number> {
  const rows: object[] = [];
  await dump((words, at) => rows.push(rowOf(words, at)));
  return rows.length;
}

export async function watch(): Promise<number> {
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
