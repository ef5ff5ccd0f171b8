import { isDeepStrictEqual } from 'node:util';

/** A row of a table, as it was read. */
export type Row = Readonly<Record<string, unknown>>;

/** Something in a row that the kernel reports and refuses to be told, and no declaration of the descriptor omits. */
interface Exception {
  /** The request that refuses it. */
  readonly request: string;
  /** Properties from the row inwards. */
  readonly path: readonly string[];
  /** Only these bits; the others of the number are written. */
  readonly bits?: number;
  /** Only for these rows. */
  readonly when?: (row: Row) => boolean;
  /** The kernel's reason; no option of `ip`, `tc` or `nft` sends it in this request. */
  readonly reason: string;
}

const NOARP = 0x80;
const hasKind =
  (...kinds: readonly string[]) =>
  ({ linkinfo }: Row): boolean =>
    kinds.includes(String((linkinfo as Row | undefined)?.['kind']));
/** The kernel reports the default VLAN of a bridge if it has VLANs. */
const lacksVlans = (row: Row): boolean => {
  const { data } = (row['linkinfo'] ?? {}) as { readonly data?: Row };
  return hasKind('bridge')(row) && data !== undefined && !('vlanDefaultPvid' in data);
};
const flagsOf = ({ ifiFlags }: Row): number => Number(ifiFlags);

/** Everything that cannot be written back as it was read. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    request: 'new link',
    path: ['afSpec'],
    reason: 'EAFNOSUPPORT: a link has its IPv4 and IPv6 parts after it was registered (validate_linkmsg); a second request writes them',
  },
  {
    request: 'new link',
    path: ['master'],
    reason: 'the bridge or the team may not be there yet; a second request writes it, with what the master keeps of the link',
  },
  {
    request: 'new link',
    path: ['link'],
    when: hasKind('veth'),
    reason: 'the index of the other end, which the same request makes (veth_newlink): its row is the peer of this one',
  },
  {
    request: 'change link',
    path: ['link'],
    when: hasKind('veth'),
    reason: 'the index of the other end; it cannot be changed',
  },
  {
    request: 'change link',
    path: ['linkinfo', 'kind'],
    reason: 'EINVAL for a kind without its options (vxlan_validate)',
  },
  {
    request: 'change link',
    path: ['linkinfo', 'slaveData'],
    reason: 'EOPNOTSUPP for a link that has no master before the request (rtnl_changelink); a third request writes it',
  },
  {
    request: 'change port',
    path: ['linkinfo', 'kind'],
    reason: 'the kind was written at creation',
  },
  {
    request: 'change port',
    path: ['linkinfo', 'slaveData', 'state'],
    reason: "ENETDOWN for a port that is down, EBUSY under the kernel's own STP (br_set_port_state): it is the state of a protocol",
  },
  {
    request: 'change link',
    path: ['linkinfo', 'data'],
    reason: 'EOPNOTSUPP for the options that a kind takes at creation only (vxlan_nl2flag, macvlan_changelink); written at creation',
  },
  {
    request: 'new link',
    path: ['linkinfo', 'data', 'vlanFiltering'],
    when: lacksVlans,
    reason: 'EOPNOTSUPP in a kernel without CONFIG_BRIDGE_VLAN_FILTERING, also for 0',
  },
  {
    request: 'new link',
    path: ['linkinfo', 'data', 'multiBoolopt', 'optmask'],
    // BR_BOOLOPT_MCAST_VLAN_SNOOPING, BR_BOOLOPT_MST_ENABLE, BR_BOOLOPT_FDB_LOCAL_VLAN_0
    bits: 0b10110,
    when: lacksVlans,
    reason: 'the same, of the options that concern VLANs',
  },
  {
    request: 'change link',
    path: ['address'],
    when: hasKind('ifb'),
    reason: 'EOPNOTSUPP without ndo_set_mac_address; written at creation',
  },
  {
    request: 'change link',
    path: ['carrier'],
    reason: 'EOPNOTSUPP without ndo_change_carrier: the carrier is what the driver sees',
  },
  {
    request: 'change link',
    path: ['protoDown'],
    when: ({ protoDown }) => protoDown === 0,
    reason: 'EOPNOTSUPP without change_proto_down, also for 0',
  },
  {
    request: 'change link',
    path: ['afSpec', 'inet6', 'token'],
    when: (row) => (flagsOf(row) & NOARP) !== 0 || hasKind('ifb', 'tun')(row),
    reason: 'EINVAL: the device does not do neighbour discovery (inet6_set_iftoken)',
  },
  {
    request: 'new rule of nftables',
    path: ['handle'],
    reason: 'ENOENT: it names the rule to replace (nf_tables_newrule)',
  },
  {
    request: 'new rule of nftables',
    path: ['position'],
    reason: 'ENOENT: it names the rule to stand behind; in the order of the dump each new rule stands behind the one before',
  },
  {
    request: 'new chain of nftables',
    path: ['handle'],
    reason: 'ENOENT: it names the chain to change (nf_tables_newchain)',
  },
];

/** The exceptions that some row had need of so far. */
export const applied: Set<Exception> = new Set();

/** Returns a row without what its request refuses. */
export function writable<T extends object>(request: string, row: T): T {
  return EXCEPTIONS.filter((exception) => exception.request === request && exception.when?.(row as Row) !== false).reduce<T>(
    (rest, exception) => {
      const written = without(rest, exception.path, exception.bits);
      if (!isDeepStrictEqual(written, rest)) applied.add(exception);
      return written;
    },
    row,
  );
}

function without<T extends object>(row: T, [property, ...inside]: readonly string[], bits: number | undefined): T {
  if (property === undefined || !(property in row)) return row;
  const value = (row as Record<string, unknown>)[property];
  if (inside.length > 0) return typeof value === 'object' && value !== null ? { ...row, [property]: without(value, inside, bits) } : row;
  if (bits !== undefined) return { ...row, [property]: Number(value) & ~bits };
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== property)) as T;
}
