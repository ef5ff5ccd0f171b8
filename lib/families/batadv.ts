import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { batadvSchema, type BatadvFamily } from './generated/batadv.js';

export * from './generated/batadv.js';

/** Meshes of B.A.T.M.A.N. advanced. An interface of the kind `batadv` (`rtLink`) is a mesh. @public */
export const batadv: WatchableFamilyFactory<BatadvFamily, never> = watchableFamily(batadvSchema, {
  'get-hardif': 'the kernel sends no event when an interface leaves a mesh',
  'get-routing-algos': 'the kernel sends no event for this table',
  'get-transtable-local': 'the kernel sends no event for this table',
  'get-transtable-global': 'the kernel sends no event for this table',
  'get-originators': 'the kernel sends no event for this table',
  'get-neighbors': 'the kernel sends no event for this table',
  'get-gateways': 'the kernel sends no event for this table',
  'get-bla-claim': 'the kernel sends no event for this table',
  'get-bla-backbone': 'the kernel sends no event for this table',
  'get-dat-cache': 'the kernel sends no event for this table',
  'get-mcast-flags': 'the kernel sends no event for this table',
});
