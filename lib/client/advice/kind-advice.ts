import { errnoName, type ExtendedAck } from '../../errors/index.js';
import { describeAttributes, type FamilySchema } from '../../schema/index.js';
import { propertyAt } from '../../schema/internal.js';
import { named, type KindRule, type Modules } from './kind-rule.js';
import { NFTABLES_RULES } from './nftables-kinds.js';

const LINKS: Modules = {
  amt: ['amt', 'CONFIG_AMT'],
  bareudp: ['bareudp', 'CONFIG_BAREUDP'],
  batadv: ['batman-adv', 'CONFIG_BATMAN_ADV'],
  bond: ['bonding', 'CONFIG_BONDING'],
  bridge: ['bridge', 'CONFIG_BRIDGE'],
  can: ['can-dev', 'CONFIG_CAN_DEV'],
  dummy: ['dummy', 'CONFIG_DUMMY'],
  erspan: ['ip_gre', 'CONFIG_NET_IPGRE'],
  geneve: ['geneve', 'CONFIG_GENEVE'],
  gre: ['ip_gre', 'CONFIG_NET_IPGRE'],
  gretap: ['ip_gre', 'CONFIG_NET_IPGRE'],
  gtp: ['gtp', 'CONFIG_GTP'],
  hsr: ['hsr', 'CONFIG_HSR'],
  ifb: ['ifb', 'CONFIG_IFB'],
  ip6gre: ['ip6_gre', 'CONFIG_IPV6_GRE'],
  ip6tnl: ['ip6_tunnel', 'CONFIG_IPV6_TUNNEL'],
  ipip: ['ipip', 'CONFIG_NET_IPIP'],
  ipoib: ['ib_ipoib', 'CONFIG_INFINIBAND_IPOIB'],
  ipvlan: ['ipvlan', 'CONFIG_IPVLAN'],
  macsec: ['macsec', 'CONFIG_MACSEC'],
  macvlan: ['macvlan', 'CONFIG_MACVLAN'],
  macvtap: ['macvtap', 'CONFIG_MACVTAP'],
  netdevsim: ['netdevsim', 'CONFIG_NETDEVSIM'],
  netkit: [undefined, 'CONFIG_NETKIT'],
  nlmon: ['nlmon', 'CONFIG_NLMON'],
  ovpn: ['ovpn', 'CONFIG_OVPN'],
  sit: ['sit', 'CONFIG_IPV6_SIT'],
  team: ['team', 'CONFIG_NET_TEAM'],
  vcan: ['vcan', 'CONFIG_CAN_VCAN'],
  veth: ['veth', 'CONFIG_VETH'],
  vlan: ['8021q', 'CONFIG_VLAN_8021Q'],
  vrf: ['vrf', 'CONFIG_NET_VRF'],
  vti: ['ip_vti', 'CONFIG_NET_IPVTI'],
  vxlan: ['vxlan', 'CONFIG_VXLAN'],
  wireguard: ['wireguard', 'CONFIG_WIREGUARD'],
  wwan: ['wwan', 'CONFIG_WWAN'],
  xfrm: ['xfrm_interface', 'CONFIG_XFRM_INTERFACE'],
};

const QDISCS: Modules = {
  ...named(
    'sch_',
    'CONFIG_NET_SCH_',
    'cake cbs choke codel drr ets etf fq fq_codel fq_pie gred hfsc hhf htb mqprio multiq netem pie prio qfq red sfb sfq skbprio taprio tbf teql',
  ),
  clsact: ['sch_ingress', 'CONFIG_NET_SCH_INGRESS'],
  ingress: ['sch_ingress', 'CONFIG_NET_SCH_INGRESS'],
  plug: ['sch_plug', 'CONFIG_NET_SCH_PLUG'],
};
const FILTERS: Modules = {
  ...named('cls_', 'CONFIG_NET_CLS_', 'basic bpf cgroup flow flower matchall u32'),
  fw: ['cls_fw', 'CONFIG_NET_CLS_FW'],
  route: ['cls_route', 'CONFIG_NET_CLS_ROUTE4'],
};
const RULES: Readonly<Record<string, readonly KindRule[]>> = {
  'rt-link': [
    {
      code: 'EOPNOTSUPP',
      message: 'Unknown device type',
      noun: 'link kind',
      at: 'linkinfo.kind',
      alias: (kind) => `rtnl-link-${kind}`,
      modules: LINKS,
    },
  ],
  tc: [
    {
      code: 'ENOENT',
      message: 'Specified qdisc kind is unknown',
      noun: 'qdisc',
      at: 'kind',
      alias: (kind) => `net-sch-${kind}`,
      modules: QDISCS,
    },
    {
      code: 'ENOENT',
      message: 'TC classifier not found',
      noun: 'filter',
      at: 'kind',
      alias: (kind) => `net-cls-${kind}`,
      modules: FILTERS,
    },
  ],
  nftables: NFTABLES_RULES,
};

type AddressFamilies = ReadonlyMap<number, readonly [name: string, module: string | undefined, option: string]>;

