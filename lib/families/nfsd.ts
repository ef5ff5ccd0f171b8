import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { nfsdSchema, type NfsdFamily } from './generated/nfsd.js';

export * from './generated/nfsd.js';

/** The NFS server. @public */
export const nfsd: WatchableFamilyFactory<NfsdFamily, never> = watchableFamily(nfsdSchema, {
  'rpc-status-get': 'the kernel sends no event for requests',
  'svc-export-get-reqs': 'a request disappears with its answer; wait for cache-notify and dump them',
  'expkey-get-reqs': 'a request disappears with its answer; wait for cache-notify and dump them',
  'server-stats-get': 'the kernel sends no event for counters',
});
