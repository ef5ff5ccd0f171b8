import { expect } from 'chai';
import { FieldError } from '../../../lib/network/common/field-error.js';
import type { Written } from '../../../lib/network/common/written.js';
import { normalise } from '../../../lib/network/fields/shape.js';
import type { RedOptions } from '../../../lib/network/qdiscs/kinds/red.js';
import { QDISC_SHAPE, qdiscKindPart } from '../../../lib/network/qdiscs/qdisc-shape.js';

/** Returns the request for a qdisc of kind red; the table of the idle time as hexadecimal digits. */
function requestOf(red: RedOptions<Written>): object {
  const { stab, ...request } = qdiscKindPart.write(normalise(QDISC_SHAPE, { link: 'v0', kind: 'red', red })) as { stab: Uint8Array };
  return { ...request, stab: Buffer.from(stab).toString('hex') };
}

/** The table in the message of `tc`: a shift of 0 for 14 steps, of 1 for 12 steps, and so on. */
const TABLE =
  '00000000000000000000000000010101010101010101010101020202020202020202020202030303030303030303030303040404040404040404040404050505' +
  '0505050505050505050606060606060606060606060707070707070707070707070808080808080808080808080909090909090909090909090a0a0a0a0a0a0a' +
  '0a0a0a0a0a0b0b0b0b0b0b0b0b0b0b0b0b0c0c0c0c0c0c0c0c0c0c0c0c0d0d0d0d0d0d0d0d0d0d0d0d0e0e0e0e0e0e0e0e0e0e0e0e0f0f0f0f0f0f0f0f0f0f0f' +
  '0f10101010101010101010101011111111111111111111111112121212121212121212121213131313131313131313131314141414141414141414141415151f';

describe('qdiscs of kind red', () => {
  it('have the averages of tc qdisc add ... red limit 400000 avpkt 1000', () => {
    expect(requestOf({ limit: 400_000 })).to.deep.equal({
      parms: { limit: 400_000, qthMin: 33_333, qthMax: 100_000, wlog: 5, plog: 22, scellLog: 15 },
      maxP: 0x051e_b851,
      flags: { value: 0, selector: 15 },
      stab: TABLE,
    });
  });

  it('have the averages of tc ... min 30000 max 90000 probability 0.05 ecn harddrop adaptive nodrop', () => {
    const flags = { ecn: true, hardDrop: true, adaptive: true, noDrop: true };
    expect(requestOf({ limit: 400_000, min: 30_000, max: 90_000, probability: '5%', ...flags })).to.deep.equal({
      parms: { limit: 400_000, qthMin: 30_000, qthMax: 90_000, wlog: 5, plog: 21, scellLog: 15 },
      maxP: 0x0ccc_cccc,
      flags: { value: 15, selector: 15 },
      stab: TABLE,
    });
  });

  it('keep an average that is given', () => {
    const request = requestOf({ limit: 9000, min: 500, max: 3000, ewma: 9, cellLog: 4 });
    expect(request).to.have.deep.property('parms', { limit: 9000, qthMin: 500, qthMax: 3000, wlog: 9, plog: 17, scellLog: 4 });
  });

  it('reject lengths that contradict each other', () => {
    const wrong: readonly (readonly [red: RedOptions<Written>, path: string])[] = [
      [{ limit: 9000, min: 500, max: 3000 }, 'red.ewma'],
      [{ limit: 90_000, noDrop: true }, 'red.noDrop'],
    ];
    for (const [red, path] of wrong)
      expect(() => requestOf(red))
        .to.throw(FieldError)
        .with.property('path', path);
    expect(() => qdiscKindPart.check({ kind: 'red', red: { min: 9, max: 8 } }, { handle: undefined })).to.throw(
      FieldError,
      'not below max',
    );
    expect(() => qdiscKindPart.check({ kind: 'red', red: { max: 9, limit: 8 } }, { handle: undefined })).to.throw(
      FieldError,
      'over the limit',
    );
  });
});
