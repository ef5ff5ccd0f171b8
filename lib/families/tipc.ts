import { familyFactory, type FamilyFactory } from '../client/index.js';
import { tipcSchema, type TipcFamily } from './generated/tipc.js';

export * from './generated/tipc.js';

/** TIPC: bearers, links, nodes, sockets and published names. The family is TIPCv2. @public */
export const tipc: FamilyFactory<TipcFamily> = familyFactory(tipcSchema);
