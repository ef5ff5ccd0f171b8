import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { dpllSchema, type DpllFamily } from './generated/dpll.js';

export * from './generated/dpll.js';

/** Digital phase-locked loops. @public */
export const dpll: WatchableFamilyFactory<DpllFamily, 'device-get' | 'pin-get'> = watchableFamily(dpllSchema, {
  'device-get': {
    groups: ['monitor'],
    set: ['device-create-ntf', 'device-change-ntf'],
    delete: ['device-delete-ntf'],
    key: ({ id }) => id,
  },
  'pin-get': {
    groups: ['monitor'],
    set: ['pin-create-ntf', 'pin-change-ntf'],
    delete: ['pin-delete-ntf'],
    key: ({ id }) => id,
  },
});
