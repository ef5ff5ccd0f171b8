import { familyFactory, type FamilyFactory } from '../client/index.js';
import { nlctrlSchema, type NlctrlFamily } from './generated/nlctrl.js';

export * from './generated/nlctrl.js';

/** The controller of generic netlink: which families there are. @public */
export const nlctrl: FamilyFactory<NlctrlFamily> = familyFactory(nlctrlSchema);
