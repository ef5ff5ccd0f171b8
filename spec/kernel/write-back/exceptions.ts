import { isDeepStrictEqual } from 'node:util';

/** A decoded row of a table. */
export type Row = Readonly<Record<string, unknown>>;

/** A value of a row that the kernel reports and rejects, and that the descriptor does not omit from requests. */
interface Exception {
  /** The request that rejects it. */
  readonly request: string;
  /** The properties from the row to the value. */
  readonly path: readonly string[];
  /** The omitted bits; the request keeps the others of the number. */
  readonly bits?: number;
  /** Limits the exception to some rows. */
  readonly when?: (row: Row) => boolean;
  /** Set if only the scenes of the wide kernel need it. */
  readonly wide?: true;
  /** Set if only kernels without VLANs of bridges need it; those of distributions have them. */
  readonly narrow?: true;
  /** The kernel's reason; no option of `ip`, `tc` or `nft` sends it in this request. */
  readonly reason: string;
}

const UP = 0x1;
const RUNNING = 0x40;
const NOARP = 0x80;
/** BR_STATE_DISABLED */
const DISABLED = 0;
/** Kinds without ndo_set_mac_address; the address of a tunnel is its local endpoint. */
const FIXED_ADDRESS = ['ifb', 'hsr', 'ipvlan', 'ipvtap', 'ipip', 'sit', 'gre', 'ip6tnl', 'ip6gre', 'vti', 'vti6'];
const hasKind =
  (...kinds: readonly string[]) =>
  ({ linkinfo }: Row): boolean =>
    kinds.includes(String((linkinfo as Row | undefined)?.['kind']));
const hasQdisc =
  (name: string) =>
  ({ kind }: Row): boolean =>
    kind === name;
/** The kernel reports the default VLAN of a bridge if it has VLANs. */
const lacksVlans = (row: Row): boolean => {
  const { data } = (row['linkinfo'] ?? {}) as { readonly data?: Row };
  return hasKind('bridge')(row) && data !== undefined && !('vlanDefaultPvid' in data);
};
const isPortOf =
  (...kinds: readonly string[]) =>
  ({ linkinfo }: Row): boolean =>
    kinds.includes(String((linkinfo as Row | undefined)?.['slaveKind']));
const portOf = ({ linkinfo }: Row): Row => ((linkinfo as Row | undefined)?.['slaveData'] ?? {}) as Row;
const runsKernelStp = ({ masterLink }: Row): boolean =>
  (masterLink as { readonly linkinfo?: { readonly data?: Row } } | undefined)?.linkinfo?.data?.['stpState'] === 1;
const flagsOf = ({ ifiFlags }: Row): number => Number(ifiFlags);

