import { familyFactory, type FamilyFactory } from '../client/index.js';
import { netdevSchema, type NetdevFamily } from './generated/netdev.js';

export * from './generated/netdev.js';

/** Network devices: XDP, queues, page pools. @public */
export const netdev: FamilyFactory<NetdevFamily> = familyFactory(netdevSchema);
