import { IfaFlags, type GetaddrReply } from '../../../families/rt-addr.js';
import type { AnnouncedPrefix } from '../receive/prefix.js';
import { flagNames, notes, words, type Sentence } from './sentence.js';

/** INFINITY_LIFE_TIME (net/addrconf.h). */
const FOREVER = 0xffff_ffff;

/** The flag that most addresses have. */
const PERMANENT = IfaFlags.Permanent;

/** `address 10.0.0.1/24 added to eth0`. The kernel sends the same message for a new address and for a changed one. */
export const address: Sentence<GetaddrReply> = (value, { operation }, { links }) => {
  const { local, ifaPrefixlen, ifaIndex, flags, ifaFlags } = value;
  const peer = local !== undefined && value.address !== local && value.address;
  const text = `${local ?? value.address ?? ''}/${String(ifaPrefixlen)}`;
  return words(
    'address',
    text,
    peer !== false && peer !== undefined && `with peer ${peer}`,
    operation === 'deladdr' ? 'removed from' : 'set on',
    links.nameOf(ifaIndex),
    operation === 'newaddr' && notes(flagNames((flags ?? ifaFlags) & ~PERMANENT, IfaFlags)),
  );
};

/** `prefix 2001:db8::/64 announced on eth0 (autoconf, valid 86400 s)`. */
export const prefix: Sentence<AnnouncedPrefix> = (value, _, { links }) =>
  words(
    'prefix',
    value.prefix,
    'announced on',
    links.nameOf(value.ifindex),
    notes([
      value.onLink && 'on link',
      value.autoconf && 'autoconf',
      value.valid !== undefined && (value.valid === FOREVER ? 'valid forever' : `valid ${String(value.valid)} s`),
    ]),
  );

/** `group 239.0.0.1 joined on eth0`: the multicast groups of IP, and anycast addresses. */
export const membership: Sentence<GetaddrReply> = ({ multicast, anycast, ifaIndex }, { operation }, { links }) =>
  words(
    anycast === undefined ? 'group' : 'anycast address',
    multicast ?? anycast,
    operation.startsWith('new') ? 'joined on' : 'left on',
    links.nameOf(ifaIndex),
  );
