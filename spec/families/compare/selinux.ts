import { expect } from 'chai';
import { selinuxSchema } from '../../../lib/families/generated/selinux.js';
import type { FamilyComparer } from '../comparer.js';

/** Each event has one number, which the kernel also writes to its page of the status. */
export const comparer: FamilyComparer = {
  schema: selinuxSchema,
  compare({ shown, events }) {
    expect(events).to.deep.equal(shown);
  },
};
