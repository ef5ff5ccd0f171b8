import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { thermalSchema, type ThermalFamily } from './generated/thermal.js';

export * from './generated/thermal.js';

/** Thermal zones and cooling devices. The family exists in the first network namespace only. @public */
export const thermal: WatchableFamilyFactory<ThermalFamily, never> = watchableFamily(thermalSchema, {
  'tz-get-id': 'list again after the events of the group `event`',
  'cdev-get': 'list again after the events of the group `event`',
});
