import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { rtCangwSchema, type RtCangwFamily } from './generated/rt-cangw.js';

export * from './generated/rt-cangw.js';

/** Jobs of the CAN gateway. @public */
export const rtCangw: WatchableFamilyFactory<RtCangwFamily, never> = watchableFamily(rtCangwSchema, {
  getroute: 'the kernel sends no event for jobs of the CAN gateway',
});
