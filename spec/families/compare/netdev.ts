import { netdevSchema } from '../../../lib/families/generated/netdev.js';
import type { FamilyComparer } from '../comparer.js';
import { compareYnl } from './ynl.js';

export const comparer: FamilyComparer = {
  schema: netdevSchema,
  compare({ shown, answers }) {
    const [answer] = answers;
    compareYnl(netdevSchema, answer!.op, shown, answer!.rows);
  },
};
