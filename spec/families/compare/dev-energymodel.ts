import { devEnergymodelSchema } from '../../../lib/families/generated/dev-energymodel.js';
import type { FamilyComparer } from '../comparer.js';
import { talkComparer } from './ynl-talk.js';

export const comparer: FamilyComparer = talkComparer(devEnergymodelSchema);
