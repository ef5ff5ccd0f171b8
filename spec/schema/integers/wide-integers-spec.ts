import { expect } from 'chai';
import fc from 'fast-check';
import { signed64, unsigned64 } from '../../../lib/schema/codec/decode-primitives.js';
import { hostIsLittleEndian } from '../../../lib/wire/index.js';

/** Reads the words of memory as DataView does. */
function read(first: number, second: number) {
  const view = new DataView(Uint32Array.of(first, second).buffer);
  return { unsigned: view.getBigUint64(0, hostIsLittleEndian), signed: view.getBigInt64(0, hostIsLittleEndian) };
}

function check(first: number, second: number): void {
  const { unsigned, signed } = read(first, second);
  expect(unsigned64(first, second)).to.equal(unsigned);
  expect(signed64(first, second)).to.equal(signed);
}

describe('unsigned64 and signed64', () => {
  it('join the words of limits', () => {
    const words = [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
    for (const first of words) for (const second of words) check(first, second);
  });

  it('join words in any order, also if their values share a slot of the table', () => {
    const word = fc.oneof(fc.nat(2 ** 32 - 1), fc.nat(300));
    fc.assert(
      fc.property(word, word, (first, second) => {
        check(first, second);
        check(second, first);
        check(first, second);
        check(0, second);
        check(first, 0);
      }),
      { numRuns: 5000 },
    );
  });
});
