/**
 * All families that the package ships, each loaded when it is asked for: `const { rtLink } = await families['rt-link']();`.
 *
 * Importing one by its own subpath, `rxnetlink/families/rt-link`, is the usual way.
 *
 * @public
 */
export const families = {
  /** Connection tracking. */
  conntrack: () => import('./conntrack.js'),
  /** Devices and their ports, health and resources. */
  devlink: () => import('./devlink.js'),
  /** Digital phase-locked loops. */
  dpll: () => import('./dpll.js'),
  /** Link settings, rings, coalescing, features, statistics. */
  ethtool: () => import('./ethtool.js'),
  /** Foo-over-UDP ports. */
  fou: () => import('./fou.js'),
  /** TLS handshakes handed to user space. */
  handshake: () => import('./handshake.js'),
  /** Path management of multipath TCP. */
  mptcp_pm: () => import('./mptcp_pm.js'),
  /** Traffic shaping in hardware. */
  net_shaper: () => import('./net_shaper.js'),
  /** Network devices: XDP, queues, page pools. */
  netdev: () => import('./netdev.js'),
  /** The NFS server. */
  nfsd: () => import('./nfsd.js'),
  /** nftables: tables, chains, rules, sets. */
  nftables: () => import('./nftables.js'),
  /** Wi-Fi. */
  nl80211: () => import('./nl80211.js'),
  /** The controller of generic netlink: which families there are. */
  nlctrl: () => import('./nlctrl.js'),
  /** Open vSwitch datapaths. */
  ovs_datapath: () => import('./ovs_datapath.js'),
  /** Open vSwitch flows. */
  ovs_flow: () => import('./ovs_flow.js'),
  /** Open vSwitch ports. */
  ovs_vport: () => import('./ovs_vport.js'),
  /** IP addresses. */
  'rt-addr': () => import('./rt-addr.js'),
  /** Network interfaces. */
  'rt-link': () => import('./rt-link.js'),
  /** Neighbours and bridge forwarding entries. */
  'rt-neigh': () => import('./rt-neigh.js'),
  /** Routes. */
  'rt-route': () => import('./rt-route.js'),
  /** Routing rules. */
  'rt-rule': () => import('./rt-rule.js'),
  /** Traffic control: qdiscs, classes, filters, chains. */
  tc: () => import('./tc.js'),
  /** What TCP remembers of destinations. */
  tcp_metrics: () => import('./tcp_metrics.js'),
  /** Team devices. */
  team: () => import('./team.js'),
  /** WireGuard devices and peers. */
  wireguard: () => import('./wireguard.js'),
} as const;
Object.freeze(families);

/** Name of a family: that of its specification. @public */
export type FamilyName = keyof typeof families;
