import { familyFactory, type FamilyFactory } from '../client/index.js';
import { w1Schema, type W1Family } from './generated/w1.js';

export * from './generated/w1.js';

/** 1-Wire: masters and slaves, and commands for them. @public */
export const w1: FamilyFactory<W1Family> = familyFactory(w1Schema);
