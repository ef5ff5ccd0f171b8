import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { pspSchema, type PspFamily } from './generated/psp.js';

export * from './generated/psp.js';

/** Devices that encrypt connections with PSP. @public */
export const psp: WatchableFamilyFactory<PspFamily, 'dev-get'> = watchableFamily(pspSchema, {
  'dev-get': {
    groups: ['mgmt'],
    set: ['dev-add-ntf', 'dev-change-ntf'],
    delete: ['dev-del-ntf'],
    key: ({ id }) => id,
  },
  'get-stats': 'the kernel sends no event for counters',
});
