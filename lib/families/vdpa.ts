import { familyFactory, type FamilyFactory } from '../client/index.js';
import { vdpaSchema, type VdpaFamily } from './generated/vdpa.js';

export * from './generated/vdpa.js';

/** vDPA: devices that offer virtio queues, and the devices that create them. The family exists in the first network namespace only. @public */
export const vdpa: FamilyFactory<VdpaFamily> = familyFactory(vdpaSchema);
