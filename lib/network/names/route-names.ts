import { RtProtocol } from '../../families/rt-route.js';
import { NumberNames } from './number-names.js';

/** The names of routing tables and of routing protocols, as iproute2 knows them. @internal */
export interface RouteNames {
  readonly tables: NumberNames;
  readonly protocols: NumberNames;
}

/** RT_TABLE_* (uapi/linux/rtnetlink.h). */
const TABLES = { unspec: 0, default: 253, main: 254, local: 255 };

/** For RT_TABLE_UNSPEC, the kernel puts a route into the main table, and looks up an empty table for each new rule. */
const ZERO = "for 0, the kernel chooses a table; write 'main', or a number from 1";

/** Reads the names of iproute2. Without iproute2, those that the kernel defines are known. @internal */
export function routeNames(): RouteNames {
  const protocols = Object.fromEntries(Object.entries(RtProtocol).map(([name, number]) => [name.toLowerCase(), number]));
  return {
    tables: new NumberNames('routing table', 0xffff_ffff, TABLES, ZERO).addFiles('rt_tables'),
    protocols: new NumberNames('routing protocol', 0xff, protocols).addFiles('rt_protos'),
  };
}
