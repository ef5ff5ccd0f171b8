import { ipAddress, number, words } from '../../../fields/option.js';
import type { Kind } from '../kind.js';

/** The options of a tunnel for multicast (RFC 7450, `IFLA_AMT_*`); none can be changed. `parent` is the link that carries it. @public */
export interface AmtOptions {
  /** The side of the tunnel (`IFLA_AMT_MODE`). */
  readonly mode?: 'gateway' | 'relay' | number;
  /** The UDP port of the relay (`IFLA_AMT_RELAY_PORT`). */
  readonly relayPort?: number;
  /** The UDP port of the gateway (`IFLA_AMT_GATEWAY_PORT`). */
  readonly gatewayPort?: number;
  /** The source address (`IFLA_AMT_LOCAL_IP`). */
  readonly local?: string;
  /** The address to which a gateway sends its discovery (`IFLA_AMT_DISCOVERY_IP`). */
  readonly discovery?: string;
  /** Read only: the address of the relay that a gateway has found (`IFLA_AMT_REMOTE_IP`). */
  readonly remote?: string;
  /** The largest number of tunnels of a relay (`IFLA_AMT_MAX_TUNNELS`). */
  readonly maxTunnels?: number;
}

const fixed = { fixed: true };

/** The kind `amt`. @internal */
export const amt: Kind<AmtOptions> = {
  options: {
    mode: words('mode', ['gateway', 'relay'], fixed),
    relayPort: number('relayPort', 0xffff, fixed),
    gatewayPort: number('gatewayPort', 0xffff, fixed),
    local: ipAddress('localIp', '0.0.0.0', fixed),
    discovery: ipAddress('discoveryIp', '0.0.0.0', fixed),
    remote: ipAddress('remoteIp', '0.0.0.0', { out: true }),
    maxTunnels: number('maxTunnels', 0xffff_ffff, fixed),
  },
  parentIn: 'link',
  needs: ['parent', 'amt.mode', 'amt.local'],
};
