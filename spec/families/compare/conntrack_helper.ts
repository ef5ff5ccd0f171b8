import { expect } from 'chai';
import { conntrackHelperSchema } from '../../../lib/families/generated/conntrack_helper.js';
import type { ConntrackHelperFamily } from '../../../lib/families/conntrack_helper.js';
import type { FamilyComparer } from '../comparer.js';
import { compareFields, type Fields, type Shown } from './fields.js';

type Helper = ConntrackHelperFamily['dump']['get']['reply'];

const fields: Fields<Helper> = {
  name: ({ name }) => name,
  queuenum: ({ queueNum }) => queueNum,
  l3protonum: ({ tuple }) => tuple?.l3protonum,
  l4protonum: ({ tuple }) => tuple?.l4protonum,
  priv_data_len: ({ privDataLen }) => privDataLen,
  status: ({ status }) => status,
};

export const comparer: FamilyComparer = {
  schema: conntrackHelperSchema,
  compare({ shown, answers }) {
    const rows = answers.flatMap((answer) => answer.rows) as unknown as readonly Helper[];
    const table = shown as readonly Shown[];
    expect(rows.length).to.equal(table.length);
    table.forEach((row, index) => {
      const helper = rows[index]!;
      compareFields(String(row['name']), row, helper, fields);
      // nfct does not print the class of expectations that its helpers define: one of their name, for 300 seconds.
      expect(helper.policy).to.deep.equal({ setNum: 1, set1: { name: row['name'], expectMax: 1, expectTimeout: 300 } });
    });
  },
};
