import { familyFactory, type FamilyFactory } from '../client/index.js';
import { fouSchema, type FouFamily } from './generated/fou.js';

export * from './generated/fou.js';

/** Foo-over-UDP ports. @public */
export const fou: FamilyFactory<FouFamily> = familyFactory(fouSchema);
