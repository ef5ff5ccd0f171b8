import { expect } from 'chai';
import { ovsMeterSchema } from '../../../lib/families/generated/ovs_meter.js';
import type { FamilyComparer } from '../comparer.js';
import type { Row } from '../play.js';

/** The output of `meters.py`: what ovs-ofctl shows. */
interface Shown {
  readonly index: number;
  /** Meters and bands at most. */
  readonly features: readonly number[];
  /** Packets and bytes of the meter, then of its band. */
  readonly meter: readonly number[];
}

const counters = (stats: unknown): number[] => [Number((stats as Row)['nPackets']), Number((stats as Row)['nBytes'])];

export const comparer: FamilyComparer = {
  schema: ovsMeterSchema,
  compare({ shown, answers }) {
    const { index, features, meter } = shown as Shown;
    expect(answers.map(({ op }) => op)).to.deep.equal(['features', 'get', 'set', 'get', 'del']);
    const [supported, first, , own, deleted] = answers.map(({ rows }) => rows[0] as Row);
    expect([supported!['dpIfindex'], supported!['maxMeters'], supported!['maxBands']]).to.deep.equal([index, ...features]);
    expect(supported!['bands']).to.deep.equal({ band: [{ type: 'drop' }] });
    const { band } = first!['bands'] as { readonly band: readonly Row[] };
    expect([first!['id'], ...counters(first!['stats']), ...band.flatMap(({ stats }) => counters(stats))]).to.deep.equal([0, ...meter]);
    for (const row of [own!, deleted!]) expect([row['dpIfindex'], row['id'], ...counters(row['stats'])]).to.deep.equal([index, 77, 0, 0]);
  },
};
