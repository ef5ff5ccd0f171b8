/** The module that registers a generic family, and the kernel option that builds it (Kconfig). */
const MODULES: ReadonlyMap<string, readonly [module: string | undefined, option: string]> = new Map([
  ['batadv', ['batman-adv', 'CONFIG_BATMAN_ADV']],
  ['binder', ['binder_linux', 'CONFIG_ANDROID_BINDER_IPC']],
  ['dev-energymodel', [undefined, 'CONFIG_ENERGY_MODEL']],
  ['devlink', [undefined, 'CONFIG_NET_DEVLINK']],
  ['dpll', [undefined, 'CONFIG_DPLL']],
  ['drm-ras', [undefined, 'CONFIG_DRM_RAS']],
  ['ethtool', [undefined, 'CONFIG_ETHTOOL_NETLINK']],
  ['fou', ['fou', 'CONFIG_NET_FOU']],
  ['gtp', ['gtp', 'CONFIG_GTP']],
  ['HSR', ['hsr', 'CONFIG_HSR']],
  ['handshake', [undefined, 'CONFIG_NET_HANDSHAKE']],
  ['IOAM6', [undefined, 'CONFIG_IPV6']],
  ['ipvs', ['ip_vs', 'CONFIG_IP_VS']],
  ['IPVS', ['ip_vs', 'CONFIG_IP_VS']],
  ['l2tp', ['l2tp_netlink', 'CONFIG_L2TP']],
  ['lockd', ['lockd', 'CONFIG_LOCKD']],
  ['macsec', ['macsec', 'CONFIG_MACSEC']],
  ['mptcp_pm', [undefined, 'CONFIG_MPTCP']],
  ['nbd', ['nbd', 'CONFIG_BLK_DEV_NBD']],
  ['net-shaper', [undefined, 'CONFIG_NET_SHAPER']],
  ['netdev', [undefined, 'CONFIG_NET']],
  ['nfsd', ['nfsd', 'CONFIG_NFSD']],
  ['nl80211', ['cfg80211', 'CONFIG_CFG80211']],
  ['ovpn', ['ovpn', 'CONFIG_OVPN']],
  ['ovs_datapath', ['openvswitch', 'CONFIG_OPENVSWITCH']],
  ['ovs_flow', ['openvswitch', 'CONFIG_OPENVSWITCH']],
  ['ovs_packet', ['openvswitch', 'CONFIG_OPENVSWITCH']],
  ['ovs_vport', ['openvswitch', 'CONFIG_OPENVSWITCH']],
  ['psample', ['psample', 'CONFIG_PSAMPLE']],
  ['psp', [undefined, 'CONFIG_INET_PSP']],
  ['SEG6', [undefined, 'CONFIG_IPV6']],
  ['sunrpc', ['sunrpc', 'CONFIG_SUNRPC']],
  ['TASKSTATS', [undefined, 'CONFIG_TASKSTATS']],
  ['tcp_metrics', [undefined, 'CONFIG_INET']],
  ['team', ['team', 'CONFIG_NET_TEAM']],
  ['thermal', [undefined, 'CONFIG_THERMAL_NETLINK']],
  ['tipc', ['tipc', 'CONFIG_TIPC']],
  ['VFS_DQUOT', [undefined, 'CONFIG_QUOTA_NETLINK_INTERFACE']],
  ['wireguard', ['wireguard', 'CONFIG_WIREGUARD']],
]);

/** Families without network-namespace support in the kernel's source. */
const FIRST_NAMESPACE_ONLY: ReadonlySet<string> = new Set(['acpi_event', 'thermal', 'VFS_DQUOT']);

/**
 * Returns the advice for a family that is missing: the module to load, or the kernel option.
 *
 * @internal
 */
export function familyAdvice(name: string): string {
  if (FIRST_NAMESPACE_ONLY.has(name)) return 'it exists in the first network namespace only';
  const elsewhere = 'some families exist in the first network namespace only';
  const known = MODULES.get(name);
  if (known === undefined) return `find the module that registers it, and compare the name with \`genl ctrl list\`; ${elsewhere}`;
  const [module, option] = known;
  return module === undefined ? `this kernel was built without ${option}; ${elsewhere}` : `try \`modprobe ${module}\` (${option})`;
}
