import { expect } from 'chai';
import { nlblUnlblSchema } from '../../../lib/families/generated/nlbl_unlbl.js';
import type { NlblUnlblFamily } from '../../../lib/families/nlbl_unlbl.js';
import type { FamilyComparer } from '../comparer.js';
import { prefixText } from './netmask.js';

type Entry = NlblUnlblFamily['dump']['staticlist']['reply'];

export const comparer: FamilyComparer = {
  schema: nlblUnlblSchema,
  compare({ shown, answers }) {
    const words = answers.flatMap(({ op, rows }) =>
      rows.map((row) => {
        if (op === 'list') return `accept:${row['acptflg'] === 1 ? 'on' : 'off'}`;
        const { iface = 'DEFAULT', secctx, ...address } = row as Entry;
        return `interface:${iface},address:${prefixText(address)},label:${String(secctx)}`;
      }),
    );
    expect(words).to.deep.equal(shown);
  },
};
