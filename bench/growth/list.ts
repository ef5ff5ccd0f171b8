import type { GrowthRow } from '../bench.js';
export const growthRows: readonly GrowthRow[] = [];
