import { ipAddress, number, toggle } from '../../../fields/option.js';
import type { Kind } from '../kind.js';
import { ENCAPSULATION, readEncapsulation, writeEncapsulation, type EncapsulationOptions } from './encapsulation.js';
import { ERSPAN, readErspan, type ErspanOptions } from './erspan.js';
import { GRE_KEYS, readGreKeys, writeGreKeys, type GreKeyOptions } from './gre-keys.js';
import { IP6_HEADER, readIp6Header, writeIp6Header, type Ip6HeaderOptions } from './ip6-header.js';

/** The options of a GRE tunnel over IPv4: `gre` and `gretap` (`IFLA_GRE_*`). `parent` is the link that carries it. @public */
export interface GreOptions extends GreKeyOptions, EncapsulationOptions {
  /** The source address (`IFLA_GRE_LOCAL`). */
  readonly local?: string;
  /** The address of the other end (`IFLA_GRE_REMOTE`). */
  readonly remote?: string;
  /** The hop limit; 0 for that of the inner packet (`IFLA_GRE_TTL`). */
  readonly ttl?: number;
  /** The type of service; 1 for that of the inner packet (`IFLA_GRE_TOS`). */
  readonly tos?: number;
  /** Path MTU discovery (`IFLA_GRE_PMTUDISC`). */
  readonly pathMtuDiscovery?: boolean;
  /** The tunnel ignores the don't-fragment bit of the inner packet (`IFLA_GRE_IGNORE_DF`). */
  readonly ignoreDf?: boolean;
  /** The mark of the packets that carry the tunnel (`IFLA_GRE_FWMARK`). */
  readonly mark?: number;
}

/** The options of a GRE tunnel over IPv6: `ip6gre` and `ip6gretap` (`IFLA_GRE_*`). `parent` is the link that carries it. @public */
export interface Gre6Options extends GreKeyOptions, EncapsulationOptions, Ip6HeaderOptions {
  /** The source address (`IFLA_GRE_LOCAL`). */
  readonly local?: string;
  /** The address of the other end (`IFLA_GRE_REMOTE`). */
  readonly remote?: string;
  /** The hop limit; 0 for that of the inner packet (`IFLA_GRE_TTL`). @defaultValue for a new link 64 */
  readonly ttl?: number;
  /** The mark of the packets that carry the tunnel (`IFLA_GRE_FWMARK`). */
  readonly mark?: number;
}

/** The kinds `gre` and `gretap`. @internal */
export const gre: Kind<GreOptions> = {
  options: {
    local: ipAddress('local', '0.0.0.0'),
    remote: ipAddress('remote', '0.0.0.0'),
    ttl: number('ttl', 0xff),
    tos: number('tos', 0xff),
    pathMtuDiscovery: toggle('pmtudisc'),
    ignoreDf: toggle('ignoreDf'),
    mark: number('fwmark'),
    ...GRE_KEYS,
    ...ENCAPSULATION,
  },
  whole: true,
  parentIn: 'link',
  fromData: (data) => readEncapsulation(readGreKeys(data)),
  toData: (data, options) => writeEncapsulation(writeGreKeys(data, options), options),
};

/** The kinds `ip6gre` and `ip6gretap`. @internal */
export const gre6: Kind<Gre6Options> = {
  options: {
    local: ipAddress('local', '::'),
    remote: ipAddress('remote', '::'),
    ttl: number('ttl', 0xff),
    mark: number('fwmark'),
    ...GRE_KEYS,
    ...ENCAPSULATION,
    ...IP6_HEADER,
  },
  whole: true,
  parentIn: 'link',
  fromData: (data) => readIp6Header(gre.fromData!(data)),
  toData: (data, options) => writeIp6Header(gre.toData!(data, options), options),
};

/** The kind `erspan`. @internal */
export const erspan: Kind<GreOptions & ErspanOptions> = {
  ...gre,
  options: { ...gre.options, ...ERSPAN },
  fromData: (data) => readErspan(gre.fromData!(data)),
};

/** The kind `ip6erspan`. @internal */
export const erspan6: Kind<Gre6Options & ErspanOptions> = {
  ...gre6,
  options: { ...gre6.options, ...ERSPAN },
  fromData: (data) => readErspan(gre6.fromData!(data)),
};
