import { expect } from 'chai';
import { vfsDquotSchema } from '../../../lib/families/generated/vfs_dquot.js';
import type { FamilyComparer } from '../comparer.js';

/** The output of `quota.py`: the user, the device of the file system, and the warnings that the limits cause. */
interface Known {
  readonly user: number;
  readonly major: number;
  readonly minor: number;
  readonly warnings: readonly string[];
}

export const comparer: FamilyComparer = {
  schema: vfsDquotSchema,
  compare({ shown, events }) {
    const { user, major, minor, warnings } = shown as Known;
    const [excessId, causedId] = [BigInt(user), BigInt(user)];
    expect(events).to.deep.equal(
      warnings.map((warning) => ({ qtype: 'usrquota', excessId, warning, devMajor: major, devMinor: minor, causedId })),
    );
  },
};
