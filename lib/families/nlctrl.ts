import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { nlctrlSchema, type NlctrlFamily } from './generated/nlctrl.js';

export * from './generated/nlctrl.js';

/** The controller of generic netlink: which families there are. @public */
export const nlctrl: WatchableFamilyFactory<NlctrlFamily, 'getfamily'> = watchableFamily(nlctrlSchema, {
  getfamily: {
    groups: ['notify'],
    set: ['newfamily-ntf'],
    delete: ['delfamily-ntf'],
    key: ({ familyName }) => familyName,
    // They name the family and the group that came or went, not what there is now.
    silentOn: { 'newmcast-grp-ntf': true, 'delmcast-grp-ntf': true },
    // What it can do is told in dumps only.
    silent: ['ops', 'mcastGroups'],
    volatile: ['ops'],
  },
  getpolicy: 'policies do not change while a family is there; watch the families',
});
