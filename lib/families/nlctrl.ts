import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { nlctrlSchema, type NlctrlFamily } from './generated/nlctrl.js';

export * from './generated/nlctrl.js';
export type { UntypedFamily, UntypedOperation, UntypedValue } from '../client/index.js';
export { describeFamily, type DescribeOptions } from './policy/describe-family.js';

/** The controller of generic netlink, which lists the families. @public */
export const nlctrl: WatchableFamilyFactory<NlctrlFamily, 'getfamily'> = watchableFamily(nlctrlSchema, {
  getfamily: {
    groups: ['notify'],
    set: ['newfamily-ntf'],
    delete: ['delfamily-ntf'],
    key: ({ familyName }) => familyName,
    // These name the family and the group that was added or removed, not the remaining groups.
    silentOn: { 'newmcast-grp-ntf': true, 'delmcast-grp-ntf': true },
    // Only dumps contain the operations.
    silent: ['ops', 'mcastGroups'],
    volatile: ['ops'],
  },
  getpolicy: 'policies do not change as long as a family is registered; watch the families',
});
