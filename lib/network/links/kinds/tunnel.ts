import { ipAddress, number, toggle } from '../../fields/option.js';
import type { Kind } from './kind.js';

/** The options of an IPv4 tunnel: `ipip` and `sit` (`IFLA_IPTUN_*`). `parent` is the link that carries it. @public */
export interface TunnelOptions {
  /** The source address (`IFLA_IPTUN_LOCAL`). */
  readonly local?: string;
  /** The address of the other end (`IFLA_IPTUN_REMOTE`). */
  readonly remote?: string;
  /** The hop limit; 0 for that of the inner packet (`IFLA_IPTUN_TTL`). */
  readonly ttl?: number;
  /** The type of service; 1 for that of the inner packet (`IFLA_IPTUN_TOS`). */
  readonly tos?: number;
  /** Path MTU discovery (`IFLA_IPTUN_PMTUDISC`). */
  readonly pathMtuDiscovery?: boolean;
  /** The mark of the packets that carry the tunnel (`IFLA_IPTUN_FWMARK`). */
  readonly mark?: number;
}

/** The kinds `ipip` and `sit`. @internal */
export const tunnel: Kind<TunnelOptions> = {
  options: {
    local: ipAddress('local', '0.0.0.0'),
    remote: ipAddress('remote', '0.0.0.0'),
    ttl: number('ttl', 0xff),
    tos: number('tos', 0xff),
    pathMtuDiscovery: toggle('pmtudisc'),
    mark: number('fwmark'),
  },
  whole: true,
  parentIn: 'link',
};
