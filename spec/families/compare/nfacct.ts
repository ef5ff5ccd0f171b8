import { expect } from 'chai';
import { nfacctSchema } from '../../../lib/families/generated/nfacct.js';
import { Flags, type NfacctFamily } from '../../../lib/families/nfacct.js';
import type { FamilyComparer } from '../comparer.js';
import { compareFields, type Fields, type Shown } from './fields.js';

type Counter = NfacctFamily['dump']['get']['reply'];

const fields: Fields<Counter> = {
  name: ({ name }) => name,
  pkts: ({ pkts }) => Number(pkts),
  bytes: ({ bytes }) => Number(bytes),
  quota: ({ quota }) => Number(quota),
  mode: ({ flags = 0 }) => ((flags & Flags.QuotaPkts) === 0 ? ((flags & Flags.QuotaBytes) === 0 ? undefined : 'byte') : 'packet'),
  overquota: ({ flags = 0 }) => ((flags & Flags.Overquota) === 0 ? 'no' : 'yes'),
};

export const comparer: FamilyComparer = {
  schema: nfacctSchema,
  compare({ shown, answers }) {
    const rows = answers.flatMap((answer) => answer.rows) as unknown as readonly Counter[];
    const table = shown as readonly Shown[];
    expect(rows.length).to.equal(table.length);
    table.forEach((row, index) => {
      const counter = rows[index]!;
      compareFields(String(row['name']), row, counter, fields);
      expect(counter.quota === undefined).to.equal(row['quota'] === undefined);
      // The scene has one rule for each counter; nfacct does not print that.
      expect(counter.use).to.equal(2);
    });
  },
};
