import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { ipvsSchema, type IpvsFamily } from './generated/ipvs.js';

export * from './generated/ipvs.js';

const NO_EVENTS = 'IPVS sends no events; list at an interval';

/**
 * Virtual services of IPVS, the real servers behind them, and the daemons that synchronize connections.
 *
 * Each network namespace has its own.
 *
 * @public
 */
export const ipvs: WatchableFamilyFactory<IpvsFamily, never> = watchableFamily(ipvsSchema, {
  'get-service': NO_EVENTS,
  'get-dest': NO_EVENTS,
  'get-daemon': NO_EVENTS,
});
