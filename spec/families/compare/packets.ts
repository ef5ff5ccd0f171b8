import { expect } from 'chai';
import type { Scene } from '../comparer.js';
import { compareFields, type Fields, type Shown } from './fields.js';

/** The properties that packets of logs and of queues share. */
interface Packet {
  readonly nfgenFamily: number;
  readonly resId: number;
  readonly packetHdr?: { readonly hwProtocol: number; readonly hook: number };
  readonly mark?: number;
  readonly timestamp?: { readonly sec: bigint; readonly usec: bigint };
  readonly ifindexIndev?: number;
  readonly ifindexOutdev?: number;
  readonly hwaddr?: { readonly hwAddrlen: number; readonly hwAddr: Uint8Array };
  readonly payload?: Uint8Array;
  readonly uid?: number;
  readonly gid?: number;
}

const hex = (bytes: Uint8Array | undefined): string | undefined => (bytes === undefined ? undefined : Buffer.from(bytes).toString('hex'));

/** The keys of `packets.py` for both families. */
export const packetFields: Fields<Packet> = {
  family: ({ nfgenFamily }) => nfgenFamily,
  number: ({ resId }) => resId,
  protocol: ({ packetHdr }) => packetHdr?.hwProtocol,
  hook: ({ packetHdr }) => packetHdr?.hook,
  mark: ({ mark }) => mark,
  sec: ({ timestamp }) => Number(timestamp?.sec),
  usec: ({ timestamp }) => Number(timestamp?.usec),
  indev: ({ ifindexIndev }) => ifindexIndev,
  outdev: ({ ifindexOutdev }) => ifindexOutdev,
  hwaddr: ({ hwaddr }) => hex(hwaddr?.hwAddr.subarray(0, hwaddr.hwAddrlen)),
  payload: ({ payload }) => hex(payload),
  uid: ({ uid }) => uid,
  gid: ({ gid }) => gid,
};

/** Compares the packets that `packets.py` printed with the decoded ones; each property must be in both. */
export function comparePackets<Value extends Packet>(
  { shown, events }: Scene,
  fields: Fields<Value>,
  properties: (value: Value) => number,
): void {
  const rows = shown as readonly Shown[];
  expect(events.length).to.equal(rows.length);
  rows.forEach((row, index) => {
    const value = events[index] as Value;
    compareFields(`packet ${String(index)}`, row, value, { ...packetFields, ...fields });
    expect(Object.keys(row).length, `number of properties of packet ${String(index)}`).to.equal(properties(value));
  });
}

/** Returns how many keys the program prints for a packet: the members of structs are keys of their own. */
export function keysOf(value: Packet, header: number): number {
  const { packetHdr, timestamp } = value;
  // `version` is not printed; family and number are.
  return Object.keys(value).length - 1 + (packetHdr === undefined ? 0 : header - 1) + (timestamp === undefined ? 0 : 1);
}
