import { expect } from 'chai';
import { ovsDatapathSchema } from '../../../lib/families/generated/ovs_datapath.js';
import type { FamilyComparer } from '../comparer.js';

export const comparer: FamilyComparer = {
  schema: ovsDatapathSchema,
  compare({ shown, answers }) {
    const row = answers.flatMap(({ op, rows }) => (op === 'get' ? rows : [])).at(-1) as {
      readonly name?: string;
      readonly masksCacheSize?: number;
      readonly stats: Readonly<Record<string, bigint>>;
      readonly megaflowStats: Readonly<Record<string, bigint | number>>;
    };
    const { nHit, nMissed, nLost, nFlows } = row.stats;
    const { nMaskHit, nMasks } = row.megaflowStats;
    const { ports: _ports, cache: _hits, ...datapath } = shown as Readonly<Record<string, unknown>>;
    expect({
      name: row.name,
      lookups: [nHit, nMissed, nLost].map(Number),
      flows: Number(nFlows),
      masks: [nMaskHit, nMasks].map(Number),
      cacheSize: row.masksCacheSize,
    }).to.deep.equal(datapath);
  },
};
