import type { Read, Written } from '../../common/written.js';
import { ipAddress, words, type Options } from '../../fields/option.js';

/** The IPv6 settings of a link (`IFLA_AF_SPEC`, `AF_INET6`). The kernel accepts no others by netlink. @public */
export interface Ipv6Settings<U extends Written = Read> {
  /** The way in which the kernel makes link-local addresses, from the next time that the link comes up (`IFLA_INET6_ADDR_GEN_MODE`). */
  readonly addressGeneration?: 'eui64' | 'none' | 'stable-privacy' | 'random' | number;
  /** The host part of addresses from router advertisements, as `::1:2` (`IFLA_INET6_TOKEN`). */
  readonly token?: string | U['none'];
}

/** The options. @internal */
export const IPV6: Options<Ipv6Settings> = {
  addressGeneration: words('addrGenMode', ['eui64', 'none', 'stable-privacy', 'random']),
  token: ipAddress('token', '::', { nullable: true }),
};
