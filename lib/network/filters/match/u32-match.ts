import type { TcU32Key, TcU32Sel } from '../../../families/tc.js';
import { FieldError } from '../../common/field-error.js';
import type { PacketProtocol } from '../protocols.js';
import { checkNetwork, impliedTransport, transportWord, type Match } from './match-check.js';
import { FIELD_ENTRIES, fieldOf, MATCH_FIELDS, type MatchField } from './match-fields.js';
import { bytesOf, integerOf, masked, type Bits } from './match-value.js';

/** TC_U32_TERMINAL (uapi/linux/pkt_cls.h): a packet that matches is classified, or gets the actions. */
const TERMINAL = 1;

/** The length of headers before the transport header, without options. */
const HEADERS: Readonly<Record<string, number>> = { ip: 20, ipv6: 40 };

/** The bits that a filter compares, by the offset of their 32-bit word. */
type Words = Map<number, { readonly value: Uint8Array; readonly mask: Uint8Array }>;

/** Translates the match of a filter into a selector. @throws FieldError if u32 cannot compare a field. @internal */
export function u32Selector(fields: Match, protocol: PacketProtocol): Pick<TcU32Sel, 'flags' | 'nkeys' | 'keys'> {
  checkNetwork(fields, protocol);
  const words: Words = new Map();
  const transport = impliedTransport(fields);
  if (transport !== undefined) put(words, MATCH_FIELDS[transportWord(protocol)], protocol, transport, '');
  for (const [word, value] of Object.entries(fields)) put(words, fieldOf(word)!, protocol, value, word);
  const keys = [...words]
    .sort(([one], [other]) => one - other)
    .map(([off, { value, mask }]): TcU32Key => ({ mask: integerOf(mask), val: integerOf(value), off, offmask: 0 }));
  // A filter without a condition has one key that compares nothing, as that of tc.
  const used = keys.length === 0 ? [{ mask: 0, val: 0, off: 0, offmask: 0 }] : keys;
  return { flags: TERMINAL, nkeys: used.length, keys: used };
}

/** Adds the bits of a field. */
function put(words: Words, field: MatchField, protocol: PacketProtocol, given: string | number, word: string): void {
  const offset = offsetOf(field, protocol);
  if (offset === undefined) throw new FieldError(`match['${word}']`, 'kind u32 cannot compare it; use kind flower');
  if (typeof given === 'string' && /^\d+-\d+$/.test(given))
    throw new FieldError(`match['${word}']`, 'kind u32 compares bits, not ranges; use kind flower, or a value and a mask');
  const { value, mask } = field.value.toBits(given);
  for (const [index, bits] of mask.entries()) {
    if (bits === 0) continue;
    const at = offset + index;
    const start = Math.floor(at / 4) * 4;
    const known = words.get(start) ?? { value: new Uint8Array(4), mask: new Uint8Array(4) };
    words.set(start, known);
    const place = at - start;
    if (((known.value[place]! ^ value[index]!) & known.mask[place]! & bits) !== 0)
      throw new FieldError(`match['${word}']`, 'another field compares the same bits with another value');
    known.value[place] = known.value[place]! | (value[index]! & bits);
    known.mask[place] = known.mask[place]! | bits;
  }
}

/** Returns the place of a field, from the network header. */
function offsetOf({ u32, transport }: MatchField, protocol: PacketProtocol): number | undefined {
  if (u32 === undefined) return undefined;
  return transport === undefined ? u32 : u32 + HEADERS[protocol]!;
}

/** Translates a selector into a match; undefined if it does more than compare bits at fixed places. @internal */
export function u32Match({ flags, hmask, keys }: TcU32Sel, protocol: PacketProtocol): Match | undefined {
  if ((flags & ~TERMINAL) !== 0 || hmask !== 0 || keys.some(({ offmask }) => offmask !== 0)) return undefined;
  const words = wordsOf(keys);
  if (words === undefined) return undefined;
  const found: Record<string, string | number> = {};
  const above = MATCH_FIELDS[transportWord(protocol)];
  const transport = protocol in HEADERS ? bitsAt(words, above.u32!, 1) : undefined;
  for (const [word, field] of FIELD_ENTRIES) {
    if (field.network !== undefined && field.network !== protocol) continue;
    if (field.transport !== undefined && (transport === undefined || !hasTransport(field, transport))) continue;
    const offset = offsetOf(field, protocol);
    if (offset !== undefined) take(word, field, offset);
  }
  if (impliedTransport(found) !== undefined) delete found[transportWord(protocol)];
  for (const [offset, { value, mask }] of words) if (mask.some((byte) => byte !== 0)) found[`u32@${offset}`] = raw({ value, mask });
  return found;

  function take(word: string, { value: { size, full, fromBits } }: MatchField, offset: number): void {
    const { value, mask } = bitsAt(words!, offset, size);
    const own = mask.map((byte, index) => byte & full[index]!);
    if (own.every((byte) => byte === 0)) return;
    const read = fromBits({ value: value.map((byte, index) => byte & full[index]!), mask: own });
    if (read === undefined) return;
    found[word] = read;
    for (const [index, bits] of own.entries()) if (bits !== 0) clear(words!, offset + index, bits);
  }
}

function hasTransport({ transport }: MatchField, { value, mask }: Bits): boolean {
  return transport === 'any' || (mask[0] === 0xff && value[0] === transport);
}

function raw(bits: Bits): string | number {
  return fieldOf('u32@0')!.value.fromBits(bits)!;
}

/** Returns the bits of keys; undefined if two keys contradict each other. */
function wordsOf(keys: readonly TcU32Key[]): Words | undefined {
  const words: Words = new Map();
  for (const { off, val, mask } of keys) {
    const start = Math.floor(off / 4) * 4;
    // tc aligns all keys.
    if (start !== off) return undefined;
    const known = words.get(off);
    const { value, mask: bits } = masked({ value: bytesOf(val, 4), mask: bytesOf(mask, 4) });
    if (known === undefined) words.set(off, { value, mask: bits });
    else {
      if (known.mask.some((byte, index) => (byte & bits[index]!) !== 0)) return undefined;
      words.set(off, {
        value: known.value.map((byte, index) => byte | value[index]!),
        mask: known.mask.map((byte, index) => byte | bits[index]!),
      });
    }
  }
  return words;
}

function bitsAt(words: Words, offset: number, size: number): Bits {
  const at = (part: 'value' | 'mask', index: number): number => {
    const start = Math.floor((offset + index) / 4) * 4;
    return words.get(start)?.[part][offset + index - start] ?? 0;
  };
  return {
    value: Uint8Array.from({ length: size }, (_, index) => at('value', index)),
    mask: Uint8Array.from({ length: size }, (_, index) => at('mask', index)),
  };
}

function clear(words: Words, at: number, bits: number): void {
  const start = Math.floor(at / 4) * 4;
  const word = words.get(start)!;
  word.mask[at - start] = word.mask[at - start]! & ~bits;
  word.value[at - start] = word.value[at - start]! & word.mask[at - start]!;
}
