import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { ipsetSchema, type IpsetFamily } from './generated/ipset.js';

export * from './generated/ipset.js';

const NO_EVENTS = 'the kernel has no multicast group for sets; list them again after a change';

/** Sets of addresses, ports, marks, interfaces and other sets. @public */
export const ipset: WatchableFamilyFactory<IpsetFamily, never> = watchableFamily(ipsetSchema, { list: NO_EVENTS, save: NO_EVENTS });
