import { devEnergymodelSchema } from '../../../lib/families/generated/dev-energymodel.js';
import type { FamilyComparer } from '../comparer.js';
import { compareTalk } from './ynl-talk.js';

export const comparer: FamilyComparer = {
  schema: devEnergymodelSchema,
  compare: (scene) => {
    compareTalk(devEnergymodelSchema, scene);
  },
};
