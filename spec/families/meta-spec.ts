import { expect } from 'chai';
import { GENERIC_HEADER_SIZE, MESSAGE_HEADER_SIZE } from '../../lib/wire/index.js';
import type { Capture } from '../../lib/testing/index.js';
import { describeAttributes } from '../../lib/schema/index.js';
import { needsOrderOf } from '../support/host-order.js';
import type { FamilyComparer } from './comparer.js';
import { listFixtures, readFixture } from './fixture.js';
import { exchanges, repliesOf } from './play.js';
import { comparerOf, sceneOf } from './scene.js';

/** From one byte that is spoilt to the next, among those of a capture; a prime. */
const STRIDE = 101;

/** A capture with one byte of it changed: of a value that an attribute without attributes holds. */
function* spoilt({ schema }: FamilyComparer, capture: Capture): Generator<Capture> {
  const places: { readonly buffer: ArrayBufferLike; readonly at: number }[] = [];
  for (const { recorded, asked } of exchanges(schema, capture)) {
    for (const message of repliesOf(recorded)) {
      const { bytes } = message;
      const header = MESSAGE_HEADER_SIZE + (schema.generic === undefined ? 0 : GENERIC_HEADER_SIZE);
      for (const { offset, length, inner, name } of describeAttributes(schema, asked.op, bytes))
        if (inner === undefined && name !== undefined && length > 4 && offset >= header)
          places.push({ buffer: bytes.buffer, at: bytes.byteOffset + offset + 4 });
    }
  }
  // From all over the capture first.
  const order = places.map((_, index) => (index * STRIDE) % places.length);
  for (const index of new Set(order)) {
    const { buffer, at } = places[index]!;
    const view = new Uint8Array(buffer);
    view[at]! ^= 1;
    yield capture;
    view[at]! ^= 1;
  }
}

describe('comparers notice a single wrong byte', () => {
  for (const fixture of listFixtures()) {
    it(`${fixture.family} ${fixture.origin}: ${fixture.name}`, async function () {
      this.timeout(30_000);
      const capture = readFixture(fixture);
      needsOrderOf(this, capture);
      const comparer = await comparerOf(fixture);
      let [tried, noticed] = [0, false];
      for (const changed of spoilt(comparer, capture)) {
        tried++;
        try {
          comparer.compare(await sceneOf(fixture, comparer, changed, capture.expected));
        } catch {
          noticed = true;
          break;
        }
      }
      // What was only set is answered by nothing.
      expect(noticed || tried === 0, `one of ${String(tried)} changes was noticed`).to.equal(true);
    });
  }
});
