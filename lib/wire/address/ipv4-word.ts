import { hostIsLittleEndian } from '../byte-order.js';

/*
 * In a dump, gateways and local addresses repeat in each row; kept rows then share one string. Destinations rarely repeat, but their
 * halves do. So there are direct-mapped tables of whole addresses, and of the texts of both halves. Their size is fixed; a result never
 * depends on earlier calls.
 *
 * Of whole addresses there are two tables: an address is first in the table of new ones, and moves to the other when it is printed again.
 * With one table, new destinations overwrite a quarter of 250 gateways before these repeat, and their rows share no string.
 */
const SLOTS = 1024;

/** The texts of the 256 values that a byte of an IPv4 address can have. */
const OCTETS: readonly string[] = Array.from({ length: 256 }, (_, octet) => String(octet));

/** The shifts of a word's bytes, in the order of memory. */
const SHIFTS: readonly [number, number, number, number] = hostIsLittleEndian ? [0, 8, 16, 24] : [24, 16, 8, 0];
const [FIRST, SECOND, THIRD, FOURTH] = SHIFTS;

const keys = new Int32Array(SLOTS);
const texts: string[] = new Array<string>(SLOTS).fill('0.0.0.0');
const newKeys = new Int32Array(SLOTS);
const newTexts: string[] = new Array<string>(SLOTS).fill('0.0.0.0');
const headKeys = new Uint32Array(SLOTS);
const heads: string[] = new Array<string>(SLOTS).fill('0.0.');
const tailKeys = new Uint32Array(SLOTS);
const tails: string[] = new Array<string>(SLOTS).fill('0.0');

/** Prints the IPv4 address whose four bytes are a word of memory. @internal */
export function printIpv4Word(word: number): string {
  // Not `word | 0`: V8 compiles operators for small integers first, and again at the first large word.
  const bits = Math.imul(word, 1);
  const slot = Math.imul(bits, 0x9e37_79b1) >>> 22;
  if (keys[slot] === bits) return texts[slot]!;
  if (newKeys[slot] === bits) return repeated(slot, bits);
  const text =
    head(((bits >> FIRST) & 0xff) | (((bits >> SECOND) & 0xff) << 8)) + tail(((bits >> THIRD) & 0xff) | (((bits >> FOURTH) & 0xff) << 8));
  newKeys[slot] = bits;
  newTexts[slot] = text;
  return text;
}

/** Exchanges the new address of a slot with the repeated one. */
function repeated(slot: number, bits: number): string {
  const text = newTexts[slot]!;
  newKeys[slot] = keys[slot]!;
  newTexts[slot] = texts[slot]!;
  keys[slot] = bits;
  texts[slot] = text;
  return text;
}

function head(half: number): string {
  const slot = (half ^ (half >>> 8)) & (SLOTS - 1);
  if (headKeys[slot] === half) return heads[slot]!;
  headKeys[slot] = half;
  return (heads[slot] = `${OCTETS[half & 0xff]!}.${OCTETS[half >>> 8]!}.`);
}

function tail(half: number): string {
  const slot = (half ^ (half >>> 6)) & (SLOTS - 1);
  if (tailKeys[slot] === half) return tails[slot]!;
  tailKeys[slot] = half;
  return (tails[slot] = `${OCTETS[half & 0xff]!}.${OCTETS[half >>> 8]!}`);
}

/** Prints 4 bytes as an IPv4 address. @internal */
export function printIpv4(bytes: Uint8Array, at: number): string {
  return printIpv4Word(((bytes[at]! << FIRST) | (bytes[at + 1]! << SECOND) | (bytes[at + 2]! << THIRD) | (bytes[at + 3]! << FOURTH)) >>> 0);
}
