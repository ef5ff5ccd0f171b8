import type { GetaddrReply } from '../../../lib/families/rt-addr.js';
import type { GetneighReply } from '../../../lib/families/rt-neigh.js';
import type { GetrouteReply } from '../../../lib/families/rt-route.js';
import type { GetruleReply } from '../../../lib/families/rt-rule.js';
import type { Fields, Shown } from '../../families/compare/fields.js';
import { linkFields, type LinkRow } from '../../families/compare/link-fields.js';
import type { LinkNames } from '../../families/compare/link-names.js';

/** A table as `ip` shows it, and the equivalent values of a collection. */
export interface SoakTable<Value> {
  /** The arguments of `ip`; the rows of several commands are concatenated. */
  readonly commands: readonly string[];
  /** Keys of `ip` that are not compared, because their properties are volatile or silent. */
  readonly ignored: readonly string[];
  readonly fields: (names: LinkNames) => Fields<Value>;
  /** Keys that are compared also if `ip` omits them. */
  readonly always: readonly string[];
  /** Selects the rows from the output of `ip`. */
  readonly rows?: (printed: readonly Shown[]) => Shown[];
  /** Identifies the object of a row. */
  readonly shownKey: (row: Shown) => string;
  readonly key: (value: Value, names: LinkNames) => string;
  /** Returns a test for the keys of objects that `ip` may omit or repeat, from the rows that it shows. */
  readonly isUnsure?: (rows: readonly Shown[]) => (key: string) => boolean;
}

const numbers = (value: number | undefined, fallback = 0): string => String(value ?? fallback);
const bit =
  (mask: number) =>
  ({ flags, ifaFlags }: GetaddrReply): true | undefined =>
    ((flags ?? ifaFlags) & mask) === 0 ? undefined : true;

/** Properties that change without events while a link is down. */
const SILENT_WHILE_DOWN = ['ifalias', 'group', 'linkmode'];
const UP = 1;

/** `ip` prints the state of the peer as a flag; it is not a flag of this link. */
const withoutPeer = (flags: readonly string[]): string[] => flags.filter((name) => name !== 'M-DOWN');

export const links: SoakTable<LinkRow> = {
  commands: ['-j -d link'],
  ignored: ['qdisc', 'promiscuity', 'allmulti', 'inet6_addr_gen_mode', 'linkinfo'],
  fields: (names) => {
    const fields = linkFields(names);
    const whileUp = (name: string) => (link: LinkRow) => ((link.ifiFlags & UP) === 0 ? undefined : fields[name]?.(link, undefined));
    const quiet = Object.fromEntries(SILENT_WHILE_DOWN.map((name) => [name, whileUp(name)]));
    const flags = (link: LinkRow) => withoutPeer(fields['flags']?.(link, undefined) as readonly string[]);
    return { ...fields, ...quiet, flags, kind: ({ linkinfo }) => linkinfo?.kind };
  },
  always: ['kind', 'master', 'link', 'ifalias', 'altnames'],
  rows: (printed) =>
    printed.map((row) => {
      const flags = row['flags'] as readonly string[];
      const down = !flags.includes('UP');
      return {
        ...row,
        ...(down && Object.fromEntries(SILENT_WHILE_DOWN.map((name) => [name, undefined]))),
        flags: withoutPeer(flags),
        kind: (row['linkinfo'] as Shown | undefined)?.['info_kind'],
      };
    }),
  shownKey: (row) => String(row['ifindex']),
  key: ({ ifiIndex }) => String(ifiIndex),
};

// RT_SCOPE_* of uapi/linux/rtnetlink.h, IFAPROT_* and IFA_F_* of if_addr.h
const SCOPES: Readonly<Record<number, string>> = { 0: 'global', 200: 'site', 253: 'link', 254: 'host' };
const ORIGINS: Readonly<Record<number, string>> = { 1: 'kernel_lo', 2: 'kernel_ra', 3: 'kernel_ll' };
const addressKey = (...parts: readonly unknown[]): string => parts.map((part) => String(part ?? '')).join(' ');

