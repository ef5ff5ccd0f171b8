import { expect } from 'chai';
import { rtAddrlabelSchema } from '../../../lib/families/generated/rt-addrlabel.js';
import type { RtAddrlabelFamily } from '../../../lib/families/rt-addrlabel.js';
import type { FamilyComparer } from '../comparer.js';
import { compareFields, type Fields, type Shown } from './fields.js';
import type { LinkNames } from './link-names.js';

type Label = RtAddrlabelFamily['dump']['getaddrlabel']['reply'];

const fields = (links: LinkNames): Fields<Label> => ({
  address: ({ address }) => address,
  prefixlen: ({ ifalPrefixlen }) => ifalPrefixlen,
  ifname: ({ ifalIndex }) => links.of(ifalIndex),
  label: ({ label }) => label,
});

export const comparer: FamilyComparer = {
  schema: rtAddrlabelSchema,
  compare({ shown, answers, links }) {
    const rows = answers.flatMap((answer) => answer.rows) as unknown as readonly Label[];
    const table = shown as readonly Shown[];
    expect(rows.length).to.equal(table.length);
    table.forEach((row, index) => {
      const label = rows[index]!;
      compareFields(`row ${String(index)}`, row, label, fields(links));
      expect(label.ifalFamily).to.equal(10);
      expect(label.ifalIndex === 0).to.equal(row['ifname'] === undefined);
    });
  },
};
