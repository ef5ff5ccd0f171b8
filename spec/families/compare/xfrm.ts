import { expect } from 'chai';
import { xfrmSchema, type GetpolicyReply, type GetsaReply } from '../../../lib/families/generated/xfrm.js';
import type { FamilyComparer } from '../comparer.js';
import { normalized, policyText, stateText } from './xfrm-text.js';

/** The output of `ip -s xfrm` as a list of objects, each in one line. */
export const comparer: FamilyComparer = {
  schema: xfrmSchema,
  compare({ command, shown, answers }) {
    const rows = answers.at(-1)!.rows as readonly unknown[];
    const style = { utc: true } as const;
    const texts = rows.map((row) =>
      command.includes(' policy ') ? policyText(row as GetpolicyReply, style) : stateText(row as GetsaReply, style),
    );
    expect(texts.map(normalized)).to.deep.equal(shown);
  },
};
