import { expect } from 'chai';
import { nlctrlSchema } from '../../../lib/families/generated/nlctrl.js';
import type { NlctrlFamily } from '../../../lib/families/nlctrl.js';
import type { FamilyComparer } from '../comparer.js';
import { camelCase, plainly } from './conventions.js';
import { compareYnl } from './ynl.js';

type Family = NlctrlFamily['dump']['getfamily']['reply'];

type Policy = NonNullable<NlctrlFamily['dump']['getpolicy']['reply']['policy']>[number];
type Shown = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The Python client shows a row for each message, of one attribute or one operation; the library merges them. */
function comparePolicies(shown: readonly Shown[], rows: readonly Readonly<Record<string, unknown>>[]): void {
  const decoded = rows.flatMap(({ policy = [] }) => policy as readonly Policy[]);
  const attributes = shown.flatMap(({ policy }) => (policy === undefined ? [] : [policy]));
  expect(decoded.length).to.equal(attributes.length);
  expect(decoded).to.not.have.length(0);
  attributes.forEach((attribute, index) => {
    const read = decoded[index] as unknown as Readonly<Record<string, unknown>>;
    // The specification declares the mask as padding.
    const { mask: _mask, pad: _pad, ...lasting } = attribute;
    expect(
      Object.fromEntries(Object.keys(lasting).map((key) => [key, plainly(read[camelCase(key)], lasting[key])])),
      `attribute ${String(index)}`,
    ).to.deep.equal(lasting);
  });
}

/** Returns a family as `genl ctrl list` prints it. */
const listed = ({ familyName, familyId, version, hdrsize, maxattr, ops, mcastGroups }: Family): object => ({
  name: familyName,
  id: familyId,
  version,
  header: hdrsize,
  attributes: maxattr,
  operations: (ops ?? []).map(({ id }) => id),
  groups: (mcastGroups ?? []).map(({ id, name }) => [id, name]),
});

export const comparer: FamilyComparer = {
  schema: nlctrlSchema,
  compare({ command, shown, answers }) {
    if (command.startsWith('ynl ')) {
      // The Python client lists all families first.
      const answer = answers.at(-1)!;
      if (answer.op === 'getpolicy') comparePolicies(shown as readonly Shown[], answer.rows);
      else compareYnl(nlctrlSchema, answer.op, shown, answer.rows);
    } else expect((answers.flatMap(({ rows }) => rows) as unknown as Family[]).map(listed)).to.deep.equal(shown);
  },
};
