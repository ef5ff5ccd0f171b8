/** The modules and kernel options of netlink protocols, by number, except those of every kernel with networking. */
const MODULES: ReadonlyMap<number, readonly [name: string, module: string | undefined, option: string]> = new Map([
  [4, ['SOCK_DIAG', undefined, 'CONFIG_INET_DIAG']],
  [6, ['XFRM', 'xfrm_user', 'CONFIG_XFRM_USER']],
  [7, ['SELINUX', undefined, 'CONFIG_SECURITY_SELINUX']],
  [8, ['ISCSI', 'scsi_transport_iscsi', 'CONFIG_SCSI_ISCSI_ATTRS']],
  [9, ['AUDIT', undefined, 'CONFIG_AUDIT']],
  [10, ['FIB_LOOKUP', undefined, 'CONFIG_INET']],
  [11, ['CONNECTOR', 'cn', 'CONFIG_CONNECTOR']],
  [12, ['NETFILTER', 'nfnetlink', 'CONFIG_NETFILTER_NETLINK']],
  [18, ['SCSITRANSPORT', 'scsi_mod', 'CONFIG_SCSI_NETLINK']],
  [19, ['ECRYPTFS', 'ecryptfs', 'CONFIG_ECRYPT_FS']],
  [20, ['RDMA', 'ib_core', 'CONFIG_INFINIBAND']],
  [21, ['CRYPTO', 'crypto_user', 'CONFIG_CRYPTO_USER']],
  [22, ['SMC', undefined, 'CONFIG_SMC']],
]);

/**
 * Returns the text of an error for a missing netlink protocol, with the module and the kernel option that it needs.
 *
 * @internal
 */
export function missingProtocol(protocol: number): string {
  const [name, module, option] = MODULES.get(protocol) ?? [];
  const what = `netlink protocol ${protocol}${name === undefined ? '' : ` (${name})`} is not available in this kernel or network namespace`;
  if (option === undefined) return what;
  return `${what}; ${module === undefined ? `it needs ${option}` : `try \`modprobe ${module}\` (${option})`}`;
}
