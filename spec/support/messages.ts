import { omitUndefined } from '../../lib/check/index.js';
import { hostIsLittleEndian, KERNEL_ORIGIN, MessageFlags, MessageType, encodeMessage } from '../../lib/wire/index.js';
import { readMessage, Frame } from '../../lib/wire/internal.js';
import type { Datagram, DatagramOrigin, Message, MessageInit } from '../../lib/wire/index.js';

/** The origin of a message; by default the kernel, and no group. */
export interface OriginInit {
  readonly from?: number;
  readonly group?: number;
  readonly nsid?: number;
  readonly unsure?: boolean;
}

/** The request that a reply answers. */
export interface RequestKey {
  readonly sequence: number;
  readonly portId: number;
}

export function origin({ from = 0, group = 0, nsid, unsure }: OriginInit = {}): DatagramOrigin {
  return {
    ...KERNEL_ORIGIN,
    sender: { portId: from, groups: 0 },
    group,
    ...omitUndefined({ nsid, unsure }),
  };
}

/** Makes a message as the library reads it from the wire. */
export function message(init: MessageInit, from: OriginInit = {}): Message {
  const bytes = encodeMessage(init);
  return readMessage(Frame.of(bytes), 0, bytes.length, origin(from));
}

/** Makes a datagram of messages. */
export function datagram(bytes: Uint8Array, from: OriginInit = {}): Datagram {
  return { bytes, ...origin(from) };
}

/** Makes a data message that answers a request. */
export function row({ sequence, portId }: RequestKey, content = 0, flags = 0, from: OriginInit = {}): Message {
  return message({ type: 16, flags, sequence, portId, payload: int32(content) }, from);
}

/** Makes a row that is part of a multipart reply. */
export function part(request: RequestKey, content = 0, flags = 0): Message {
  return row(request, content, flags | MessageFlags.Multi);
}

/** Makes a capped ack, or a kernel error if the number is negative. */
export function ack({ sequence, portId }: RequestKey, errno = 0, from: OriginInit = {}): Message {
  const echoed = encodeMessage({ type: 16, sequence, portId });
  const payload = join(int32(errno), echoed);
  return message({ type: MessageType.Error, flags: MessageFlags.Capped, sequence, portId, payload }, from);
}

/** Makes the end of a dump. */
export function done({ sequence, portId }: RequestKey, errno = 0, flags: number = MessageFlags.Multi): Message {
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

/** Reads the content of a message that `row` or `part` made. */
export function contentOf({ payload }: Message): number {
  return new DataView(payload.buffer, payload.byteOffset).getInt32(0, hostIsLittleEndian);
}