export const addresses: SoakTable<GetaddrReply> = {
  commands: ['-j addr'],
  ignored: ['valid_life_time', 'preferred_life_time'],
  fields: (names) => ({
    dev: ({ ifaIndex }) => names.of(ifaIndex),
    family: ({ ifaFamily }) => (ifaFamily === 2 ? 'inet' : 'inet6'),
    local: ({ local, address }) => local ?? address,
    address: ({ local, address }) => (local === undefined || local === address ? undefined : address),
    prefixlen: ({ ifaPrefixlen }) => ifaPrefixlen,
    metric: ({ rtPriority }) => rtPriority,
    broadcast: ({ broadcast }) => broadcast,
    scope: ({ ifaScope }) => SCOPES[ifaScope],
    label: ({ label }) => label,
    protocol: ({ proto = 0 }) => (proto === 0 ? undefined : ORIGINS[proto]),
    dynamic: (row) => (bit(128)(row) === undefined ? true : undefined),
    secondary: (row) => (row.ifaFamily === 2 ? bit(1)(row) : undefined),
    nodad: bit(2),
    optimistic: bit(4),
    dadfailed: bit(8),
    home: bit(16),
    deprecated: bit(32),
    tentative: (row) => (bit(8)(row) === undefined ? bit(64)(row) : undefined),
    mngtmpaddr: bit(256),
    noprefixroute: bit(512),
  }),
  always: ['secondary', 'tentative', 'deprecated', 'broadcast', 'label', 'metric', 'address'],
  rows: (printed) => printed.flatMap(({ ifname, addr_info }) => (addr_info as Shown[]).map((row): Shown => ({ ...row, dev: ifname }))),
  shownKey: (row) => addressKey(row['dev'], row['local'], row['address'], row['prefixlen']),
  key: (value, names) => {
    const { ifaIndex, local, address, ifaPrefixlen } = value;
    return addressKey(names.of(ifaIndex), local ?? address, local === undefined || local === address ? undefined : address, ifaPrefixlen);
  },
};

const destination = ({ rtmFamily, rtmDstLen, dst }: GetrouteReply): string =>
  dst === undefined ? 'default' : rtmDstLen === (rtmFamily === 2 ? 32 : 128) ? dst : `${dst}/${String(rtmDstLen)}`;
const TYPES = ['unspec', 'unicast', 'local', 'broadcast', 'anycast', 'multicast', 'blackhole', 'unreachable', 'prohibit', 'throw'];

interface ShownHop {
  readonly gateway?: string;
  readonly dev?: string;
  readonly weight?: number;
}

/** The order of nexthops has no meaning: IPv6 events and dumps use different ones. */
const hopsInOrder = (hops: readonly object[] | undefined): string[] | undefined => hops?.map((hop) => JSON.stringify(hop)).sort();

/**
 * The other IPv6 routes of a slot with a multipath route.
 *
 * After a multipath route the kernel's dump goes on behind its last way, so it omits or repeats a route that stands between two ways, for
 * example after `append unreachable X` and `prepend X via Y`. /proc/net/ipv6_route shows such a route, and so does a dump when the way
 * behind it is deleted.
 */
function besideMultipath(rows: readonly Shown[]): (key: string) => boolean {
  const paths = rows.filter((row) => row['nexthops'] !== undefined && String(row['dst']).includes(':'));
  const own = new Set(paths.map(routes.shownKey));
  const slots = paths.map((row) => `${addressKey(row['table'], row['dst'], row['metric'])} `);
  return (key) => !own.has(key) && slots.some((slot) => key.startsWith(slot));
}

