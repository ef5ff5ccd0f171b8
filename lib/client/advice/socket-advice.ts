import { propertyAt } from '../../schema/internal.js';

type Diagnosis = readonly [module: string, option: string];

/** The module that reports the sockets of an operation, and the kernel option that builds it. */
const MODULES: Readonly<Record<string, Diagnosis>> = {
  mptcp: ['mptcp_diag', 'CONFIG_INET_MPTCP_DIAG'],
  netlink: ['netlink_diag', 'CONFIG_NETLINK_DIAG'],
  packet: ['af_packet_diag', 'CONFIG_PACKET_DIAG'],
  unix: ['unix_diag', 'CONFIG_UNIX_DIAG'],
  vsock: ['vsock_diag', 'CONFIG_VSOCKETS_DIAG'],
  xdp: ['xsk_diag', 'CONFIG_XDP_SOCKETS_DIAG'],
};

/** The same for `inet`, by the protocol of the request. */
const INET_MODULES: Readonly<Record<string, Diagnosis>> = {
  tcp: ['tcp_diag', 'CONFIG_INET_TCP_DIAG'],
  udp: ['udp_diag', 'CONFIG_INET_UDP_DIAG'],
  udplite: ['udp_diag', 'CONFIG_INET_UDP_DIAG'],
  raw: ['raw_diag', 'CONFIG_INET_RAW_DIAG'],
};

/**
 * Returns the advice for a dump of sockets that failed with ENOENT: the module that the kernel lacks.
 *
 * A request for one socket also fails with ENOENT if the socket does not exist; a dump has only one reason.
 *
 * @param request - The decoded request of the dump.
 * @internal
 */
export function socketAdvice(operation: string, request: object): string | undefined {
  const known = operation === 'inet' ? INET_MODULES[String(propertyAt(request, 'protocol'))] : MODULES[operation];
  return known === undefined ? undefined : `this kernel may lack module ${known[0]}: try \`modprobe ${known[0]}\` (${known[1]})`;
}
