import { expect } from 'chai';
import { ovsCtLimitSchema } from '../../../lib/families/generated/ovs_ct_limit.js';
import type { FamilyComparer } from '../comparer.js';
import type { Row } from '../play.js';

export const comparer: FamilyComparer = {
  schema: ovsCtLimitSchema,
  compare({ shown, answers }) {
    const limits = answers.flatMap(({ rows }) => rows.flatMap(({ zoneLimit }) => zoneLimit as readonly Row[]));
    // ovs-dpctl prints the limit of the other zones first, without a count.
    const decoded = limits.map(({ zoneId, limit, count }) => (zoneId === -1 ? { default: limit } : { zone: zoneId, limit, count }));
    expect(decoded).to.deep.equal(shown);
  },
};
