import { familyFactory, type FamilyFactory } from '../client/index.js';
import { binderSchema, type BinderFamily } from './generated/binder.js';

export * from './generated/binder.js';

/** Failed transactions of Android's binder. @public */
export const binder: FamilyFactory<BinderFamily> = familyFactory(binderSchema);
