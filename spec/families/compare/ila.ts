import { expect } from 'chai';
import { ilaSchema } from '../../../lib/families/generated/ila.js';
import type { FamilyComparer } from '../comparer.js';

/** Returns 64 bits as ip prints them. */
function locatorText(value: unknown): string {
  const digits = (value as bigint).toString(16).padStart(16, '0');
  return [0, 4, 8, 12].map((at) => Number.parseInt(digits.slice(at, at + 4), 16).toString(16)).join(':');
}

export const comparer: FamilyComparer = {
  schema: ilaSchema,
  compare({ shown, answers, links }) {
    const rows = answers.flatMap((answer) => answer.rows);
    const decoded = rows.map(({ locatorMatch, locator, ifindex, csumMode, identType }) => ({
      locator_match: locatorText(locatorMatch),
      locator: locatorText(locator),
      interface: ifindex === 0 ? '*' : links.of(ifindex as number),
      csum_mode: csumMode,
      ident_type: identType,
    }));
    expect(decoded).to.deep.equal(shown);
  },
};
