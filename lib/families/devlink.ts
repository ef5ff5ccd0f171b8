import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { devlinkSchema, type DevlinkFamily } from './generated/devlink.js';

export * from './generated/devlink.js';

/** Devices and their ports, health and resources. @public */
export const devlink: WatchableFamilyFactory<DevlinkFamily, 'get' | 'port-get'> = watchableFamily(devlinkSchema, {
  get: {
    groups: ['config'],
    set: ['new-ntf'],
    delete: ['del-ntf'],
    key: ({ busName, devName }) => `${busName ?? ''}/${devName ?? ''}`,
  },
  'port-get': {
    groups: ['config'],
    set: ['port-new-ntf'],
    delete: ['port-del-ntf'],
    key: ({ busName, devName, portIndex }) => `${busName ?? ''}/${devName ?? ''}/${portIndex ?? ''}`,
  },
});
