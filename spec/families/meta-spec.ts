import { expect } from 'chai';
import { GENERIC_HEADER_SIZE, MESSAGE_HEADER_SIZE } from '../../lib/wire/index.js';
import type { Capture } from '../../lib/testing/index.js';
import { describeAttributes } from '../../lib/schema/index.js';
import { needsOrderOf } from '../support/host-order.js';
import type { FamilyComparer } from './comparer.js';
import { listFixtures, readFixture } from './fixture.js';
import { eventMessages, exchanges, repliesOf } from './play.js';
import { comparerOf, sceneOf } from './scene.js';

/** The distance between two corrupted bytes of a capture: a prime that does not divide the number of bytes. */
const STRIDES = [101, 103];

/**
 * Yields a capture several times, each time with another byte changed, in the value of an attribute without nested attributes. Of a message
 * without attributes, the bytes of its own header are changed.
 */
function* corrupted({ schema, old }: FamilyComparer, capture: Capture): Generator<Capture> {
  const places: { readonly buffer: ArrayBufferLike; readonly at: number }[] = [];
  const replies = exchanges(schema, capture, old).map(({ recorded, asked }) => ({ op: asked.op, messages: repliesOf(recorded) }));
  const events = eventMessages(schema, capture).map(({ op, message }) => ({ op, messages: [message] }));
  for (const { op, messages } of [...replies, ...events]) {
    for (const message of messages) {
      const { bytes } = message;
      const header = MESSAGE_HEADER_SIZE + (schema.generic === undefined ? 0 : GENERIC_HEADER_SIZE);
      const attributes = [...describeAttributes(schema, op, bytes)];
      for (const { offset, length, inner, name } of attributes)
        if (inner === undefined && name !== undefined && length > 4 && offset >= header)
          places.push({ buffer: bytes.buffer, at: bytes.byteOffset + offset + 4 });
      for (let at = header; attributes.length === 0 && at < bytes.byteLength; at++)
        places.push({ buffer: bytes.buffer, at: bytes.byteOffset + at });
    }
  }
  // Spread the first bytes over the whole capture.
  const stride = STRIDES.find((prime) => places.length % prime !== 0) ?? 1;
  const order = places.map((_, index) => (index * stride) % places.length);
  for (const index of new Set(order)) {
    const { buffer, at } = places[index]!;
    const view = new Uint8Array(buffer);
    view[at]! ^= 1;
    yield capture;
    view[at]! ^= 1;
  }
}

describe('comparers of families', () => {
  for (const fixture of listFixtures()) {
    it(`detect a wrong byte: ${fixture.family} ${fixture.origin}: ${fixture.name}`, async function () {
      this.timeout(30_000);
      const capture = readFixture(fixture);
      needsOrderOf(this, capture);
      const comparer = await comparerOf(fixture);
      let [tried, detected] = [0, false];
      for (const changed of corrupted(comparer, capture)) {
        tried++;
        try {
          comparer.compare(await sceneOf(fixture, comparer, changed, capture.expected));
        } catch {
          detected = true;
          break;
        }
      }
      // The reply to a write may have no attributes to corrupt.
      expect(detected || tried === 0, `one of ${String(tried)} changes was detected`).to.equal(true);
    });
  }
});
