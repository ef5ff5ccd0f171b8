import { expect } from 'chai';
import { fouSchema } from '../../../lib/families/generated/fou.js';
import type { FamilyComparer } from '../comparer.js';
import { compareYnl } from './ynl.js';

/** The Python client shows addresses as numbers without a byte order, because the specification declares them so. */
const OVERLAID = { '.local_v4': 'is an address', '.peer_v4': 'is an address', '.type': 'is named' };

export const comparer: FamilyComparer = {
  schema: fouSchema,
  compare({ command, shown, answers }) {
    const rows = answers.flatMap((answer) => answer.rows);
    if (command.startsWith('ynl ')) {
      compareYnl(fouSchema, answers[0]!.op, shown, rows, { overlaid: OVERLAID });
      return;
    }
    // `ip fou` omits values that are not set.
    const decoded = rows.map(({ af, port, type, ipproto, localV4, peerV4, peerPort }) => ({
      port,
      ...(type === 'gue' ? { gue: null } : { ipproto }),
      family: af === 2 ? 'inet' : 'inet6',
      ...(localV4 === '0.0.0.0' ? {} : { local: localV4 }),
      ...(peerV4 === '0.0.0.0' ? {} : { peer: peerV4 }),
      ...(peerPort === 0 ? {} : { peer_port: peerPort }),
    }));
    expect(decoded).to.deep.equal(shown);
  },
};