/** All values that cannot be written as they were read. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    request: 'new link',
    path: ['afSpec'],
    reason: 'EAFNOSUPPORT: a link has its IPv4 and IPv6 parts after it was registered (validate_linkmsg); a second request writes them',
  },
  {
    request: 'new link',
    path: ['master'],
    reason: 'the bridge or the team may not exist yet; a second request writes it, with the data that the master keeps for its port',
  },
  {
    request: 'new link',
    path: ['link'],
    when: hasKind('veth', 'vxcan', 'netkit'),
    reason: 'the index of the peer, which the same request makes (veth_newlink)',
  },
  {
    request: 'change link',
    path: ['link'],
    when: hasKind('veth', 'vxcan', 'netkit'),
    reason: 'the index of the peer, which cannot be changed',
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
    path: ['linkinfo', 'data'],
    wide: true,
    reason: 'the options of the kind were written at creation',
  },
  {
    request: 'change port',
    path: ['linkinfo', 'slaveData', 'state'],
    when: (row) =>
      isPortOf('bridge')(row) && ((flagsOf(row) & UP) === 0 || ((flagsOf(row) & RUNNING) === 0 && portOf(row)['state'] !== DISABLED)),
    reason: 'ENETDOWN for a port that is down (br_set_port_state)',
  },
  {
    request: 'change port',
    path: ['linkinfo', 'slaveData', 'state'],
    when: (row) => isPortOf('bridge')(row) && runsKernelStp(row),
    reason: "EBUSY under the kernel's own STP (br_set_port_state)",
  },
  {
    request: 'change port',
    path: ['linkinfo', 'slaveData', 'prio'],
    when: (row) => isPortOf('bond')(row) && portOf(row)['prio'] === 0,
    wide: true,
    reason: 'EACCES in modes without an active port, also for 0 (unsuppmodes of bond_opts)',
  },
  {
    request: 'change link',
    path: ['ifiFlags'],
    bits: UP,
    when: isPortOf('bond', 'team'),
    wide: true,
    reason:
      'EPERM, EBUSY: the kernel sets the flags before the master, and the master needs ports that are down (bond_enslave, team_port_add); it sets them up itself',
  },
  {
    request: 'change link',
    path: ['address'],
    when: isPortOf('bond'),
    wide: true,
    reason: 'the bond sets it, and keeps the address from before as perm_hwaddr (bond_enslave), which is written at creation',
  },
  {
    request: 'change link',
    path: ['broadcast'],
    when: hasKind('ip6tnl', 'ip6gre', 'vti6'),
    wide: true,
    reason: 'the remote endpoint, an IPv6 address, which is not accepted without the kind; written at creation',
  },
  {
    request: 'new link',
    path: ['linkinfo', 'data', 'activeSlave'],
    when: hasKind('bond'),
    wide: true,
    reason: 'EINVAL: the bond has no ports yet (bond_option_active_slave_set); a last request writes it',
  },
  {
    request: 'change link',
    path: ['linkinfo', 'data'],
    reason: 'EOPNOTSUPP for the options that a kind accepts at creation only (vxlan_nl2flag, macvlan_changelink); written at creation',
  },
  {
    request: 'new link',
    path: ['linkinfo', 'data', 'vlanFiltering'],
    when: lacksVlans,
    narrow: true,
    reason: 'EOPNOTSUPP in a kernel without CONFIG_BRIDGE_VLAN_FILTERING, also for 0',
  },
  {
    request: 'new link',
    path: ['linkinfo', 'data', 'multiBoolopt', 'optmask'],
    // BR_BOOLOPT_MCAST_VLAN_SNOOPING, BR_BOOLOPT_MST_ENABLE, BR_BOOLOPT_FDB_LOCAL_VLAN_0
    bits: 0b10110,
    when: lacksVlans,
    narrow: true,
    reason: 'EOPNOTSUPP in a kernel without CONFIG_BRIDGE_VLAN_FILTERING: the options concern VLANs',
  },
  {
    request: 'change link',
    path: ['address'],
    when: hasKind(...FIXED_ADDRESS),
    reason: 'EOPNOTSUPP without ndo_set_mac_address; written at creation',
  },
  {
    request: 'change link',
    path: ['carrier'],
    when: (row) => !hasKind('dummy')(row),
    reason: 'EOPNOTSUPP without ndo_change_carrier: the driver determines the carrier',
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
    reason: 'EINVAL: the device has no neighbour discovery (inet6_set_iftoken)',
  },
  {
    request: 'new qdisc',
    path: ['options', 'tcEntry'],
    when: (row) => hasQdisc('mqprio')(row) && (row['options'] as Row | undefined)?.['hw'] === 0,
    wide: true,
    reason: 'EINVAL: attributes are for offloaded disciplines only (mqprio_parse_nlattr)',
  },
  {
    request: 'new qdisc',
    path: ['options', 'parms'],
    when: hasQdisc('gred'),
    wide: true,
    reason: 'EINVAL: virtual queues cannot be configured at initialization (gred_init); a request for each of them writes it',
  },
  {
    request: 'new rule of nftables',
    path: ['handle'],
    reason: 'ENOENT: it names the rule to replace (nf_tables_newrule)',
  },
  {
    request: 'new rule of nftables',
    path: ['position'],
    reason: 'ENOENT: it names the preceding rule; in the order of the dump each new rule follows the previous one',
  },
  {
    request: 'new chain of nftables',
    path: ['handle'],
    reason: 'ENOENT: it names the chain to change (nf_tables_newchain)',
  },
];

/** The exceptions that some row has needed. */
export const applied: Set<Exception> = new Set();

/**
 * Returns a row without the values that its request rejects.
 *
 * @param whole - The row that the exceptions look at, if the request carries a part of it.
 */
export function writable<T extends object>(request: string, row: T, whole: object = row): T {
  return EXCEPTIONS.filter((exception) => exception.request === request && exception.when?.(whole as Row) !== false).reduce<T>(
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
