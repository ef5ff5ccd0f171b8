import { AttributeReader, addressText, hostIsLittleEndian, type Attribute, type Message } from 'rxnetlink';
import { familyName, headerView, type FamilyName } from './rtnetlink.js';

/** A nexthop of a multipath route. */
export interface Nexthop {
  readonly gateway?: string;
  /** Index of the interface. */
  readonly oif: number;
  readonly weight: number;
}

/** A route. */
export interface Route {
  readonly family: FamilyName;
  /** Type of the route: `'unicast'`, `'local'`, `'blackhole'` ... */
  readonly type: string;
  /** The prefix's address, or `'default'`. */
  readonly destination: string;
  readonly prefixLength: number;
  readonly gateway?: string;
  /** Index of the outgoing interface; absent if the route has none or several. */
  readonly oif?: number;
  readonly table: number;
  readonly metric?: number;
  /** The nexthops of a multipath route; `gateway` and `oif` are absent then. */
  readonly nexthops?: readonly Nexthop[];
}

const RTMSG_SIZE = 12;
const RTNEXTHOP_SIZE = 8;
const RTM_F_CLONED = 0x200;
const Rta = { Destination: 1, Oif: 4, Gateway: 5, Priority: 6, Multipath: 9, Table: 15, Via: 18 } as const;

// linux/rtnetlink.h, RTN_*
const TYPES = [
  'none',
  'unicast',
  'local',
  'broadcast',
  'anycast',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
  'nat',
  'xresolve',
];

/** Reads a NEWROUTE or DELROUTE; undefined for cache entries and for a family that the monitor does not show. */
export function decodeRoute(message: Message): Route | undefined {
  const { payload } = message;
  const header = headerView(payload, RTMSG_SIZE);
  const family = familyName(header.getUint8(0));
  if (family === undefined || (header.getUint32(8, hostIsLittleEndian) & RTM_F_CLONED) !== 0) return undefined;
  const prefixLength = header.getUint8(1);
  const type = header.getUint8(7);
  let destination = prefixLength === 0 ? 'default' : anyAddress(family);
  // The header has 8 bits for the table, the attribute 32.
  let table = header.getUint8(4);
  const rest: { gateway?: string; oif?: number; metric?: number; nexthops?: Nexthop[] } = {};
  for (const attribute of new AttributeReader(payload, { start: RTMSG_SIZE })) {
    if (attribute.type === Rta.Destination && prefixLength > 0) destination = addressText(attribute.payload);
    else if (attribute.type === Rta.Table) table = attribute.uint32();
    else if (attribute.type === Rta.Oif) rest.oif = attribute.uint32();
    else if (attribute.type === Rta.Priority) rest.metric = attribute.uint32();
    else if (attribute.type === Rta.Multipath) rest.nexthops = decodeNexthops(attribute.payload);
    else if (isGateway(attribute)) rest.gateway = gatewayText(attribute);
  }
  return { family, type: TYPES[type] ?? String(type), destination, prefixLength, table, ...rest };
}

function anyAddress(family: FamilyName): string {
  return family === 'inet' ? '0.0.0.0' : '::';
}

function isGateway({ type }: Attribute): boolean {
  return type === Rta.Gateway || type === Rta.Via;
}

/** Reads a gateway of the route's own family (RTA_GATEWAY), or of another (RTA_VIA: the family in 16 bits, then the address). */
function gatewayText({ type, payload }: Attribute): string {
  return addressText(type === Rta.Via ? payload.subarray(2) : payload);
}

/** Reads RTA_MULTIPATH: a sequence of `struct rtnexthop`, each followed by its attributes. */
function decodeNexthops(bytes: Uint8Array): Nexthop[] {
  const nexthops: Nexthop[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0; bytes.length - start >= RTNEXTHOP_SIZE;) {
    const length = view.getUint16(start, hostIsLittleEndian);
    if (length < RTNEXTHOP_SIZE || length > bytes.length - start)
      throw new RangeError(`route: nexthop has length ${length}; expected ${RTNEXTHOP_SIZE} to ${bytes.length - start}`);
    let gateway: string | undefined;
    for (const attribute of new AttributeReader(bytes, { start: start + RTNEXTHOP_SIZE, end: start + length })) {
      if (isGateway(attribute)) gateway = gatewayText(attribute);
    }
    nexthops.push({
      ...(gateway === undefined ? {} : { gateway }),
      oif: view.getInt32(start + 4, hostIsLittleEndian),
      // The kernel counts the weight from 0.
      weight: view.getUint8(start + 3) + 1,
    });
    start += (length + 3) & ~3;
  }
  return nexthops;
}
