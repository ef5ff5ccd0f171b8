import { familyFactory, type FamilyFactory } from '../client/index.js';
import { netDmSchema, type NetDmFamily } from './generated/net_dm.js';

export * from './generated/net_dm.js';

/**
 * The drop monitor: packets that the kernel drops in any network namespace. It is one for the machine, in the initial namespace.
 *
 * `start` begins, and `notifications('events')` emits the alerts of the mode that `config` selects. `config` fails with EBUSY after `start`.
 *
 * @public
 */
export const netDm: FamilyFactory<NetDmFamily> = familyFactory(netDmSchema);
