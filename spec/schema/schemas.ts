import type { AttributeSchema, FamilySchema } from '../../lib/schema/index.js';
import { encodeText } from '../../lib/wire/index.js';
import { host } from '../support/host-order.js';

/** Makes a family with one operation, whose set has these attributes; `more` adds other parts. */
export function family(attributes: readonly AttributeSchema[], more: Partial<FamilySchema> = {}): FamilySchema {
  return {
    schema: 1,
    name: 'sample',
    source: 'sample',
    protocol: 0,
    enums: [],
    structs: [],
    subMessages: [],
    groups: [],
    operations: [{ name: 'get', set: 'top', do: { request: 1, reply: 1 } }],
    ...more,
    sets: [{ name: 'top', attributes }, ...(more.sets ?? [])],
  };
}

/** Makes an attribute whose property is its name. */
export function attribute(id: number, name: string, rest: Omit<AttributeSchema, 'id' | 'name' | 'property'>): AttributeSchema {
  return { id, name, property: name, ...rest };
}

/** Makes the bytes of an attribute: length, type, payload, padding; length and type in the host's order. */
export function tlv(type: number, ...payload: readonly number[]): number[] {
  const length = 4 + payload.length;
  return [...host(length & 255, length >> 8), ...host(type & 255, type >> 8), ...payload, ...new Array<number>(-length & 3).fill(0)];
}

/** Makes the bytes of a string, with its NUL. */
export function cstring(text: string): number[] {
  return Array.from(encodeText(text));
}