/** Address families that need a module or a kernel option, by number. */
const ROUTE_FAMILIES: AddressFamilies = new Map([
  [10, ['AF_INET6', 'ipv6', 'CONFIG_IPV6']],
  [28, ['AF_MPLS', 'mpls_router', 'CONFIG_MPLS_ROUTING']],
  [29, ['AF_CAN', 'can', 'CONFIG_CAN']],
  [35, ['AF_PHONET', 'phonet', 'CONFIG_PHONET']],
  [45, ['AF_MCTP', undefined, 'CONFIG_MCTP']],
  [128, ['RTNL_FAMILY_IPMR', undefined, 'CONFIG_IP_MROUTE']],
  [129, ['RTNL_FAMILY_IP6MR', undefined, 'CONFIG_IPV6_MROUTE']],
]);
const ADDRESS_FAMILIES: Readonly<Record<string, AddressFamilies>> = {
  nftables: new Map([
    [1, ['inet', undefined, 'CONFIG_NF_TABLES_INET']],
    [3, ['arp', undefined, 'CONFIG_NF_TABLES_ARP']],
    [5, ['netdev', undefined, 'CONFIG_NF_TABLES_NETDEV']],
    [7, ['bridge', undefined, 'CONFIG_NF_TABLES_BRIDGE']],
    [10, ['ip6', undefined, 'CONFIG_NF_TABLES_IPV6']],
  ]),
};
const ALWAYS_PRESENT: ReadonlySet<number> = new Set([0, 2]);
/** AF_BRIDGE: rtnetlink itself handles its requests and fails with EOPNOTSUPP for a device that is not a port (rtnl_fdb_add). */
const BRIDGE = 7;
/** `NETLINK_ROUTE`. */
const ROUTE = 0;

/** Header fields that hold the address family. */
const FAMILY_FIELDS = ['rtmFamily', 'ifaFamily', 'ndmFamily', 'family', 'nhFamily', 'nfgenFamily'];

/** A rejected request and its error. @internal */
export interface RejectedRequest {
  readonly errno: number;
  readonly acks: ExtendedAck;
  readonly schema: FamilySchema;
  readonly operation: string;
  /** The request, header included. */
  readonly bytes: Uint8Array;
}

/**
 * Returns the advice if the kernel does not know a kind or an address family of the request.
 *
 * @param request - The decoded request.
 * @internal
 */
export function kindAdvice(rejected: RejectedRequest, request: object): string | undefined {
  const { errno, acks, schema } = rejected;
  const code = errnoName(errno);
  for (const rule of RULES[schema.source] ?? []) {
    if (rule.code !== code || (rule.message !== undefined && acks.message !== rule.message)) continue;
    if (rule.path !== undefined && rule.path.exec(acks.attributePath ?? '') === null) continue;
    if (rule.operation !== undefined && rule.operation !== rejected.operation) continue;
    const kind = kindOf(rule, rejected, request);
    if (typeof kind !== 'string' || rule.present?.has(kind) === true) continue;
    const known = rule.modules[kind] ?? rule.modules[`${String(propertyAt(request, 'nfgenFamily'))} ${kind}`];
    return advice(`${rule.noun} '${kind}'`, known, rule.alias(kind, request));
  }
  if ((code !== 'EOPNOTSUPP' && code !== 'EAFNOSUPPORT') || acks.message !== undefined) return undefined;
  const families = ADDRESS_FAMILIES[schema.source] ?? (schema.protocol === ROUTE ? ROUTE_FAMILIES : undefined);
  const family = FAMILY_FIELDS.map((field) => propertyAt(request, field)).find((value) => typeof value === 'number');
  if (families === undefined || family === undefined || ALWAYS_PRESENT.has(family)) return undefined;
  if (families === ROUTE_FAMILIES && family === BRIDGE) return undefined;
  const known = families.get(family);
  const noun = `address family ${family}`;
  return known === undefined
    ? `${noun} is not available in this kernel or network namespace`
    : advice(`${noun} (${known[0]})`, [known[1], known[2]], undefined);
}

function advice(what: string, known: Modules[string] | undefined, alias: string | undefined): string {
  const [module = alias, option] = known ?? [];
  if (known !== undefined && known[0] === undefined) return `this kernel may lack ${what}: it is built in with ${known[1]}`;
  return `this kernel may lack ${what}: try \`modprobe ${module!}\`${option === undefined ? '' : ` (${option})`}`;
}

function kindOf({ at }: KindRule, rejected: RejectedRequest, request: object): unknown {
  if (at === undefined) return kindOfItem(rejected, request);
  return typeof at === 'string' ? propertyAt(request, at) : at(request);
}

/** Returns the name of the list item that the kernel rejected. The offset identifies it among items with the same path. */
function kindOfItem({ acks, schema, operation, bytes }: RejectedRequest, request: object): unknown {
  const items = describeAttributes(schema, operation, bytes).filter(({ path }) => path === acks.attributePath);
  const index = items.findIndex(({ offset }) => offset === acks.offset);
  return index < 0 ? undefined : propertyAt(request, `${acks.attributePath!.slice(1)}.${index}.name`);
}
