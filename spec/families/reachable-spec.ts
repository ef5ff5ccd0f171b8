import { expect } from 'chai';
import type { FamilySchema } from '../../lib/schema/index.js';
import { FAMILIES } from '../../scripts/check-specs/families.js';

/** Sets of the specifications that no message has: the kernel has no command for what is in them, or it is described a second time. */
const OUT_OF_REACH: Readonly<Record<string, readonly string[]>> = {
  // Numbers for diagnosis by socket, in no message of this family
  mptcp_pm: ['subflow-attribute'],
  // The set of the expression `target` has the same
  nftables: ['compat-target-attrs'],
};

/** Sets that some operation leads to: its own, those nested in one, and those of formats that a selector chooses. */
function reached({ operations, sets, subMessages }: FamilySchema): Set<string> {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'subMessage') subMessages.filter(({ name }) => name === inner).forEach(visit);
      else if (key !== 'set' || typeof inner !== 'string') visit(inner);
      else if (!found.has(inner)) {
        found.add(inner);
        visit(sets.find(({ name }) => name === inner)?.attributes);
      }
    }
  };
  visit(operations);
  return found;
}

describe('sets of attributes', () => {
  for (const schema of FAMILIES) {
    it(`of ${schema.source} are all in some message`, () => {
      const found = reached(schema);
      const lost = schema.sets.map(({ name }) => name).filter((name) => !found.has(name));
      expect(lost).to.deep.equal(OUT_OF_REACH[schema.source] ?? []);
    });
  }
});
