import { Ipv4Devconf } from '../../../families/rt-link.js';
import { number, toggle, type Option, type OptionFlags, type Options } from '../../fields/option.js';

/** The IPv4 settings of a link (`IFLA_INET_CONF`, the files of /proc/sys/net/ipv4/conf). @public */
export interface Ipv4Settings {
  /** The host forwards packets from the link. */
  readonly forwarding?: boolean;
  /** The host answers ARP requests for addresses that it routes elsewhere. */
  readonly proxyArp?: boolean;
  /** The same for addresses behind the link itself. */
  readonly proxyArpPvlan?: boolean;
  /** The reverse path filter: 0 off, 1 strict, 2 loose. */
  readonly rpFilter?: number;
  /** The host accepts ICMP redirects. */
  readonly acceptRedirects?: boolean;
  /** The host sends ICMP redirects. */
  readonly sendRedirects?: boolean;
  /** The host accepts redirects to its gateways only. */
  readonly secureRedirects?: boolean;
  /** Different subnets share the medium. */
  readonly sharedMedia?: boolean;
  /** The host accepts packets with a source route. */
  readonly acceptSourceRoute?: boolean;
  /** The host accepts packets with one of its own addresses as source. */
  readonly acceptLocal?: boolean;
  /** The host routes addresses of 127.0.0.0/8. */
  readonly routeLocalnet?: boolean;
  /** The kernel logs packets with impossible addresses. */
  readonly logMartians?: boolean;
  /** The host answers ARP requests only over the link of the address. */
  readonly arpFilter?: boolean;
  /** Which addresses ARP requests name as source: 0 any, 1 of the subnet if possible, 2 the best. */
  readonly arpAnnounce?: number;
  /** Which ARP requests are answered: 0 all, 1 for addresses of the link, 2 and of the subnet, 3 not for scope host, 8 none. */
  readonly arpIgnore?: number;
  /** Which unsolicited ARP packets make new neighbours: 0 none, 1 all, 2 those of the subnet. */
  readonly arpAccept?: number;
  /** The link announces its addresses when it comes up. */
  readonly arpNotify?: boolean;
  /** Neighbours are dropped when the carrier is lost. */
  readonly arpEvictNoCarrier?: boolean;
  /** A secondary address replaces the deleted primary address. */
  readonly promoteSecondaries?: boolean;
  /** The reverse path filter considers the mark of a packet. */
  readonly sourceValidMark?: boolean;
  /** Routes over a link without carrier are ignored. */
  readonly ignoreRoutesWithLinkdown?: boolean;
  /** The host drops unicast packets in link-layer multicast frames. */
  readonly dropUnicastInMulticast?: boolean;
  /** The host drops gratuitous ARP packets. */
  readonly dropGratuitousArp?: boolean;
  /** The host forwards directed broadcasts. */
  readonly broadcastForwarding?: boolean;
  /** The version of IGMP: 0 automatic, 1, 2 or 3. */
  readonly forceIgmpVersion?: number;
  /** The link has no IPsec policies. */
  readonly disablePolicy?: boolean;
  /** The link has no IPsec encryption. */
  readonly disableXfrm?: boolean;
}

const flag = (attribute: keyof typeof WORDS): Option => toggle(attribute);
const value = (attribute: keyof typeof WORDS, flags: OptionFlags = {}): Option => number(attribute, 0x7fff_ffff, flags);

/** The engine's words for the members of the array that a link reports, by their numbers. */
const WORDS = {
  forwarding: Ipv4Devconf.Forwarding,
  proxyArp: Ipv4Devconf.ProxyArp,
  acceptRedirects: Ipv4Devconf.AcceptRedirects,
  secureRedirects: Ipv4Devconf.SecureRedirects,
  sendRedirects: Ipv4Devconf.SendRedirects,
  sharedMedia: Ipv4Devconf.SharedMedia,
  rpFilter: Ipv4Devconf.RpFilter,
  acceptSourceRoute: Ipv4Devconf.AcceptSourceRoute,
  logMartians: Ipv4Devconf.LogMartians,
  arpfilter: Ipv4Devconf.Arpfilter,
  noxfrm: Ipv4Devconf.Noxfrm,
  nopolicy: Ipv4Devconf.Nopolicy,
  forceIgmpVersion: Ipv4Devconf.ForceIgmpVersion,
  arpAnnounce: Ipv4Devconf.ArpAnnounce,
  arpIgnore: Ipv4Devconf.ArpIgnore,
  promoteSecondaries: Ipv4Devconf.PromoteSecondaries,
  arpAccept: Ipv4Devconf.ArpAccept,
  arpNotify: Ipv4Devconf.ArpNotify,
  acceptLocal: Ipv4Devconf.AcceptLocal,
  srcVmark: Ipv4Devconf.SrcVmark,
  proxyArpPvlan: Ipv4Devconf.ProxyArpPvlan,
  routeLocalnet: Ipv4Devconf.RouteLocalnet,
  ignoreRoutesWithLinkdown: Ipv4Devconf.IgnoreRoutesWithLinkdown,
  dropUnicastInL2Multicast: Ipv4Devconf.DropUnicastInL2Multicast,
  dropGratuitousArp: Ipv4Devconf.DropGratuitousArp,
  bcForwarding: Ipv4Devconf.BcForwarding,
  arpEvictNocarrier: Ipv4Devconf.ArpEvictNocarrier,
} as const;

/** The options. @internal */
export const IPV4: Options<Ipv4Settings> = {
  forwarding: flag('forwarding'),
  proxyArp: flag('proxyArp'),
  proxyArpPvlan: flag('proxyArpPvlan'),
  rpFilter: value('rpFilter'),
  acceptRedirects: flag('acceptRedirects'),
  sendRedirects: flag('sendRedirects'),
  secureRedirects: flag('secureRedirects'),
  sharedMedia: flag('sharedMedia'),
  acceptSourceRoute: flag('acceptSourceRoute'),
  acceptLocal: flag('acceptLocal'),
  routeLocalnet: flag('routeLocalnet'),
  logMartians: flag('logMartians'),
  arpFilter: flag('arpfilter'),
  arpAnnounce: value('arpAnnounce'),
  arpIgnore: value('arpIgnore'),
  arpAccept: value('arpAccept'),
  arpNotify: flag('arpNotify'),
  arpEvictNoCarrier: flag('arpEvictNocarrier'),
  promoteSecondaries: flag('promoteSecondaries'),
  sourceValidMark: flag('srcVmark'),
  ignoreRoutesWithLinkdown: flag('ignoreRoutesWithLinkdown'),
  dropUnicastInMulticast: flag('dropUnicastInL2Multicast'),
  dropGratuitousArp: flag('dropGratuitousArp'),
  broadcastForwarding: flag('bcForwarding'),
  forceIgmpVersion: value('forceIgmpVersion'),
  disablePolicy: flag('nopolicy'),
  disableXfrm: flag('noxfrm'),
};

/** Names the members of the array that a link reports. @internal */
export function ipv4Data(conf: readonly number[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(WORDS).flatMap(([name, number]) => {
      const member = conf[number];
      return member === undefined ? [] : [[name, member] as const];
    }),
  );
}
