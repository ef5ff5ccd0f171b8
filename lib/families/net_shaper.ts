import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { netShaperSchema, type NetShaperFamily } from './generated/net_shaper.js';

export * from './generated/net_shaper.js';

/** Traffic shaping in hardware. @public */
export const netShaper: WatchableFamilyFactory<NetShaperFamily, never> = watchableFamily(netShaperSchema, {
  get: 'the kernel sends no event for shapers',
  'cap-get': "a device's capabilities do not change",
});
