import { FieldError } from '../../../common/field-error.js';
import { network, versionOf } from '../../../fields/address-checks.js';
import type { Check } from '../../../fields/check.js';
import { plain } from '../../../fields/option.js';
import type { Kind, KindData } from '../kind.js';
import { tunnel, type TunnelOptions } from './tunnel.js';

/** The options of a tunnel of kind `sit`: IPv6 over IPv4, also of 6to4 and 6rd (RFC 5969). @public */
export interface SitOptions extends TunnelOptions {
  /** The IPv6 prefix of the site (`IFLA_IPTUN_6RD_PREFIX`, `_PREFIXLEN`). @defaultValue for a new link `'2002::/16'`, that of 6to4 */
  readonly sixRdPrefix?: string;
  /** The part of the IPv4 addresses that the IPv6 addresses omit (`IFLA_IPTUN_6RD_RELAY_PREFIX`). @defaultValue for a new link `'0.0.0.0/0'` */
  readonly sixRdRelayPrefix?: string;
}

/** Accepts a network of one IP version. */
function networkOf(family: 4 | 6): Check<string> {
  return (value, path) => {
    const text = network(value, path);
    if (versionOf(text) === family) return text;
    throw new FieldError(path, `expected a network of IPv${family}, not '${text}'`);
  };
}

/** Puts the lengths of the prefixes behind them. */
function joinPrefixes(data: KindData): KindData {
  const { '6rdPrefix': prefix, '6rdPrefixlen': length, '6rdRelayPrefix': relay, '6rdRelayPrefixlen': relayLength, ...others } = data;
  return {
    ...others,
    ...(prefix !== undefined && { '6rdPrefix': `${prefix as string}/${length as number}` }),
    ...(relay !== undefined && { '6rdRelayPrefix': `${relay as string}/${relayLength as number}` }),
  };
}

/** The kind `sit`. @internal */
export const sit: Kind<SitOptions> = {
  ...tunnel,
  options: {
    ...tunnel.options,
    sixRdPrefix: plain('6rdPrefix', networkOf(6), { initial: '2002::/16' }),
    sixRdRelayPrefix: plain('6rdRelayPrefix', networkOf(4), { initial: '0.0.0.0/0' }),
  },
  fromData: (data) => joinPrefixes(tunnel.fromData!(data)),
};
