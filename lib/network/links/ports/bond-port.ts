import { number, type Options } from '../../fields/option.js';

/** The settings of a port of a bond (`IFLA_BOND_SLAVE_*`). @public */
export interface BondPort {
  /** The queue of packets that are mapped to the port (`IFLA_BOND_SLAVE_QUEUE_ID`). */
  readonly queue?: number;
  /** The priority for the failover (`IFLA_BOND_SLAVE_PRIO`). */
  readonly priority?: number;
}

/** The options of a port of a bond. @internal */
export const BOND_PORT: Options<BondPort> = {
  queue: number('queueId', 0xffff),
  priority: number('prio', 0x7fff_ffff, {}, -0x8000_0000),
};
