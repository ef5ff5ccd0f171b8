import { expect } from 'chai';
import { seg6Schema } from '../../../lib/families/generated/seg6.js';
import type { Seg6Family } from '../../../lib/families/seg6.js';
import type { FamilyComparer } from '../comparer.js';

type Key = Seg6Family['dump']['dumphmac']['reply'];

export const comparer: FamilyComparer = {
  schema: seg6Schema,
  compare({ command, shown, answers }) {
    const rows = answers.flatMap((answer) => answer.rows);
    if (command.includes('tunsrc')) return expect(rows).to.deep.equal([{ dst: shown }]);
    const keys = (rows as unknown as readonly Key[]).map(({ hmackeyid, algid, secret, secretlen, ...rest }) => {
      expect(rest).to.deep.equal({});
      expect(secretlen).to.equal(secret?.length);
      return [hmackeyid, algid, Buffer.from(secret!).toString()];
    });
    expect(keys).to.deep.equal(shown);
  },
};
