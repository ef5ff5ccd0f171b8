import { expect } from 'chai';
import { ipsetSchema, type ListReply } from '../../../lib/families/generated/ipset.js';
import type { FamilyComparer } from '../comparer.js';
import { saveLines } from './ipset-text.js';

/** The output of `ipset save` as a list of lines; that of `ipset -t list` as a list of sets. */
export const comparer: FamilyComparer = {
  schema: ipsetSchema,
  compare({ command, shown, answers }) {
    const rows = answers.flatMap(({ op, rows: of }) => (['list', 'save'].includes(op) ? of : [])) as unknown as ListReply[];
    if (command.includes('-t list')) {
      const headers = rows.map(({ setname, typename, revision, data = {} }) => ({
        Name: setname,
        Type: typename,
        Revision: revision,
        'Size in memory': data['memsize' as keyof typeof data],
        References: data['references' as keyof typeof data],
        'Number of entries': data['elements' as keyof typeof data],
      }));
      expect(headers).to.deep.equal(shown);
    } else expect(rows.flatMap(saveLines)).to.deep.equal(shown);
  },
};
