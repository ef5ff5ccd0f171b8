import { number } from '../../fields/option.js';
import type { Kind } from './kind.js';

/** The options of a VRF (`IFLA_VRF_*`). @public */
export interface VrfOptions {
  /** The number of the routing table (`IFLA_VRF_TABLE`). */
  readonly table: number;
}

/** The kind `vrf`. @internal */
export const vrf: Kind<VrfOptions> = { options: { table: number('table', 0xffff_ffff, { fixed: true }, 1) }, needs: ['vrf.table'] };
