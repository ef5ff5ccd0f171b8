import { familyFactory, type FamilyFactory } from '../client/index.js';
import { rtRouteSchema, type RtRouteFamily } from './generated/rt-route.js';

export * from './generated/rt-route.js';

/** Routes. @public */
export const rtRoute: FamilyFactory<RtRouteFamily> = familyFactory(rtRouteSchema);
