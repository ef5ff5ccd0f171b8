import { decodeSlab, encodeSlab } from '../../socket/index.js';
import { MESSAGE_HEADER_SIZE, alignLength, hostIsLittleEndian } from '../../wire/index.js';

/** The offset of `nlmsg_pid` in a header. */
const PORT_ID = 12;

/*
 * A socket has a port ID as soon as it is opened, and the host's kernel assigns the real one later: one replaces the other in both directions.
 */

/** Replaces a port ID in the headers of a datagram. @internal */
export function rewriteDatagram(bytes: Uint8Array, from: number, to: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; bytes.byteLength - at >= MESSAGE_HEADER_SIZE;) {
    const length = view.getUint32(at, hostIsLittleEndian);
    if (length < MESSAGE_HEADER_SIZE) return;
    if (view.getUint32(at + PORT_ID, hostIsLittleEndian) === from) view.setUint32(at + PORT_ID, to, hostIsLittleEndian);
    at += alignLength(length);
  }
}

/**
 * Checks a slab and replaces a port ID in the headers of its messages.
 *
 * @param isCurrent - False if the host's kernel had not got all datagrams yet when the slab was read: then an empty queue means nothing.
 * @returns The slab, and the number of datagrams that the kernel dropped.
 * @throws DecodeError if it is not a slab.
 * @internal
 */
export function rewriteSlab(
  slab: ArrayBuffer,
  from: number,
  to: number,
  isCurrent: boolean,
): { readonly slab: ArrayBuffer; readonly dropped: number } {
  const { datagrams, status } = decodeSlab(slab);
  for (const { bytes, sender } of datagrams) if (sender.portId === 0) rewriteDatagram(bytes, from, to);
  const { drained, dropped } = status;
  return { slab: drained && !isCurrent ? encodeSlab(datagrams, { ...status, drained: false }) : slab, dropped };
}
