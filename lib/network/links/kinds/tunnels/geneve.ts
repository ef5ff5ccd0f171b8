import { ip } from '../../../fields/address-checks.js';
import { number, plain, presence, toggle, words } from '../../../fields/option.js';
import type { Kind } from '../kind.js';
import { joinFamilies, splitFamilies, type Families } from './two-families.js';

/** The options of a GENEVE tunnel (`IFLA_GENEVE_*`). @public */
export interface GeneveOptions {
  /** The network identifier, 24 bits (`IFLA_GENEVE_ID`). */
  readonly id?: number;
  /** The address of the other end (`IFLA_GENEVE_REMOTE`, `IFLA_GENEVE_REMOTE6`). */
  readonly remote?: string;
  /** The UDP port of the other end (`IFLA_GENEVE_PORT`). @defaultValue for a new link 6081 */
  readonly port?: number;
  /** The hop limit; 0 for the default (`IFLA_GENEVE_TTL`). */
  readonly ttl?: number;
  /** The hop limit is that of the inner packet (`IFLA_GENEVE_TTL_INHERIT`). */
  readonly ttlInherit?: boolean;
  /** The type of service; 1 for that of the inner packet (`IFLA_GENEVE_TOS`). */
  readonly tos?: number;
  /** The flow label of IPv6 (`IFLA_GENEVE_LABEL`). */
  readonly label?: number;
  /** The don't-fragment bit of IPv4 (`IFLA_GENEVE_DF`). */
  readonly df?: 'unset' | 'set' | 'inherit' | number;
  /** UDP checksums over IPv4 (`IFLA_GENEVE_UDP_CSUM`). */
  readonly udpChecksum?: boolean;
  /** The link sends zero checksums over IPv6 (`IFLA_GENEVE_UDP_ZERO_CSUM6_TX`). */
  readonly zeroChecksum6Send?: boolean;
  /** The link accepts zero checksums over IPv6 (`IFLA_GENEVE_UDP_ZERO_CSUM6_RX`). */
  readonly zeroChecksum6Receive?: boolean;
  /** Routes or programs give the tunnel's parameters to each packet (`IFLA_GENEVE_COLLECT_METADATA`). */
  readonly external?: boolean;
  /** The link carries IP packets without an Ethernet header (`IFLA_GENEVE_INNER_PROTO_INHERIT`). */
  readonly innerProtocolInherit?: boolean;
}

const FAMILIES: Families = [['remote', 'remote6']];

const fixed = { fixed: true };

/** The kind `geneve`. @internal */
export const geneve: Kind<GeneveOptions> = {
  options: {
    id: number('id', 0xff_ffff, fixed),
    remote: plain('remote', ip),
    port: number('port', 0xffff, fixed),
    ttl: number('ttl', 0xff),
    ttlInherit: toggle('ttlInherit', { initial: false }),
    tos: number('tos', 0xff),
    label: number('label', 0xf_ffff),
    df: words('df', ['unset', 'set', 'inherit'], { initial: 'unset' }),
    udpChecksum: toggle('udpCsum', fixed),
    zeroChecksum6Send: toggle('udpZeroCsum6Tx', fixed),
    zeroChecksum6Receive: toggle('udpZeroCsum6Rx', fixed),
    external: presence('collectMetadata', fixed),
    innerProtocolInherit: presence('innerProtoInherit', fixed),
  },
  fromData: (data) => joinFamilies(data, FAMILIES),
  toData: (data) => splitFamilies(data, FAMILIES),
};
