import type { Read, Written } from '../../../common/written.js';
import { FieldError } from '../../../common/field-error.js';
import { integer, type Check } from '../../../fields/check.js';
import { ip } from '../../../fields/address-checks.js';
import { normalise, requireFields } from '../../../fields/shape.js';
import { duration, number, plain, presence, toggle, words, type Option } from '../../../fields/option.js';
import type { Kind } from '../kind.js';
import { joinFamilies, splitFamilies, type Families } from './two-families.js';

/** A range of ports. @public */
export interface PortRange {
  /** The lowest port. */
  readonly low: number;
  /** The highest port. */
  readonly high: number;
}

/** The options of a VXLAN tunnel (`IFLA_VXLAN_*`). `parent` is the link that carries it. @public */
export interface VxlanOptions<U extends Written = Read> {
  /** The network identifier, 24 bits (`IFLA_VXLAN_ID`). */
  readonly id?: number;
  /** The unicast address of the other end (`IFLA_VXLAN_GROUP`, `IFLA_VXLAN_GROUP6`). */
  readonly remote?: string | U['none'];
  /** The multicast address to join, instead of `remote`; needs a parent. */
  readonly group?: string;
  /** The source address (`IFLA_VXLAN_LOCAL`, `IFLA_VXLAN_LOCAL6`). */
  readonly local?: string | U['none'];
  /** The UDP port of the other end; 4789 is the standard (`IFLA_VXLAN_PORT`). @defaultValue for a new link 8472 */
  readonly port?: number;
  /** The UDP source ports (`IFLA_VXLAN_PORT_RANGE`). */
  readonly sourcePorts?: PortRange;
  /** The hop limit; 0 for the default (`IFLA_VXLAN_TTL`). */
  readonly ttl?: number;
  /** The hop limit is that of the inner packet (`IFLA_VXLAN_TTL_INHERIT`). */
  readonly ttlInherit?: boolean;
  /** The type of service; 1 for that of the inner packet (`IFLA_VXLAN_TOS`). */
  readonly tos?: number;
  /** The flow label of IPv6 (`IFLA_VXLAN_LABEL`). */
  readonly label?: number;
  /** The don't-fragment bit of IPv4 (`IFLA_VXLAN_DF`). */
  readonly df?: 'unset' | 'set' | 'inherit' | number;
  /** The link learns addresses from packets (`IFLA_VXLAN_LEARNING`). */
  readonly learning?: boolean;
  /** The time after which a learned address is dropped, whole seconds (`IFLA_VXLAN_AGEING`). */
  readonly ageing?: U['time'];
  /** The largest number of forwarding entries; 0 for no limit (`IFLA_VXLAN_LIMIT`). */
  readonly limit?: number;
  /** The link answers ARP requests (`IFLA_VXLAN_PROXY`). */
  readonly proxy?: boolean;
  /** Route short circuit (`IFLA_VXLAN_RSC`). */
  readonly routeShortCircuit?: boolean;
  /** The kernel reports unknown MAC addresses (`IFLA_VXLAN_L2MISS`). */
  readonly l2miss?: boolean;
  /** The kernel reports unknown IP addresses (`IFLA_VXLAN_L3MISS`). */
  readonly l3miss?: boolean;
  /** UDP checksums over IPv4 (`IFLA_VXLAN_UDP_CSUM`). */
  readonly udpChecksum?: boolean;
  /** The link sends zero checksums over IPv6 (`IFLA_VXLAN_UDP_ZERO_CSUM6_TX`). */
  readonly zeroChecksum6Send?: boolean;
  /** The link accepts zero checksums over IPv6 (`IFLA_VXLAN_UDP_ZERO_CSUM6_RX`). */
  readonly zeroChecksum6Receive?: boolean;
  /** Remote checksum offload when sending (`IFLA_VXLAN_REMCSUM_TX`). */
  readonly remoteChecksumSend?: boolean;
  /** Remote checksum offload when receiving (`IFLA_VXLAN_REMCSUM_RX`). */
  readonly remoteChecksumReceive?: boolean;
  /** Remote checksum offload only with a complete checksum (`IFLA_VXLAN_REMCSUM_NOPARTIAL`). */
  readonly remoteChecksumNoPartial?: boolean;
  /** The group policy extension (`IFLA_VXLAN_GBP`). */
  readonly gbp?: boolean;
  /** The generic protocol extension; needs `external` (`IFLA_VXLAN_GPE`). */
  readonly gpe?: boolean;
  /** Routes or programs give the tunnel's parameters to each packet; `id` is 0 then (`IFLA_VXLAN_COLLECT_METADATA`). */
  readonly external?: boolean;
  /** The link filters by network identifier; needs `external` (`IFLA_VXLAN_VNIFILTER`). */
  readonly vniFilter?: boolean;
  /** Packets to a VXLAN link of this host bypass the tunnel (`IFLA_VXLAN_LOCALBYPASS`). */
  readonly localBypass?: boolean;
  /** Multicast packets follow the multicast routes (`IFLA_VXLAN_MC_ROUTE`). */
  readonly multicastRoute?: boolean;
}

