import type { LinkinfoMacvlanAttrs, LinkinfoVxlanAttrs, RtLinkFamily } from '../../../lib/families/rt-link.js';
import { BRIDGE, BRIDGE_PORT } from './bridge-fields.js';
import { bitNames, compareFields, hex, type Fields, type Shown } from './fields.js';
import { countersOf } from './link-counters.js';
import { KINDS, PORTS } from './link-kinds.js';
import type { LinkNames } from './link-names.js';

export type LinkRow = RtLinkFamily['dump']['getlink']['reply'];
type VirtualFunction = NonNullable<NonNullable<LinkRow['vfinfoList']>['info']>[number];

/** Names of ARPHRD types as iproute2 prints them. */
const HARDWARE: Readonly<Record<number, string>> = {
  1: 'ether',
  256: 'slip',
  280: 'can',
  512: 'ppp',
  768: 'ipip',
  769: 'tunnel6',
  772: 'loopback',
  776: 'sit',
  778: 'gre',
  823: 'gre6',
  824: 'netlink',
  65534: 'none',
};

/** The flags of uapi/linux/if.h in iproute2's order; `ip` shows RUNNING only by its absence. */
const FLAGS = [
  ['LOOPBACK', 8],
  ['BROADCAST', 2],
  ['POINTOPOINT', 16],
  ['MULTICAST', 4096],
  ['NOARP', 128],
  ['SLAVE', 2048],
  ['MASTER', 1024],
  ['ALLMULTI', 512],
  ['PROMISC', 256],
  ['UP', 1],
  ['LOWER_UP', 65536],
  ['DORMANT', 131072],
] as const;
const [UP, RUNNING, POINTOPOINT] = [1, 64, 16];

/** Returns the names of a link's flags; M-DOWN is the state of its lower link. */
const flagNames = ({ ifiFlags: flags, link, linkNetnsid }: LinkRow, lower: number | undefined): string[] => [
  ...((flags & UP) !== 0 && (flags & RUNNING) === 0 ? ['NO-CARRIER'] : []),
  ...bitNames(flags, FLAGS),
  ...(link !== undefined && linkNetnsid === undefined && lower !== undefined && (lower & UP) === 0 ? ['M-DOWN'] : []),
];

const vxlan = (names: LinkNames): Fields<LinkinfoVxlanAttrs> => ({
  id: (data) => data.id,
  group: (data) => data.group,
  group6: (data) => data.group6,
  remote: (data) => data.group,
  remote6: (data) => data.group6,
  local: (data) => data.local,
  local6: (data) => data.local6,
  link: (data) => names.of(data.link),
  port_range: (data) => data.portRange,
  port: (data) => data.port,
  tos: (data) => (data.tos === 1 ? 'inherit' : hex(data.tos ?? -1)),
  ttl: (data) => data.ttl,
  df: (data) => data.df,
  label: (data) => hex(data.label ?? -1),
  ageing: (data) => data.ageing,
  limit: (data) => data.limit,
  reserved_bits: (data) => `0x${Buffer.from(data.reservedBits ?? []).toString('hex')}`,
  external: (data) => data.collectMetadata === 1,
  vnifilter: (data) => data.vnifilter === 1,
  learning: (data) => data.learning === 1,
  proxy: (data) => data.proxy === 1,
  rsc: (data) => data.rsc === 1,
  l2miss: (data) => data.l2miss === 1,
  l3miss: (data) => data.l3miss === 1,
  udp_csum: (data) => data.udpCsum === 1,
  udp_zero_csum6_tx: (data) => data.udpZeroCsum6Tx === 1,
  udp_zero_csum6_rx: (data) => data.udpZeroCsum6Rx === 1,
  remcsum_tx: (data) => data.remcsumTx === 1,
  remcsum_rx: (data) => data.remcsumRx === 1,
  localbypass: (data) => data.localbypass === 1,
  gbp: (data) => (data.gbp === true ? null : undefined),
});

const MACVLAN: Fields<LinkinfoMacvlanAttrs> = {
  mode: (data) => data.mode,
  nopromisc: (data) => ((data.flags ?? 0) & 1) !== 0,
  bcqueuelen: (data) => data.bcQueueLen,
  usedbcqueuelen: (data) => data.bcQueueLenUsed,
  macaddr_count: (data) => data.macaddrCount,
  macaddr_data: (data) => data.macaddrData?.macaddr,
};

/** The library shows four bytes as the end of a tunnel; iproute2 shows them as a hardware address if the link's type is not a tunnel. */
const hardware = (address: string | Uint8Array | undefined, shown: unknown): unknown =>
  typeof address === 'string' && typeof shown === 'string' && /^(..:){3}..$/.test(shown)
    ? address
        .split('.')
        .map((part) => Number(part).toString(16).padStart(2, '0'))
        .join(':')
    : address;

/** Returns the first six of the 32 bytes of an address field. */
const ethernet = (bytes: Uint8Array | undefined): string =>
  [...(bytes ?? []).slice(0, 6)].map((byte) => byte.toString(16).padStart(2, '0')).join(':');

