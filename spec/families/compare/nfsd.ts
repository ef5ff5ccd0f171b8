import { nfsdSchema } from '../../../lib/families/generated/nfsd.js';
import type { FamilyComparer } from '../comparer.js';
import { compareYnl } from './ynl.js';

export const comparer: FamilyComparer = {
  schema: nfsdSchema,
  compare({ shown, answers }) {
    const [answer] = answers;
    compareYnl(nfsdSchema, answer!.op, shown, answer!.rows);
  },
};