function isMulticast(address: unknown): boolean {
  const text = String(address);
  if (text.includes(':')) return text.startsWith('ff');
  const first = Number(text.split('.')[0]);
  return first >= 224 && first < 240;
}

/** An address that is multicast, or not; both share one attribute. */
function end(multicast: boolean): Option {
  const check: Check = (value, path) => {
    const address = ip(value, path);
    if (isMulticast(address) === multicast) return address;
    throw new FieldError(
      path,
      multicast ? `'${address}' is a unicast address; use remote` : `'${address}' is a multicast address; use group`,
    );
  };
  const isNone = (value: unknown): boolean => value === '0.0.0.0' || value === '::';
  return {
    ...plain('group', check, { nullable: !multicast }),
    read: (value) => (isNone(value) || isMulticast(value) !== multicast ? undefined : value),
    write: (value) => value ?? '0.0.0.0',
  };
}

const port = integer(0, 0xffff);

const ports: Check = (value, path) => {
  const range = normalise({ fields: { low: port, high: port } }, value, path);
  requireFields(range, ['low', 'high']);
  return range;
};

const FAMILIES: Families = [
  ['group', 'group6'],
  ['local', 'local6'],
];

const fixed = { fixed: true };
const off = { fixed: true, initial: false };

/** The kind `vxlan`. @internal */
export const vxlan: Kind<VxlanOptions> = {
  options: {
    id: number('id', 0xff_ffff, fixed),
    remote: end(false),
    group: end(true),
    local: { ...plain('local', ip, { nullable: true }), write: (value) => value ?? '0.0.0.0' },
    port: number('port', 0xffff, fixed),
    sourcePorts: plain('portRange', ports, { ...fixed, initial: { low: 0, high: 0 } }),
    ttl: number('ttl', 0xff),
    ttlInherit: toggle('ttlInherit', off),
    tos: number('tos', 0xff),
    label: number('label', 0xf_ffff),
    df: words('df', ['unset', 'set', 'inherit'], { initial: 'unset' }),
    learning: toggle('learning'),
    ageing: duration('ageing', 1000),
    limit: number('limit', 0xffff_ffff, fixed),
    proxy: toggle('proxy', off),
    routeShortCircuit: toggle('rsc'),
    l2miss: toggle('l2miss'),
    l3miss: toggle('l3miss'),
    udpChecksum: toggle('udpCsum', fixed),
    zeroChecksum6Send: toggle('udpZeroCsum6Tx', off),
    zeroChecksum6Receive: toggle('udpZeroCsum6Rx', off),
    remoteChecksumSend: toggle('remcsumTx', off),
    remoteChecksumReceive: toggle('remcsumRx', off),
    remoteChecksumNoPartial: presence('remcsumNopartial', fixed),
    gbp: presence('gbp', fixed),
    gpe: presence('gpe', fixed),
    external: toggle('collectMetadata', off),
    vniFilter: toggle('vnifilter', off),
    localBypass: toggle('localbypass', { initial: true }),
    multicastRoute: toggle('mcRoute', { initial: false }),
  },
  parentIn: 'link',
  fromData: (data) => joinFamilies(data, FAMILIES),
  toData: (data) => splitFamilies(data, FAMILIES),
};
