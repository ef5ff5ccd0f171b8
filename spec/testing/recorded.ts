import fc from 'fast-check';
import type { Capture, CapturedDatagram } from '../../lib/testing/index.js';
import { KERNEL_ORIGIN, encodeMessages } from '../../lib/wire/index.js';
import { host, hostOrder } from '../support/host-order.js';

export const GETLINK: Uint8Array = encodeMessages([{ type: 18, flags: 0x301, sequence: 7, payload: new Uint8Array(16) }]);
export const DONE: Uint8Array = encodeMessages([{ type: 3, flags: 2, sequence: 7, portId: 99, payload: new Uint8Array(4) }]);
export const NEWLINK: Uint8Array = encodeMessages([
  { type: 16, payload: Uint8Array.from({ length: 16 }, (_, index) => host(5, 0, 0, 0)[index - 4] ?? 0) },
]);

/** A capture with every kind of datagram. */
export const capture: Capture = {
  byteOrder: hostOrder,
  datagrams: [
    { ...KERNEL_ORIGIN, bytes: GETLINK, time: 1_700_000_000_000.25, direction: 'sent', protocol: 0 },
    { ...KERNEL_ORIGIN, bytes: DONE, time: 1_700_000_000_001.5, direction: 'received', protocol: 0 },
    { ...KERNEL_ORIGIN, group: 33, bytes: NEWLINK, time: 1_700_000_001_000, direction: 'received', protocol: 0 },
    { sender: { portId: 4711, groups: 0 }, group: 0, bytes: DONE, time: 1_700_000_001_000, direction: 'received', protocol: 16 },
    { ...KERNEL_ORIGIN, bytes: DONE.subarray(0, 16), length: 20, time: 1_700_000_001_001, direction: 'received', protocol: 0 },
  ],
};

/** An arbitrary capture with times in microseconds. */
export const anyCapture: fc.Arbitrary<CapturedDatagram[]> = fc.array(
  fc.record({
    bytes: fc.uint8Array({ maxLength: 64 }),
    time: fc.integer({ min: 1, max: 2_000_000_000_000 }).map((number) => number / 8 / 125),
    direction: fc.constantFrom<CapturedDatagram['direction']>('sent', 'received'),
    protocol: fc.nat(22),
    sender: fc.record({ portId: fc.nat(0xffffffff), groups: fc.constant(0) }),
    group: fc.nat(0xffffffff),
  }),
  { maxLength: 4 },
);
