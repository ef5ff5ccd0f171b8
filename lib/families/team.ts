import { familyFactory, type FamilyFactory } from '../client/index.js';
import { teamSchema, type TeamFamily } from './generated/team.js';

export * from './generated/team.js';

/** Team devices. @public */
export const team: FamilyFactory<TeamFamily> = familyFactory(teamSchema);