export const routes: SoakTable<GetrouteReply> = {
  commands: ['-j -d -N -4 route show table all', '-j -d -N -6 route show table all'],
  ignored: ['flags', 'expires'],
  fields: (names) => ({
    type: ({ rtmType }) => String(TYPES.indexOf(String(rtmType))),
    dst: destination,
    gateway: ({ gateway }) => gateway,
    dev: ({ oif }) => names.of(oif),
    nhid: ({ nhId }) => nhId,
    table: ({ table, rtmTable }) => String(table ?? rtmTable),
    protocol: ({ rtmProtocol }) => String(rtmProtocol),
    scope: ({ rtmScope }) => String(rtmScope),
    prefsrc: ({ prefsrc }) => prefsrc,
    metric: ({ priority, rtmFamily }) => priority ?? (rtmFamily === 2 ? undefined : 0),
    pref: ({ pref }) => pref,
    tos: ({ rtmTos }) => (rtmTos === 0 ? undefined : numbers(rtmTos)),
    metrics: ({ metrics }) => (metrics === undefined ? undefined : [metrics]),
    nexthops: ({ multipath }) =>
      hopsInOrder(multipath?.map((hop) => ({ gateway: hop.gateway, dev: names.of(hop.rtnhIfindex), weight: hop.rtnhHops + 1 }))),
  }),
  always: ['gateway', 'prefsrc', 'nhid', 'nexthops'],
  rows: (printed) =>
    // `ip` reads the nexthop objects itself.
    printed.map(({ nh_info: _lookedUp, ...row }) => {
      const hops = row['nexthops'] as ShownHop[] | undefined;
      return hops === undefined
        ? row
        : { ...row, nexthops: hopsInOrder(hops.map(({ gateway, dev, weight }) => ({ gateway, dev, weight }))) };
    }),
  shownKey: (row) => addressKey(row['table'], row['dst'], row['metric'], row['type'], row['dev'], row['gateway']),
  key: (value, names) => {
    const { table, rtmTable, priority, rtmFamily, rtmType, oif, gateway } = value;
    const metric = priority ?? (rtmFamily === 2 ? undefined : 0);
    return addressKey(table ?? rtmTable, destination(value), metric, TYPES.indexOf(String(rtmType)), names.of(oif), gateway);
  },
  isUnsure: besideMultipath,
};

export const neighbours: SoakTable<GetneighReply> = {
  commands: ['-j neigh'],
  ignored: ['state'],
  fields: (names) => ({
    dst: ({ dst }) => dst,
    dev: ({ ndmIfindex }) => names.of(ndmIfindex),
    lladdr: ({ lladdr }) => lladdr,
    router: ({ ndmFlags }) => ((ndmFlags & 128) === 0 ? undefined : 'set'),
    extern_learn: ({ ndmFlags }) => ((ndmFlags & 16) === 0 ? undefined : 'set'),
  }),
  always: ['lladdr', 'router'],
  // The collection omits unresolved neighbours.
  rows: (printed) =>
    printed
      .filter(({ state }) => !(state as readonly string[]).includes('INCOMPLETE'))
      .map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value ?? 'set']))),
  shownKey: (row) => addressKey(row['dev'], row['dst']),
  key: ({ ndmIfindex, dst }, names) => addressKey(names.of(ndmIfindex), dst),
};

// FR_ACT_* of uapi/linux/fib_rules.h
const ACTIONS = ['unspec', 'to-tbl', 'goto', 'nop', 'res3', 'res4', 'blackhole', 'unreachable', 'prohibit'];

export const rules: SoakTable<GetruleReply> = {
  commands: ['-j -d -N -4 rule', '-j -d -N -6 rule'],
  ignored: ['iif_detached', 'oif_detached'],
  fields: () => ({
    priority: ({ priority = 0 }) => priority,
    src: ({ src }) => src ?? 'all',
    srclen: ({ srcLen, src }) => (src === undefined || srcLen === 32 ? undefined : srcLen),
    dst: ({ dst }) => dst,
    dstlen: ({ dstLen, dst }) => (dst === undefined || dstLen === 32 ? undefined : dstLen),
    fwmark: ({ fwmark }) => (fwmark === undefined ? undefined : `0x${fwmark.toString(16)}`),
    fwmask: ({ fwmask, fwmark }) => (fwmask === undefined || fwmark === undefined || fwmask === 0xffffffff ? undefined : fwmask),
    iif: ({ iifname }) => iifname,
    oif: ({ oifname }) => oifname,
    table: ({ table, action }) => (action === 'to-tbl' ? String(table) : undefined),
    protocol: ({ protocol = 0 }) => String(protocol),
    action: ({ action }) => (action === 'to-tbl' ? undefined : String(ACTIONS.indexOf(String(action)))),
  }),
  always: ['fwmark', 'iif', 'oif', 'dst'],
  shownKey: (row) => String(row['priority']),
  key: ({ priority = 0 }) => String(priority),
};
