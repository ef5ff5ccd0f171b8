import { RtProtocol } from '../../families/rt-route.js';
import { NumberNames } from './number-names.js';

/** The names of routing tables and of routing protocols, as iproute2 knows them. @internal */
export interface RouteNames {
  readonly tables: NumberNames;
  readonly protocols: NumberNames;
}

/** Reads the names of iproute2. Without iproute2, those that the kernel defines are known. @internal */
export function routeNames(): RouteNames {
  const protocols = Object.fromEntries(Object.entries(RtProtocol).map(([name, number]) => [name.toLowerCase(), number]));
  return {
    tables: new NumberNames('routing table', 0xffff_ffff, { unspec: 0, default: 253, main: 254, local: 255 }).addFiles('rt_tables'),
    protocols: new NumberNames('routing protocol', 0xff, protocols).addFiles('rt_protos'),
  };
}
