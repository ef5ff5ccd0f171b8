/** The netlink protocols: the last argument of `socket(AF_NETLINK, ...)` (`NETLINK_*`). @public */
export const Protocol = {
  /** Links, addresses, routes, neighbours, rules, traffic control (`NETLINK_ROUTE`). */
  Route: 0,
  /** Messages between processes; the kernel provides no service (`NETLINK_USERSOCK`). */
  UserSock: 2,
  /** Socket monitoring (`NETLINK_SOCK_DIAG`). */
  SockDiag: 4,
  /** IPsec (`NETLINK_XFRM`). */
  Xfrm: 6,
  /** SELinux events (`NETLINK_SELINUX`). */
  SeLinux: 7,
  /** iSCSI (`NETLINK_ISCSI`). */
  Iscsi: 8,
  /** Auditing (`NETLINK_AUDIT`). */
  Audit: 9,
  /** Route lookups; never sends an ack (`NETLINK_FIB_LOOKUP`). */
  FibLookup: 10,
  /** Kernel connector: process events; never sends an ack (`NETLINK_CONNECTOR`). */
  Connector: 11,
  /** nftables, conntrack, ipset, logging and queueing (`NETLINK_NETFILTER`). */
  Netfilter: 12,
  /** DECnet routing messages (`NETLINK_DNRTMSG`). */
  Dnrtmsg: 14,
  /** Device events; text without netlink headers, read `datagrams` only (`NETLINK_KOBJECT_UEVENT`). */
  KobjectUevent: 15,
  /** All families that have a name instead of a protocol number (`NETLINK_GENERIC`). */
  Generic: 16,
  /** SCSI transports (`NETLINK_SCSITRANSPORT`). */
  ScsiTransport: 18,
  /** eCryptfs (`NETLINK_ECRYPTFS`). */
  Ecryptfs: 19,
  /** RDMA (`NETLINK_RDMA`). */
  Rdma: 20,
  /** Kernel cryptography (`NETLINK_CRYPTO`). */
  Crypto: 21,
  /** SMC socket monitoring (`NETLINK_SMC`). */
  Smc: 22,
} as const;
Object.freeze(Protocol);
