import { familyFactory, type FamilyFactory } from '../client/index.js';
import { conntrackSchema, type ConntrackFamily } from './generated/conntrack.js';

export * from './generated/conntrack.js';

/** Connection tracking. @public */
export const conntrack: FamilyFactory<ConntrackFamily> = familyFactory(conntrackSchema);