/** The properties of a virtual function of a card in `ip link`. */
const virtualFunction: Fields<VirtualFunction> = {
  vf: ({ mac }) => mac?.vf,
  link_type: () => 'ether',
  address: ({ mac }) => ethernet(mac?.mac),
  broadcast: ({ broadcast }) => ethernet(broadcast),
  vlan_list: ({ vlanList }) =>
    vlanList?.info?.map(({ vlan, qos, vlanProto }) => (vlan === 0 ? {} : { vlan, qos, protocol: { 0x88a8: '802.1ad' }[vlanProto] })),
  tx_rate: ({ txRate }) => txRate?.rate,
  rate: ({ rate }) => ({ max_tx: rate?.maxTxRate, min_tx: rate?.minTxRate }),
  spoofchk: ({ spoofchk }) => spoofchk?.setting === 1,
  link_state: ({ linkState }) => linkState?.linkState,
  trust: ({ trust }) => trust?.setting === 1,
  query_rss_en: ({ rssQueryEn }) => rssQueryEn?.setting === 1,
};

/** All properties of `ip -j -d link` except linkinfo, which {@link linkInfoFields} has. */
export const linkFields = (names: LinkNames): Fields<LinkRow> => ({
  ifindex: (link) => link.ifiIndex,
  // A missing value is 0.
  link: (link) => (link.link === 0 ? null : names.of(link.link)),
  link_index: (link) => link.link,
  link_netnsid: (link) => link.linkNetnsid,
  'netns-immutable': (link) => link.netnsImmutable === 1,
  ifname: (link) => link.ifname,
  flags: (link) => flagNames(link, names.flagsOf(link.link)),
  mtu: (link) => link.mtu,
  qdisc: (link) => link.qdisc,
  master: (link) => names.of(link.master),
  operstate: (link) => String(link.operstate).toUpperCase(),
  linkmode: (link) => String(link.linkmode).toUpperCase(),
  group: (link) => (link.group === 0 ? 'default' : String(link.group)),
  txqlen: (link) => link.txqlen,
  link_type: (link) => HARDWARE[link.ifiType] ?? `[${String(link.ifiType)}]`,
  address: (link, shown) => hardware(link.address, shown),
  broadcast: (link, shown) => hardware(link.broadcast, shown),
  permaddr: (link) => link.permAddress,
  promiscuity: (link) => link.promiscuity,
  allmulti: (link) => link.allmulti,
  min_mtu: (link) => link.minMtu,
  max_mtu: (link) => link.maxMtu,
  ifalias: (link) => link.ifalias,
  inet6_addr_gen_mode: (link) => String(link.afSpec?.inet6?.addrGenMode).replace('stable-privacy', 'stable_secret'),
  num_tx_queues: (link) => link.numTxQueues,
  num_rx_queues: (link) => link.numRxQueues,
  gso_max_size: (link) => link.gsoMaxSize,
  gso_max_segs: (link) => link.gsoMaxSegs,
  tso_max_size: (link) => link.tsoMaxSize,
  tso_max_segs: (link) => link.tsoMaxSegs,
  gro_max_size: (link) => link.groMaxSize,
  gso_ipv4_max_size: (link) => link.gsoIpv4MaxSize,
  gro_ipv4_max_size: (link) => link.groIpv4MaxSize,
  link_pointtopoint: ({ ifiFlags }) => (ifiFlags & POINTOPOINT) !== 0,
  phys_port_name: (link) => link.physPortName,
  // The buffer of ip ends there.
  phys_switch_id: (link) => link.physSwitchId && Buffer.from(link.physSwitchId).toString('hex').slice(0, 62),
  parentbus: (link) => link.parentDevBusName,
  parentdev: (link) => link.parentDevName,
  vfinfo_list: (link, shown) => {
    const list = link.vfinfoList?.info ?? [];
    (shown as Shown[]).forEach((row, index) => {
      compareFields(`function ${String(index)}`, row, list[index]!, virtualFunction);
    });
    return (shown as Shown[]).slice(0, list.length);
  },
  altnames: (link) => link.propList?.altIfname,
  stats64: (link, shown) => countersOf(link.stats64 as Readonly<Record<string, unknown>> | undefined, shown, link.carrierChanges),
});

/** Returns the fields of a kind's links, or of the ports of its masters; undefined if the kind has none. */
export function linkInfoOf(
  { linkinfo }: LinkRow,
  names: LinkNames,
  part: 'data' | 'slaveData' = 'data',
): { readonly value: object; readonly fields: Fields<object> } | undefined {
  const { kind, slaveKind } = linkinfo ?? {};
  const value = (linkinfo as { readonly data?: object; readonly slaveData?: object } | undefined)?.[part];
  if (value === undefined) return undefined;
  const fields = part === 'data' ? fieldsOf(String(kind), names) : slaveKind === 'bridge' ? BRIDGE_PORT : PORTS[String(slaveKind)];
  return fields && { value, fields: fields as Fields<object> };
}

function fieldsOf(kind: string, names: LinkNames): Fields<never> | undefined {
  if (kind === 'bridge') return BRIDGE;
  if (kind === 'vxlan') return vxlan(names);
  return kind === 'macvlan' || kind === 'macvtap' ? MACVLAN : KINDS[kind]?.(names);
}
