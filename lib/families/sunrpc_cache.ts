import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { sunrpcCacheSchema, type SunrpcCacheFamily } from './generated/sunrpc_cache.js';

export * from './generated/sunrpc_cache.js';

/** Requests of the caches of NFS servers: which client has an address, which groups a user has. @public */
export const sunrpcCache: WatchableFamilyFactory<SunrpcCacheFamily, never> = watchableFamily(sunrpcCacheSchema, {
  'ip-map-get-reqs': 'a request disappears with its answer; wait for cache-notify and dump them',
  'unix-gid-get-reqs': 'a request disappears with its answer; wait for cache-notify and dump them',
});
