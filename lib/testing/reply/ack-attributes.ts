import type { ExtendedAck } from '../../errors/index.js';
import { alignLength, hostIsLittleEndian } from '../../wire/index.js';

/* NLMSGERR_ATTR_* of linux/netlink.h */
const MESSAGE = 1;
const OFFSET = 2;
const COOKIE = 3;
const POLICY = 4;
const MISSING_TYPE = 5;
const MISSING_NEST = 6;

const NESTED = 0x8000;

/** Encodes the extended-ack attributes in the order in which the kernel writes them. @internal */
export function encodeAckAttributes({ message, offset, cookie, policy, missingType, missingNest }: ExtendedAck): Uint8Array {
  const parts: Uint8Array[] = [];
  if (message !== undefined) parts.push(attribute(MESSAGE, new TextEncoder().encode(`${message}\0`)));
  if (offset !== undefined) parts.push(attribute(OFFSET, uint32(offset)));
  if (cookie !== undefined) parts.push(attribute(COOKIE, cookie));
  if (missingType !== undefined) parts.push(attribute(MISSING_TYPE, uint32(missingType)));
  if (missingNest !== undefined) parts.push(attribute(MISSING_NEST, uint32(missingNest)));
  if (policy !== undefined) parts.push(attribute(POLICY | NESTED, policy));
  return concat(parts);
}

/** Concatenates byte arrays. @internal */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.byteLength;
  }
  return bytes;
}

/** Encodes a signed 32-bit number in host byte order. @internal */
export function int32(value: number): Uint8Array {
  return new Uint8Array(Int32Array.of(value).buffer);
}

function uint32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

function attribute(type: number, payload: Uint8Array): Uint8Array {
  const length = 4 + payload.byteLength;
  const bytes = new Uint8Array(alignLength(length));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, length, hostIsLittleEndian);
  view.setUint16(2, type, hostIsLittleEndian);
  bytes.set(payload, 4);
  return bytes;
}
