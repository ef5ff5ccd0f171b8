import type { GrowthRow } from '../bench.js';
import { requestsGrowth, socketsGrowth } from './crowds.js';
import { routesGrowth } from './routes.js';
import { subscribersGrowth } from './subscribers.js';

/** Everything that is looked at for how it grows. */
export const growthRows: readonly GrowthRow[] = [routesGrowth, socketsGrowth, subscribersGrowth, requestsGrowth];
