import { expect } from 'chai';
import { cnProcSchema } from '../../../lib/families/generated/cn_proc.js';
import type { CnProcFamily } from '../../../lib/families/cn_proc.js';
import type { FamilyComparer } from '../comparer.js';

type Event = CnProcFamily['notifications']['process'];
type Fact = Readonly<Record<'what' | 'data', unknown>>;

/** Every fact that the processes know must be an event. Other processes of the machine cause events too. */
export const comparer: FamilyComparer = {
  schema: cnProcSchema,
  compare({ shown, answers, events }) {
    const facts = shown as readonly Fact[];
    const rows = events as readonly Event[];
    expect(new Set(rows.map(({ idx, val, len, flags }) => [idx, val, len, flags].join()))).to.deep.equal(new Set(['1,1,40,0']));
    // The answers to both requests: success, and the number plus 1.
    const requests = answers.map(({ op, request }) => ({ op, operation: request['mcastOp'], number: request['seq'] }));
    expect(requests).to.deep.equal([
      { op: 'control', operation: 'listen', number: 7 },
      { op: 'control', operation: 'ignore', number: 8 },
    ]);
    expect(rows[0]).to.deep.include({ what: 'none', data: { err: 0 } });
    const found = rows.filter(({ what }) => what !== 'none').map(({ what, data }) => ({ what, data }));
    let at = -1;
    for (const fact of facts) {
      expect(found).to.deep.include(fact);
      at = found.findIndex((event, index) => index > at && event.what === fact.what);
      expect(found.length, `order of ${String(fact.what)}`).to.be.above(at);
    }
    const times = rows.map(({ timestampNs }) => timestampNs);
    expect(Math.max(...rows.map(({ cpu }) => cpu))).to.be.below(2);
    expect(times.every((time) => time > 0n)).to.equal(true);
  },
};
