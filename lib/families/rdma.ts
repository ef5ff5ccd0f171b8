import { familyFactory, type FamilyFactory } from '../client/index.js';
import { rdmaSchema, type RdmaFamily } from './generated/rdma.js';

export * from './generated/rdma.js';

/** RDMA devices: ports, resources, counters, and the events of devices. @public */
export const rdma: FamilyFactory<RdmaFamily> = familyFactory(rdmaSchema);
