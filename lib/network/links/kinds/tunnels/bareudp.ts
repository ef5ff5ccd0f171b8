import { number, numbered, presence } from '../../../fields/option.js';
import type { Kind } from '../kind.js';

/** The options of a tunnel of packets in UDP (`IFLA_BAREUDP_*`); none of them can be changed. @public */
export interface BareUdpOptions {
  /** The UDP port (`IFLA_BAREUDP_PORT`). */
  readonly port?: number;
  /** The packets in the tunnel, an EtherType (`IFLA_BAREUDP_ETHERTYPE`). */
  readonly protocol?: 'ip' | 'ipv6' | 'mpls' | 'mpls-multicast' | number;
  /** The lowest UDP source port (`IFLA_BAREUDP_SRCPORT_MIN`). */
  readonly sourcePortMin?: number;
  /** IPv6 beside `'ip'`, or multicast beside `'mpls'` (`IFLA_BAREUDP_MULTIPROTO_MODE`). */
  readonly multipleProtocols?: boolean;
}

const fixed = { fixed: true };

/** The kind `bareudp`. @internal */
export const bareudp: Kind<BareUdpOptions> = {
  options: {
    port: number('port', 0xffff, fixed, 1),
    protocol: numbered('ethertype', { ip: 0x0800, ipv6: 0x86dd, mpls: 0x8847, 'mpls-multicast': 0x8848 }, fixed),
    sourcePortMin: number('srcportMin', 0xffff, fixed),
    multipleProtocols: presence('multiprotoMode', fixed),
  },
  needs: ['bareudp.port', 'bareudp.protocol'],
};
