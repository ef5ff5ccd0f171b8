import { words } from '../../../fields/option.js';
import type { Kind } from '../kind.js';

/** The options of a link of OpenVPN in the kernel, since Linux 6.16 (`IFLA_OVPN_*`). Its peers belong to the family `ovpn`. @public */
export interface OvpnOptions {
  /** One peer, or several; at the creation only (`IFLA_OVPN_MODE`). @defaultValue for a new link `'p2p'` */
  readonly mode?: 'p2p' | 'mp' | number;
}

/** The kind `ovpn`. @internal */
export const ovpn: Kind<OvpnOptions> = { options: { mode: words('mode', ['p2p', 'mp'], { fixed: true }) } };
