import { familyFactory, type FamilyFactory } from '../client/index.js';
import { tcSchema, type TcFamily } from './generated/tc.js';

export * from './generated/tc.js';

/** Traffic control: qdiscs, classes, filters, chains. @public */
export const tc: FamilyFactory<TcFamily> = familyFactory(tcSchema);
