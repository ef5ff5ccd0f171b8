import { omitUndefined } from '../../check/index.js';
import type { FormatEntry, OverlayEntry, SpecEntry } from '../overlay.js';

/** The keys of an attribute or member beside its name and type. */
type More = Readonly<Record<string, unknown>>;

/** A function that creates an entry of one type. */
function word(type: string, fixed: More = {}): (name: string, more?: More) => SpecEntry {
  return (name, more = {}) => ({ name, type, ...fixed, ...more });
}

const big = { 'byte-order': 'big-endian' };

/* Entries of attribute sets and structs, one word each. @internal */
export const u8: (name: string, more?: More) => SpecEntry = word('u8');
export const u16: (name: string, more?: More) => SpecEntry = word('u16');
export const u32: (name: string, more?: More) => SpecEntry = word('u32');
export const u64: (name: string, more?: More) => SpecEntry = word('u64');
export const s16: (name: string, more?: More) => SpecEntry = word('s16');
export const s64: (name: string, more?: More) => SpecEntry = word('s64');
export const s32: (name: string, more?: More) => SpecEntry = word('s32');
export const be16: (name: string, more?: More) => SpecEntry = word('u16', big);
export const be32: (name: string, more?: More) => SpecEntry = word('u32', big);
export const be64: (name: string, more?: More) => SpecEntry = word('u64', big);
export const uint: (name: string, more?: More) => SpecEntry = word('uint');
export const text: (name: string, more?: More) => SpecEntry = word('string');
export const flag: (name: string, more?: More) => SpecEntry = word('flag');
export const bytes: (name: string, more?: More) => SpecEntry = word('binary');
export const padding: (name: string, more?: More) => SpecEntry = word('pad');
export const bitfield: (name: string, more?: More) => SpecEntry = word('bitfield32');

/** Returns an attribute that holds an IPv4 or IPv6 address. @internal */
export const ip: (name: string, more?: More) => SpecEntry = word('binary', { 'display-hint': 'ipv4-or-v6' });
export const ipv4: (name: string, more?: More) => SpecEntry = word('binary', { 'display-hint': 'ipv4' });
export const ipv6: (name: string, more?: More) => SpecEntry = word('binary', { 'display-hint': 'ipv6' });
export const mac: (name: string, more?: More) => SpecEntry = word('binary', { 'display-hint': 'mac' });

/** Returns an attribute that holds a struct. @internal */
export function struct(name: string, of: string, more: More = {}): SpecEntry {
  return { name, type: 'binary', struct: of, ...more };
}

/** Returns an attribute that holds attributes. @internal */
export function nest(name: string, set: string, more: More = {}): SpecEntry {
  return { name, type: 'nest', 'nested-attributes': set, ...more };
}

/** Returns the padding of a struct in bytes. @internal */
export function gap(name: string, length: number): SpecEntry {
  return { name, type: 'pad', len: length };
}

/** Returns a set whose C names start with the prefix. @internal */
export function set(name: string, prefix: string, attributes: readonly SpecEntry[]): SpecEntry {
  return { name, 'name-prefix': prefix, attributes };
}

/** Returns a definition of type struct. @internal */
export function layout(name: string, members: readonly SpecEntry[]): SpecEntry {
  return { name, type: 'struct', members };
}

/** Returns a definition of type enum; a number after a name is its value. @internal */
export function names(name: string, prefix: string, entries: readonly (string | readonly [string, number])[]): SpecEntry {
  return {
    name,
    type: 'enum',
    'name-prefix': prefix,
    entries: entries.map((entry) => (typeof entry === 'string' ? entry : { name: entry[0], value: entry[1] })),
  };
}

/** Returns a definition of type flags, from bit 0. @internal */
export function bits(name: string, prefix: string, entries: readonly string[]): SpecEntry {
  return { name, type: 'flags', 'name-prefix': prefix, entries };
}

/** Declares attributes of a set as key material. @internal */
export function secrets(header: string, set: string, attributes: readonly string[], more: More = {}): OverlayEntry[] {
  return attributes.map((changeAttribute) => ({ header, set, changeAttribute, to: { secret: true, ...more }, reason: 'key material' }));
}

/** Returns a format of a sub-message that holds a set of attributes. @internal */
export function format(value: string, attributeSet: string): FormatEntry {
  return { value, 'attribute-set': attributeSet };
}

/** Returns a notification with the contents of the replies of an operation. @internal */
export function notification(name: string, notify: string, value: number, groups?: readonly string[]): SpecEntry {
  return { name, notify, value, ...omitUndefined({ mcgrp: groups }) };
}

/** Returns an operation with the numbers of its do and dump. @internal */
export function operation(
  name: string,
  attributeSet: string,
  modes: { readonly do?: readonly [number, number?]; readonly dump?: readonly [number, number?] },
  more: More = {},
): SpecEntry {
  const mode = ([request, reply]: readonly [number, number?]): More => ({
    request: { value: request },
    ...(reply !== undefined && { reply: { value: reply } }),
  });
  return {
    name,
    'attribute-set': attributeSet,
    ...more,
    ...omitUndefined({ do: modes.do && mode(modes.do), dump: modes.dump && mode(modes.dump) }),
  };
}

/** Declares the fields that the addresses of a set must agree with; see `AddressSchema`. @internal */
export function addresses(header: string, attributeSet: string, attributes: readonly string[], address: More): OverlayEntry[] {
  return attributes.map((name) => ({ header, set: attributeSet, changeAttribute: name, to: { address } }));
}

/** Declares the definition that names the numbers of attributes. @internal */
export function enumerate(header: string, set: string, enums: Readonly<Record<string, string>>): OverlayEntry[] {
  return Object.entries(enums).map(([changeAttribute, definition]) => ({ header, set, changeAttribute, to: { enum: definition } }));
}

/**
 * Declares the attributes of which an operation needs one, and what the kernel does without any.
 *
 * @param otherwise - In the words of an error: `deletes all connections (flush does that)`.
 * @param more - The other keys of `needs-one`.
 * @internal
 */
export function needsOne(
  header: string,
  changeOperation: string,
  of: readonly string[],
  otherwise: string,
  more: Readonly<Record<string, readonly string[]>> = {},
): OverlayEntry {
  return {
    header,
    changeOperation,
    to: { 'needs-one': { of, ...more, otherwise } },
    reason: 'an attribute that is missing by mistake selects too much',
  };
}
