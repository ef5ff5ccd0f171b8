import type { GetaddrReply } from '../../families/rt-addr.js';
import type { Cidr, Read, Row, Written } from '../common/written.js';
import type { ScopeName } from '../names/scopes.js';
import type { Where } from '../tables/verbs.js';

/** The origin of an address (`IFAPROT_*`). @public */
export type AddressProtocol = 'kernel-loopback' | 'kernel-ra' | 'kernel-link-local';

/** The properties of an IP address that can be written. @public */
export interface AddressFields<U extends Written = Read> {
  /** The link, by name. */
  readonly link: string;
  /** The address with its prefix length, `10.0.0.1/24` (`IFA_LOCAL`, `ifa_prefixlen`). With `peer`, that property has the length. */
  readonly address: Cidr;
  /** The other end of a point-to-point link, with the prefix length (`IFA_ADDRESS`). */
  readonly peer?: Cidr;
  /** IPv4: the broadcast address (`IFA_BROADCAST`). */
  readonly broadcast?: string | U['none'];
  /** IPv4: the label, which begins with the name of the link (`IFA_LABEL`). */
  readonly label?: string;
  /**
   * The scope (`ifa_scope`). The kernel derives that of an IPv6 address.
   * @defaultValue for a new address `'host'` for 127.0.0.0/8, else `'global'`
   */
  readonly scope?: ScopeName | number;
  /** The metric of the prefix route (`IFA_RT_PRIORITY`). */
  readonly metric?: number;
  /** The kernel creates no prefix route (`IFA_F_NOPREFIXROUTE`). */
  readonly noPrefixRoute?: boolean;
  /** IPv6: no duplicate address detection (`IFA_F_NODAD`). */
  readonly noDad?: boolean;
  /** IPv6: the home address of Mobile IPv6 (`IFA_F_HOMEADDRESS`). */
  readonly home?: boolean;
  /** IPv6: the kernel derives temporary addresses from this one (`IFA_F_MANAGETEMPADDR`). */
  readonly manageTemporary?: boolean;
  /** The kernel joins the multicast group of the address (`IFA_F_MCAUTOJOIN`). */
  readonly autojoin?: boolean;
  /** The remaining valid lifetime in milliseconds, whole seconds; absent: forever (`IFA_CACHEINFO`). */
  readonly valid?: U['time'] | U['none'];
  /** The remaining preferred lifetime in milliseconds, whole seconds; absent: forever. */
  readonly preferred?: U['time'] | U['none'];
  /** The origin (`IFA_PROTO`). */
  readonly protocol?: AddressProtocol | number;
}

/** The properties of an IP address that only the kernel sets. @public */
export interface AddressState {
  /** The IP version. */
  readonly family: 4 | 6;
  /** The index of the link. */
  readonly linkIndex: number;
  /** IPv4: another address of the subnet is the primary one (`IFA_F_SECONDARY`). */
  readonly secondary: boolean;
  /** The address has no lifetime (`IFA_F_PERMANENT`). */
  readonly permanent: boolean;
  /** IPv6: duplicate address detection has not finished (`IFA_F_TENTATIVE`). */
  readonly tentative: boolean;
  /** IPv6: another host has the address (`IFA_F_DADFAILED`). */
  readonly dadFailed: boolean;
  /** The preferred lifetime is over (`IFA_F_DEPRECATED`). */
  readonly deprecated: boolean;
  /** IPv6: a temporary address of the privacy extensions (`IFA_F_TEMPORARY`). */
  readonly temporary: boolean;
}

/** An IP address of a link. @public */
export interface Address extends AddressFields, AddressState {
  /** The row from which the object was made; not enumerable. */
  readonly [Row]: GetaddrReply;
}

/** An IP address to write. @public */
export type AddressSpec = AddressFields<Written>;

/** The key of an IP address. An address without a prefix length matches any length. @public */
export type AddressKey = Pick<AddressFields, 'link' | 'address' | 'peer'>;

/** A filter for IP addresses. @public */
export type AddressFilter = Where<AddressFields & AddressState>;
