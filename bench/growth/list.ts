import type { GrowthRow } from '../bench.js';
import { requestsGrowth, socketsGrowth } from './crowds.js';
import { routesGrowth } from './routes.js';
import { subscribersGrowth } from './subscribers.js';

/** All plots. */
export const growthRows: readonly GrowthRow[] = [routesGrowth, socketsGrowth, subscribersGrowth, requestsGrowth];
