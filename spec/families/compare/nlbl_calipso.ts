import { expect } from 'chai';
import { nlblCalipsoSchema } from '../../../lib/families/generated/nlbl_calipso.js';
import type { FamilyComparer } from '../comparer.js';

/** The words of netlabelctl for kinds of mappings. */
export const MAPPINGS: Readonly<Record<string, string>> = { trans: 'TRANSLATED', pass: 'PASS_THROUGH', local: 'LOCAL' };

export const comparer: FamilyComparer = {
  schema: nlblCalipsoSchema,
  compare({ command, shown, answers }) {
    const rows = answers.flatMap((answer) => answer.rows);
    const words = rows.map(({ doi, mtype, ...rest }) => {
      expect(rest).to.deep.equal({});
      const mapping = MAPPINGS[String(mtype)];
      return command.includes('doi:') ? `type:${String(mapping)}` : `${String(doi)},${String(mapping)}`;
    });
    expect(words).to.deep.equal(shown);
  },
};
