import { hostIsLittleEndian, KERNEL_ORIGIN, MessageFlags, MessageType, encodeMessage } from '../../lib/wire/index.js';
import { readMessage, Frame } from '../../lib/wire/internal.js';
import type { Datagram, DatagramOrigin, Message, MessageInit } from '../../lib/wire/index.js';

/** Where a message of a spec comes from: the kernel, and no group, where nothing is said. */
export interface OriginInit {
  readonly from?: number;
  readonly group?: number;
  readonly nsid?: number;
  readonly unsure?: boolean;
}

/** Whom a reply answers. */
export interface Asked {
  readonly sequence: number;
  readonly portId: number;
}

export function origin({ from = 0, group = 0, nsid, unsure }: OriginInit = {}): DatagramOrigin {
  return {
    ...KERNEL_ORIGIN,
    sender: { portId: from, groups: 0 },
    group,
    ...(nsid === undefined ? {} : { nsid }),
    ...(unsure === undefined ? {} : { unsure }),
  };
}

/** A message as if it had been received. */
export function message(init: MessageInit, from: OriginInit = {}): Message {
  const bytes = encodeMessage(init);
  return readMessage(Frame.of(bytes), 0, bytes.length, origin(from));
}

/** A datagram of some messages. */
export function datagram(bytes: Uint8Array, from: OriginInit = {}): Datagram {
  return { bytes, ...origin(from) };
}

/** A data message that answers somebody. */
export function row({ sequence, portId }: Asked, content = 0, flags = 0, from: OriginInit = {}): Message {
  return message({ type: 16, flags, sequence, portId, payload: int32(content) }, from);
}

/** A row that is one of several. */
export function part(asked: Asked, content = 0, flags = 0): Message {
  return row(asked, content, flags | MessageFlags.Multi);
}

/** An ack, capped, or a refusal where the number is negative. */
export function ack({ sequence, portId }: Asked, errno = 0, from: OriginInit = {}): Message {
  const echoed = encodeMessage({ type: 16, sequence, portId });
  const payload = join(int32(errno), echoed);
  return message({ type: MessageType.Error, flags: MessageFlags.Capped, sequence, portId, payload }, from);
}

/** The end of a dump. */
export function done({ sequence, portId }: Asked, errno = 0, flags: number = MessageFlags.Multi): Message {
  return message({ type: MessageType.Done, flags, sequence, portId, payload: int32(errno) });
}

export function int32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, hostIsLittleEndian);
  return bytes;
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((bytes) => [...bytes]));
}

/** What `row` and `part` were given as content. */
export function contentOf({ payload }: Message): number {
  return new DataView(payload.buffer, payload.byteOffset).getInt32(0, hostIsLittleEndian);
}
