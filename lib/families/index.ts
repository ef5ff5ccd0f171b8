/**
 * The families of the package, each loaded on demand: `const { rtLink } = await families['rt-link']();`.
 *
 * Usually a program imports a family by its own subpath, `rxnetlink/families/rt-link`.
 *
 * @public
 */
export const families = {
  /** Events of ACPI. */
  acpi_event: (): Promise<typeof import('./acpi_event.js')> => import('./acpi_event.js'),
  /** The audit subsystem: status, rules, records. */
  audit: (): Promise<typeof import('./audit.js')> => import('./audit.js'),
  /** Meshes of B.A.T.M.A.N. advanced. */
  batadv: (): Promise<typeof import('./batadv.js')> => import('./batadv.js'),
  /** Failed transactions of Android's binder. */
  binder: (): Promise<typeof import('./binder.js')> => import('./binder.js'),
  /** Events of processes. */
  cn_proc: (): Promise<typeof import('./cn_proc.js')> => import('./cn_proc.js'),
  /** Connection tracking. */
  conntrack: (): Promise<typeof import('./conntrack.js')> => import('./conntrack.js'),
  /** Expectations of connection tracking. */
  conntrack_expect: (): Promise<typeof import('./conntrack_expect.js')> => import('./conntrack_expect.js'),
  /** Helpers of connection tracking. */
  conntrack_helper: (): Promise<typeof import('./conntrack_helper.js')> => import('./conntrack_helper.js'),
  /** Timeouts of connection tracking. */
  conntrack_timeout: (): Promise<typeof import('./conntrack_timeout.js')> => import('./conntrack_timeout.js'),
  /** Algorithms of the kernel's cryptography. */
  crypto: (): Promise<typeof import('./crypto.js')> => import('./crypto.js'),
  /** Data center bridging of interfaces. */
  dcb: (): Promise<typeof import('./dcb.js')> => import('./dcb.js'),
  /** The energy model of processors. */
  'dev-energymodel': (): Promise<typeof import('./dev-energymodel.js')> => import('./dev-energymodel.js'),
  /** Devices and their ports, health and resources. */
  devlink: (): Promise<typeof import('./devlink.js')> => import('./devlink.js'),
  /** Digital phase-locked loops. */
  dpll: (): Promise<typeof import('./dpll.js')> => import('./dpll.js'),
  /** DRBD: replicated block devices. */
  drbd: (): Promise<typeof import('./drbd.js')> => import('./drbd.js'),
  /** Error counters of graphics devices. */
  drm_ras: (): Promise<typeof import('./drm_ras.js')> => import('./drm_ras.js'),
  /** Link settings, rings, coalescing, features, statistics. */
  ethtool: (): Promise<typeof import('./ethtool.js')> => import('./ethtool.js'),
  /** Foo-over-UDP ports. */
  fou: (): Promise<typeof import('./fou.js')> => import('./fou.js'),
  /** PDP contexts of GTP. */
  gtp: (): Promise<typeof import('./gtp.js')> => import('./gtp.js'),
  /** TLS handshakes handed to user space. */
  handshake: (): Promise<typeof import('./handshake.js')> => import('./handshake.js'),
  /** Nodes of HSR and PRP. */
  hsr: (): Promise<typeof import('./hsr.js')> => import('./hsr.js'),
  /** Mappings of Identifier Locator Addressing. */
  ila: (): Promise<typeof import('./ila.js')> => import('./ila.js'),
  /** In-situ OAM of IPv6. */
  ioam6: (): Promise<typeof import('./ioam6.js')> => import('./ioam6.js'),
  /** Sets of addresses, ports, marks, interfaces and other sets. */
  ipset: (): Promise<typeof import('./ipset.js')> => import('./ipset.js'),
  /** Virtual services of IPVS. */
  ipvs: (): Promise<typeof import('./ipvs.js')> => import('./ipvs.js'),
  /** The SMB server of the kernel and its daemon. */
  ksmbd: (): Promise<typeof import('./ksmbd.js')> => import('./ksmbd.js'),
  /** Tunnels and sessions of L2TP. */
  l2tp: (): Promise<typeof import('./l2tp.js')> => import('./l2tp.js'),
  /** The lock manager of NFS. */
  lockd: (): Promise<typeof import('./lockd.js')> => import('./lockd.js'),
  /** Simulated radios of Wi-Fi. */
  mac80211_hwsim: (): Promise<typeof import('./mac80211_hwsim.js')> => import('./mac80211_hwsim.js'),
  /** Simulated radios of IEEE 802.15.4. */
  mac802154_hwsim: (): Promise<typeof import('./mac802154_hwsim.js')> => import('./mac802154_hwsim.js'),
  /** Channels and associations of MACsec. */
  macsec: (): Promise<typeof import('./macsec.js')> => import('./macsec.js'),
  /** Path management of multipath TCP. */
  mptcp_pm: (): Promise<typeof import('./mptcp_pm.js')> => import('./mptcp_pm.js'),
  /** Network block devices. */
  nbd: (): Promise<typeof import('./nbd.js')> => import('./nbd.js'),
  /** Packets that the kernel drops. */
  net_dm: (): Promise<typeof import('./net_dm.js')> => import('./net_dm.js'),
  /** Traffic shaping in hardware. */
  net_shaper: (): Promise<typeof import('./net_shaper.js')> => import('./net_shaper.js'),
  /** Network devices: XDP, queues, page pools. */
  netdev: (): Promise<typeof import('./netdev.js')> => import('./netdev.js'),
  /** Counters that rules of a firewall share. */
  nfacct: (): Promise<typeof import('./nfacct.js')> => import('./nfacct.js'),
  /** Adapters, tags and secure elements of NFC. */
  nfc: (): Promise<typeof import('./nfc.js')> => import('./nfc.js'),
  /** Functions at the hooks of netfilter. */
  nfhook: (): Promise<typeof import('./nfhook.js')> => import('./nfhook.js'),
  /** Packets that rules log. */
  nfnetlink_log: (): Promise<typeof import('./nfnetlink_log.js')> => import('./nfnetlink_log.js'),
  /** Fingerprints of operating systems. */
  nfnetlink_osf: (): Promise<typeof import('./nfnetlink_osf.js')> => import('./nfnetlink_osf.js'),
  /** Packets that wait for a verdict. */
  nfnetlink_queue: (): Promise<typeof import('./nfnetlink_queue.js')> => import('./nfnetlink_queue.js'),
  /** The NFS server. */
  nfsd: (): Promise<typeof import('./nfsd.js')> => import('./nfsd.js'),
  /** nftables: tables, chains, rules, sets. */
  nftables: (): Promise<typeof import('./nftables.js')> => import('./nftables.js'),
  /** Wi-Fi. */
  nl80211: (): Promise<typeof import('./nl80211.js')> => import('./nl80211.js'),
  /** IEEE 802.15.4 radios and their interfaces. */
  nl802154: (): Promise<typeof import('./nl802154.js')> => import('./nl802154.js'),
  /** Domains of interpretation of CALIPSO, of NetLabel. */
  nlbl_calipso: (): Promise<typeof import('./nlbl_calipso.js')> => import('./nlbl_calipso.js'),
  /** Domains of interpretation of CIPSO, of NetLabel. */
  nlbl_cipsov4: (): Promise<typeof import('./nlbl_cipsov4.js')> => import('./nlbl_cipsov4.js'),
  /** The labelling protocols of LSM domains, of NetLabel. */
  nlbl_mgmt: (): Promise<typeof import('./nlbl_mgmt.js')> => import('./nlbl_mgmt.js'),
  /** Packets without a label, of NetLabel. */
  nlbl_unlbl: (): Promise<typeof import('./nlbl_unlbl.js')> => import('./nlbl_unlbl.js'),
  /** The controller of generic netlink, which lists the families. */
  nlctrl: (): Promise<typeof import('./nlctrl.js')> => import('./nlctrl.js'),
  /** OpenVPN devices, their peers and keys. */
  ovpn: (): Promise<typeof import('./ovpn.js')> => import('./ovpn.js'),
  /** Limits of connections of Open vSwitch. */
  ovs_ct_limit: (): Promise<typeof import('./ovs_ct_limit.js')> => import('./ovs_ct_limit.js'),
  /** Open vSwitch datapaths. */
  ovs_datapath: (): Promise<typeof import('./ovs_datapath.js')> => import('./ovs_datapath.js'),
  /** Open vSwitch flows. */
  ovs_flow: (): Promise<typeof import('./ovs_flow.js')> => import('./ovs_flow.js'),
  /** Open vSwitch meters. */
  ovs_meter: (): Promise<typeof import('./ovs_meter.js')> => import('./ovs_meter.js'),
  /** Packets of Open vSwitch. */
  ovs_packet: (): Promise<typeof import('./ovs_packet.js')> => import('./ovs_packet.js'),
  /** Open vSwitch ports. */
  ovs_vport: (): Promise<typeof import('./ovs_vport.js')> => import('./ovs_vport.js'),
  /** Samples of packets. */
  psample: (): Promise<typeof import('./psample.js')> => import('./psample.js'),
  /** Devices that encrypt connections with PSP. */
  psp: (): Promise<typeof import('./psp.js')> => import('./psp.js'),
  /** RDMA devices and their resources. */
  rdma: (): Promise<typeof import('./rdma.js')> => import('./rdma.js'),
  /** IP addresses. */
  'rt-addr': (): Promise<typeof import('./rt-addr.js')> => import('./rt-addr.js'),
  /** Labels of address selection. */
  'rt-addrlabel': (): Promise<typeof import('./rt-addrlabel.js')> => import('./rt-addrlabel.js'),
  /** Jobs of the CAN gateway. */
  'rt-cangw': (): Promise<typeof import('./rt-cangw.js')> => import('./rt-cangw.js'),
  /** Network interfaces. */
  'rt-link': (): Promise<typeof import('./rt-link.js')> => import('./rt-link.js'),
  /** Multicast groups of bridges. */
  'rt-mdb': (): Promise<typeof import('./rt-mdb.js')> => import('./rt-mdb.js'),
  /** Prefixes and options of router advertisements. */
  'rt-nd': (): Promise<typeof import('./rt-nd.js')> => import('./rt-nd.js'),
  /** Neighbours and bridge forwarding entries. */
  'rt-neigh': (): Promise<typeof import('./rt-neigh.js')> => import('./rt-neigh.js'),
  /** Settings of interfaces that the IP stacks notify. */
  'rt-netconf': (): Promise<typeof import('./rt-netconf.js')> => import('./rt-netconf.js'),
  /** The numbers of other network namespaces. */
  'rt-nsid': (): Promise<typeof import('./rt-nsid.js')> => import('./rt-nsid.js'),
  /** Routes. */
  'rt-route': (): Promise<typeof import('./rt-route.js')> => import('./rt-route.js'),
  /** Routing rules. */
  'rt-rule': (): Promise<typeof import('./rt-rule.js')> => import('./rt-rule.js'),
  /** The VNIs of VXLAN devices. */
  'rt-tunnel': (): Promise<typeof import('./rt-tunnel.js')> => import('./rt-tunnel.js'),
  /** VLANs of bridges. */
  'rt-vlan': (): Promise<typeof import('./rt-vlan.js')> => import('./rt-vlan.js'),
  /** Segment routing of IPv6. */
  seg6: (): Promise<typeof import('./seg6.js')> => import('./seg6.js'),
  /** Events of SELinux. */
  selinux: (): Promise<typeof import('./selinux.js')> => import('./selinux.js'),
  /** Link groups, devices and statistics of SMC. */
  smc: (): Promise<typeof import('./smc.js')> => import('./smc.js'),
  /** The physical networks of SMC. */
  smc_pnetid: (): Promise<typeof import('./smc_pnetid.js')> => import('./smc_pnetid.js'),
  /** Sockets of all kinds. */
  sock_diag: (): Promise<typeof import('./sock_diag.js')> => import('./sock_diag.js'),
  /** Requests of the caches of NFS servers. */
  sunrpc_cache: (): Promise<typeof import('./sunrpc_cache.js')> => import('./sunrpc_cache.js'),
  /** Statistics of tasks and processes. */
  taskstats: (): Promise<typeof import('./taskstats.js')> => import('./taskstats.js'),
  /** Traffic control: qdiscs, classes, filters, chains. */
  tc: (): Promise<typeof import('./tc.js')> => import('./tc.js'),
  /** Devices of the SCSI target that a process handles. */
  tcmu: (): Promise<typeof import('./tcmu.js')> => import('./tcmu.js'),
  /** TCP metrics that the kernel caches by destination. */
  tcp_metrics: (): Promise<typeof import('./tcp_metrics.js')> => import('./tcp_metrics.js'),
  /** Team devices. */
  team: (): Promise<typeof import('./team.js')> => import('./team.js'),
  /** Thermal zones and cooling devices. */
  thermal: (): Promise<typeof import('./thermal.js')> => import('./thermal.js'),
  /** Bearers, links, nodes and names of TIPC. */
  tipc: (): Promise<typeof import('./tipc.js')> => import('./tipc.js'),
  /** Events of devices, which are text: this module has no client. */
  uevent: (): Promise<typeof import('./uevent.js')> => import('./uevent.js'),
  /** vDPA devices. */
  vdpa: (): Promise<typeof import('./vdpa.js')> => import('./vdpa.js'),
  /** Warnings of disk quotas. */
  vfs_dquot: (): Promise<typeof import('./vfs_dquot.js')> => import('./vfs_dquot.js'),
  /** Masters and slaves of 1-Wire. */
  w1: (): Promise<typeof import('./w1.js')> => import('./w1.js'),
  /** WireGuard devices and peers. */
  wireguard: (): Promise<typeof import('./wireguard.js')> => import('./wireguard.js'),
  /** IPsec states and policies. */
  xfrm: (): Promise<typeof import('./xfrm.js')> => import('./xfrm.js'),
} as const;
Object.freeze(families);

/** The name of a family, which is the name of its specification or of its module. @public */
export type FamilyName = keyof typeof families;
