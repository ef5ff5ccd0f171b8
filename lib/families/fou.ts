import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { fouSchema, type FouFamily } from './generated/fou.js';

export * from './generated/fou.js';

/** Foo-over-UDP ports. @public */
export const fou: WatchableFamilyFactory<FouFamily, never> = watchableFamily(fouSchema, {
  get: 'the kernel sends no event for ports',
});
