/**
 * The families of the package, each loaded on demand: `const { rtLink } = await families['rt-link']();`.
 *
 * Usually a program imports a family by its own subpath, `rxnetlink/families/rt-link`.
 *
 * @public
 */
export const families = {
  /** Connection tracking. */
  conntrack: (): Promise<typeof import('./conntrack.js')> => import('./conntrack.js'),
  /** Devices and their ports, health and resources. */
  devlink: (): Promise<typeof import('./devlink.js')> => import('./devlink.js'),
  /** Digital phase-locked loops. */
  dpll: (): Promise<typeof import('./dpll.js')> => import('./dpll.js'),
  /** Link settings, rings, coalescing, features, statistics. */
  ethtool: (): Promise<typeof import('./ethtool.js')> => import('./ethtool.js'),
  /** Foo-over-UDP ports. */
  fou: (): Promise<typeof import('./fou.js')> => import('./fou.js'),
  /** TLS handshakes handed to user space. */
  handshake: (): Promise<typeof import('./handshake.js')> => import('./handshake.js'),
  /** Path management of multipath TCP. */
  mptcp_pm: (): Promise<typeof import('./mptcp_pm.js')> => import('./mptcp_pm.js'),
  /** Traffic shaping in hardware. */
  net_shaper: (): Promise<typeof import('./net_shaper.js')> => import('./net_shaper.js'),
  /** Network devices: XDP, queues, page pools. */
  netdev: (): Promise<typeof import('./netdev.js')> => import('./netdev.js'),
  /** The NFS server. */
  nfsd: (): Promise<typeof import('./nfsd.js')> => import('./nfsd.js'),
  /** nftables: tables, chains, rules, sets. */
  nftables: (): Promise<typeof import('./nftables.js')> => import('./nftables.js'),
  /** Wi-Fi. */
  nl80211: (): Promise<typeof import('./nl80211.js')> => import('./nl80211.js'),
  /** The controller of generic netlink, which lists the families. */
  nlctrl: (): Promise<typeof import('./nlctrl.js')> => import('./nlctrl.js'),
  /** Open vSwitch datapaths. */
  ovs_datapath: (): Promise<typeof import('./ovs_datapath.js')> => import('./ovs_datapath.js'),
  /** Open vSwitch flows. */
  ovs_flow: (): Promise<typeof import('./ovs_flow.js')> => import('./ovs_flow.js'),
  /** Open vSwitch ports. */
  ovs_vport: (): Promise<typeof import('./ovs_vport.js')> => import('./ovs_vport.js'),
  /** IP addresses. */
  'rt-addr': (): Promise<typeof import('./rt-addr.js')> => import('./rt-addr.js'),
  /** Network interfaces. */
  'rt-link': (): Promise<typeof import('./rt-link.js')> => import('./rt-link.js'),
  /** Neighbours and bridge forwarding entries. */
  'rt-neigh': (): Promise<typeof import('./rt-neigh.js')> => import('./rt-neigh.js'),
  /** The numbers of other network namespaces. */
  'rt-nsid': (): Promise<typeof import('./rt-nsid.js')> => import('./rt-nsid.js'),
  /** Routes. */
  'rt-route': (): Promise<typeof import('./rt-route.js')> => import('./rt-route.js'),
  /** Routing rules. */
  'rt-rule': (): Promise<typeof import('./rt-rule.js')> => import('./rt-rule.js'),
  /** Traffic control: qdiscs, classes, filters, chains. */
  tc: (): Promise<typeof import('./tc.js')> => import('./tc.js'),
  /** TCP metrics that the kernel caches by destination. */
  tcp_metrics: (): Promise<typeof import('./tcp_metrics.js')> => import('./tcp_metrics.js'),
  /** Team devices. */
  team: (): Promise<typeof import('./team.js')> => import('./team.js'),
  /** Events of devices, which are text: this module has no client. */
  uevent: (): Promise<typeof import('./uevent.js')> => import('./uevent.js'),
  /** WireGuard devices and peers. */
  wireguard: (): Promise<typeof import('./wireguard.js')> => import('./wireguard.js'),
} as const;
Object.freeze(families);

/** The name of a family, which is the name of its specification or of its module. @public */
export type FamilyName = keyof typeof families;
