import { expect } from 'chai';
import { FieldError } from '../../../lib/network/common/field-error.js';
import { normalise } from '../../../lib/network/fields/shape.js';
import type { NetemOptions } from '../../../lib/network/qdiscs/kinds/netem.js';
import { QDISC_SHAPE, qdiscKindPart } from '../../../lib/network/qdiscs/qdisc-shape.js';
import { compare } from '../../../lib/network/tables/compare.js';
import type { Wanted } from '../../../lib/network/tables/table-model.js';
import type { Written } from '../../../lib/network/common/written.js';

type Netem = NetemOptions<Written>;

const wantedOf = (netem: Netem): Wanted => normalise(QDISC_SHAPE, { link: 'v0', kind: 'netem', netem });
const requestOf = (netem: Netem): object | undefined => qdiscKindPart.write(wantedOf(netem));
/** Returns the changed options of a qdisc that is there. */
const changesOf = (netem: Netem, found: object): readonly string[] => [
  ...compare(wantedOf(netem), { link: 'v0', kind: 'netem', netem: found }, qdiscKindPart.equal).keys(),
];

describe('qdiscs of kind netem', () => {
  it('have a gap of 1 beside reorder, as with tc, because sch_netem reorders nothing if it is 0', () => {
    // tc qdisc add dev v0 root netem delay 10ms reorder 25%: `gap` of struct tc_netem_qopt is 1.
    expect(requestOf({ delay: 10, reorder: '25%' })).to.deep.include({ gap: 1, reorder: { probability: 1_073_741_824 } });
    expect(requestOf({ delay: 10, reorder: '25%', gap: 0 })).to.deep.include({ gap: 1 });
    expect(requestOf({ delay: 10, reorder: '25%', gap: 5 })).to.deep.include({ gap: 5 });
    expect(requestOf({ delay: 10 })).to.not.have.property('gap');
  });

  it('are as wanted with the gap of reorder, whether the caller omits it, wants none or wants 1', () => {
    const found = { delay: 10, reorder: '25%', gap: 1 };
    for (const gap of [{}, { gap: 0 }, { gap: null }, { gap: 1 }]) {
      expect(changesOf({ delay: 10, reorder: '25%', ...gap }, found)).to.deep.equal([]);
    }
    expect(changesOf({ gap: 2 }, found)).to.deep.equal(['netem.gap']);
    expect(changesOf({ gap: 0 }, { ...found, gap: 2 })).to.deep.equal(['netem.gap']);
    expect(changesOf({ gap: 0 }, { delay: 10 })).to.deep.equal([]);
  });

  it('lose the gap together with reorder', () => {
    const merged = qdiscKindPart.merge(
      { link: 'v0', kind: 'netem', netem: { delay: 10, reorder: '25%', gap: 1 } },
      wantedOf({ reorder: null }),
    );
    // A gap without an attribute of the probability means 100 % to sch_netem.
    expect(qdiscKindPart.write(merged, ['netem.reorder'])).to.deep.include({ gap: 0, reorder: { probability: 0 } });
  });

  it('reject reorder without a delay', () => {
    for (const netem of [{ reorder: '25%' }, { reorder: '25%', delay: 0 }] as const) {
      expect(() => requestOf(netem))
        .to.throw(FieldError, 'needs a delay')
        .with.property('path', 'netem.reorder');
    }
  });

  it('accept reorder without a delay for a qdisc that has one', () => {
    const merged = qdiscKindPart.merge({ link: 'v0', kind: 'netem', netem: { delay: 10 } }, wantedOf({ reorder: '25%' }));
    expect(qdiscKindPart.write(merged, ['netem.reorder'])).to.deep.include({ gap: 1 });
  });
});
