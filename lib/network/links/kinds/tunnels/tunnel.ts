import { ipAddress, number, numbered, toggle } from '../../../fields/option.js';
import type { Kind } from '../kind.js';
import { ENCAPSULATION, readEncapsulation, writeEncapsulation, type EncapsulationOptions } from './encapsulation.js';
import { IP6_HEADER, readIp6Header, writeIp6Header, type Ip6HeaderOptions } from './ip6-header.js';

/** The options of an IPv4 tunnel: `ipip` and `sit` (`IFLA_IPTUN_*`). `parent` is the link that carries it. @public */
export interface TunnelOptions extends EncapsulationOptions {
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
  /** The packets in the tunnel (`IFLA_IPTUN_PROTO`). */
  readonly protocol?: 'any' | 'ip' | 'ipv6' | 'mpls' | number;
  /** The mark of the packets that carry the tunnel (`IFLA_IPTUN_FWMARK`). */
  readonly mark?: number;
}

/** The options of an IPv6 tunnel: `ip6tnl` (`IFLA_IPTUN_*`). `parent` is the link that carries it. @public */
export interface Tunnel6Options extends EncapsulationOptions, Ip6HeaderOptions {
  /** The source address (`IFLA_IPTUN_LOCAL`). */
  readonly local?: string;
  /** The address of the other end (`IFLA_IPTUN_REMOTE`). */
  readonly remote?: string;
  /** The hop limit; 0 for that of the inner packet (`IFLA_IPTUN_TTL`). @defaultValue for a new link 64 */
  readonly ttl?: number;
  /** The packets in the tunnel (`IFLA_IPTUN_PROTO`). */
  readonly protocol?: 'any' | 'ip' | 'ipv6' | number;
  /** The mark of the packets that carry the tunnel (`IFLA_IPTUN_FWMARK`). */
  readonly mark?: number;
}

/** IPPROTO_IPIP, IPPROTO_IPV6 and IPPROTO_MPLS. */
const PROTOCOLS = { any: 0, ip: 4, ipv6: 41, mpls: 137 };

/** The kinds `ipip` and `sit`. @internal */
export const tunnel: Kind<TunnelOptions> = {
  options: {
    local: ipAddress('local', '0.0.0.0'),
    remote: ipAddress('remote', '0.0.0.0'),
    ttl: number('ttl', 0xff),
    tos: number('tos', 0xff),
    pathMtuDiscovery: toggle('pmtudisc'),
    protocol: numbered('proto', PROTOCOLS),
    mark: number('fwmark'),
    ...ENCAPSULATION,
  },
  whole: true,
  parentIn: 'link',
  fromData: readEncapsulation,
  toData: writeEncapsulation,
};

/** The kind `ip6tnl`. @internal */
export const tunnel6: Kind<Tunnel6Options> = {
  options: {
    local: ipAddress('local', '::'),
    remote: ipAddress('remote', '::'),
    ttl: number('ttl', 0xff),
    protocol: numbered('proto', { any: 0, ip: 4, ipv6: 41 }),
    mark: number('fwmark'),
    ...ENCAPSULATION,
    ...IP6_HEADER,
  },
  whole: true,
  parentIn: 'link',
  fromData: (data) => readIp6Header(readEncapsulation(data)),
  toData: (data, options) => writeIp6Header(writeEncapsulation(data, options), options),
};
