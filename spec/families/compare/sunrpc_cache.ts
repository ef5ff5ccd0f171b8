import { sunrpcCacheSchema } from '../../../lib/families/generated/sunrpc_cache.js';
import type { FamilyComparer } from '../comparer.js';
import { compareClient } from './client-talk.js';

export const comparer: FamilyComparer = {
  schema: sunrpcCacheSchema,
  compare: (scene) => {
    compareClient(sunrpcCacheSchema, scene);
  },
};
