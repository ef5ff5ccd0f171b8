import { familyFactory, type FamilyFactory } from '../client/index.js';
import { devlinkSchema, type DevlinkFamily } from './generated/devlink.js';

export * from './generated/devlink.js';

/** Devices and their ports, health and resources. @public */
export const devlink: FamilyFactory<DevlinkFamily> = familyFactory(devlinkSchema);
