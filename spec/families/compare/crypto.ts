import { expect } from 'chai';
import { cryptoSchema } from '../../../lib/families/generated/crypto.js';
import type { GetalgReply } from '../../../lib/families/crypto.js';
import type { FamilyComparer } from '../comparer.js';
import { compareFields, type Fields, type Shown } from './fields.js';

const key = ({ reportBlkcipher, reportCipher }: GetalgReply): { readonly minKeysize: number; readonly maxKeysize: number } | undefined =>
  reportBlkcipher ?? reportCipher;
const text = (value: number | undefined): string | undefined => value?.toString();

/** The lines of /proc/crypto. */
const fields: Fields<GetalgReply> = {
  name: ({ name }) => name,
  driver: ({ driverName }) => driverName,
  module: ({ moduleName }) => moduleName,
  priority: ({ priorityVal }) => text(priorityVal),
  // The kernel holds the algorithm while it reports it.
  refcnt: ({ refcnt }) => text(refcnt - 1),
  type: ({ reportHash, reportBlkcipher, reportAead, reportRng, reportCipher, reportCompress, reportAkcipher, reportKpp, reportAcomp }) =>
    (
      reportHash ??
      reportBlkcipher ??
      reportAead ??
      reportRng ??
      reportCipher ??
      reportCompress ??
      reportAkcipher ??
      reportKpp ??
      reportAcomp
    )?.type,
  blocksize: (row) => text((row.reportHash ?? row.reportAead ?? row.reportBlkcipher ?? row.reportCipher)?.blocksize),
  digestsize: ({ reportHash }) => text(reportHash?.digestsize),
  'min keysize': (row) => text(key(row)?.minKeysize),
  'max keysize': (row) => text(key(row)?.maxKeysize),
  ivsize: ({ reportBlkcipher, reportAead }) => text((reportBlkcipher ?? reportAead)?.ivsize),
  maxauthsize: ({ reportAead }) => text(reportAead?.maxauthsize),
  seedsize: ({ reportRng }) => text(reportRng?.seedsize),
};
/** Lines that the family does not have. */
const OTHERS = new Set(['selftest', 'internal', 'chunksize', 'walksize', 'statesize', 'async', 'geniv']);

export const comparer: FamilyComparer = {
  schema: cryptoSchema,
  compare({ shown, answers }) {
    const rows = answers.flatMap((answer) => answer.rows);
    const table = shown as readonly Shown[];
    expect(rows.length).to.equal(table.length);
    table.forEach((row, index) => {
      const known = Object.fromEntries(Object.entries(row).filter(([name]) => !OTHERS.has(name)));
      compareFields(String(row['driver']), known, rows[index] as unknown as GetalgReply, fields);
    });
  },
};
