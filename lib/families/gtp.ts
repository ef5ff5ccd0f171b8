import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { gtpSchema, type GtpFamily } from './generated/gtp.js';

export * from './generated/gtp.js';

/** PDP contexts of GTP. A link of the kind `gtp` (`rtLink`) has them. @public */
export const gtp: WatchableFamilyFactory<GtpFamily, never> = watchableFamily(gtpSchema, {
  getpdp: 'the kernel sends no event for contexts that it deletes with their link',
});
