import { expect } from 'chai';
import { rtNsidSchema, type GetnsidReply } from '../../../lib/families/generated/rt-nsid.js';
import type { FamilyComparer } from '../comparer.js';
import { compareFields, type Fields, type Shown } from './fields.js';

/** The properties of `ip -j netns list-id`. `name` comes from /run/netns: ip requests the number of each file there. */
export const nsidFields: Fields<GetnsidReply> = {
  nsid: ({ nsid }) => nsid,
  'current-nsid': ({ currentNsid }) => currentNsid,
};

export const comparer: FamilyComparer = {
  schema: rtNsidSchema,
  compare({ command, shown, answers }) {
    const listed = answers.filter(({ mode }) => mode === 'dump' || command.includes(' nsid ')).at(-1)!;
    const table = (shown as readonly Shown[]).map(({ name: _name, ...row }): Shown => row);
    expect(listed.rows.length).to.equal(table.length);
    table.forEach((row, index) => {
      compareFields(`row ${String(index)}`, row, listed.rows[index] as unknown as GetnsidReply, nsidFields);
    });
  },
};
