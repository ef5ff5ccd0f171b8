import { expect } from 'chai';
import fc from 'fast-check';
import { DecodeError, decodeSlab, encodeSlab } from '../../lib/index.js';
import { check } from '../support/fuzz.js';

describe('decodeSlab()', () => {
  it('returns what encodeSlab() was given', () => {
    const slab = encodeSlab(
      [
        { bytes: Uint8Array.of(1, 2, 3) },
        { bytes: Uint8Array.of(4), length: 9, sender: { portId: 7, groups: 2 }, group: 5, nsid: -1, unsure: true },
      ],
      { drained: false, lost: true, dropped: 3 },
    );
    const { datagrams, status } = decodeSlab(slab);
    expect(status).to.deep.equal({ drained: false, lost: true, dropped: 3, afterLoss: true });
    expect(decodeSlab(encodeSlab([], { drained: false, afterLoss: true })).status).to.include({ lost: false, afterLoss: true });
    expect(datagrams.map((one) => ({ ...one, bytes: [...one.bytes] }))).to.deep.equal([
      { bytes: [1, 2, 3], length: 3, sender: { portId: 0, groups: 0 }, group: 0 },
      { bytes: [4], length: 9, sender: { portId: 7, groups: 2 }, group: 5, nsid: -1, unsure: true },
    ]);
  });

  it('throws a DecodeError when an entry points outside of the slab', () => {
    const words = new Uint32Array(encodeSlab([{ bytes: new Uint8Array(16) }]));
    for (const [word, value] of [
      [4, 16],
      [4, 2],
      [4, 0xffff_fffc],
      [5, 20],
      [5, 0xffff_fff0],
      [6, 8],
      [12, 2],
      [12, 0xffff_ffff],
    ] as const) {
      const wrong = words.slice();
      wrong[word] = value;
      expect(() => decodeSlab(wrong.buffer), `word ${word} = ${value}`).to.throw(DecodeError);
    }
  });

  it('throws a DecodeError when datagrams overlap', () => {
    const slab = encodeSlab([{ bytes: new Uint8Array(16) }, { bytes: new Uint8Array(16) }]);
    // The second entry begins behind 32 bytes of datagrams and 8 words of the first one.
    new Uint32Array(slab)[16] = 0;
    expect(() => decodeSlab(slab)).to.throw(DecodeError, 'datagram 1 of a slab');
  });

  it('throws nothing else for any bytes', () => {
    check(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(6), (bytes, count) => {
        const { buffer } = bytes.slice();
        if (bytes.length >= 16) new DataView(buffer).setUint32((bytes.length & ~3) - 16, count, true);
        try {
          for (const one of decodeSlab(buffer).datagrams) expect(one.bytes.buffer).to.equal(buffer);
        } catch (error) {
          expect(error).to.be.instanceOf(DecodeError);
        }
      }),
    );
  });
});
