import { expect } from 'chai';
import { mac802154HwsimSchema } from '../../../lib/families/generated/mac802154_hwsim.js';
import type { FamilyComparer } from '../comparer.js';
import type { Row } from '../play.js';

export const comparer: FamilyComparer = {
  schema: mac802154HwsimSchema,
  compare({ shown, answers }) {
    const decoded = answers
      .flatMap(({ rows }) => rows)
      .map(({ radioId, radioEdges }) => ({
        radio: radioId,
        edges:
          ((radioEdges as Row | undefined)?.['radioEdge'] as readonly Row[] | undefined)?.map(({ endpointId, lqi }) => [endpointId, lqi]) ??
          [],
      }));
    expect(decoded).to.deep.equal(shown);
  },
};
