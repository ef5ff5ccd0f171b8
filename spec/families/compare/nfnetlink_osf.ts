import { expect } from 'chai';
import { nfnetlinkOsfSchema } from '../../../lib/families/generated/nfnetlink_osf.js';
import type { NfnetlinkOsfFamily } from '../../../lib/families/nfnetlink_osf.js';
import type { FamilyComparer } from '../comparer.js';

type Request = NfnetlinkOsfFamily['do']['add']['request'];

/** The kernel sends no fingerprints: the requests of nfnl_osf are compared with the lines of its file. */
export const comparer: FamilyComparer = {
  schema: nfnetlinkOsfSchema,
  compare({ command, shown, answers }) {
    const requests = answers.map(({ op, request, error, rows }) => {
      expect(error).to.equal(undefined);
      expect({ op, rows }).to.deep.equal({ op: command.includes(' -d ') ? 'remove' : 'add', rows: [] });
      const { wss, ttl, df, ss, optNum, genre, version, subtype, opt } = (request as Request).finger!;
      expect(opt).to.have.length(40);
      const options = opt!.slice(0, optNum).map(({ kind, length }) => [kind, length]);
      return { window: [wss?.wc, wss?.val], ttl, df, size: ss, genre, version, subtype, options };
    });
    expect(requests).to.deep.equal(shown);
  },
};
