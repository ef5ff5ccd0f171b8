import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { drmRasSchema, type DrmRasFamily } from './generated/drm_ras.js';

export * from './generated/drm_ras.js';

/** Error counters of graphics devices. @public */
export const drmRas: WatchableFamilyFactory<DrmRasFamily, never> = watchableFamily(drmRasSchema, {
  'list-nodes': 'the kernel sends no event for nodes',
  'get-error-counter': 'the kernel sends no event for counters',
});
