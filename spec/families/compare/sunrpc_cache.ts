import { sunrpcCacheSchema } from '../../../lib/families/generated/sunrpc_cache.js';
import type { FamilyComparer } from '../comparer.js';
import { clientComparer } from './client-talk.js';

export const comparer: FamilyComparer = clientComparer(sunrpcCacheSchema);
