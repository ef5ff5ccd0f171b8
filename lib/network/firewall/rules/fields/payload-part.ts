import type { PayloadBase } from '../../../../families/nftables.js';
import { dataType } from '../../data/data-types.js';
import { plainInteger } from '../../data/integers.js';
import type { FieldPlace } from './payload-fields.js';
import { PAYLOAD_FIELDS } from './payload-fields.js';
import type { HeaderBytes, Part } from './part.js';

const NETWORK: readonly string[] = ['ip', 'ip6', 'arp'];
const LINK: readonly string[] = ['ether', 'vlan'];

function baseOf(protocol: string): PayloadBase {
  if (LINK.includes(protocol)) return 'link-layer-header';
  return NETWORK.includes(protocol) ? 'network-header' : 'transport-header';
}

/** Returns the part that a field of a header is, by its name: `tcp.dport`; undefined if the name is not known. @internal */
export function payloadPart(name: string): Part | undefined {
  if (!Object.hasOwn(PAYLOAD_FIELDS, name)) return undefined;
  const protocol = name.slice(0, name.indexOf('.'));
  return partAt(name, protocol, PAYLOAD_FIELDS[name as keyof typeof PAYLOAD_FIELDS]);
}

function partAt(name: string, protocol: string, [offset, bits, typeName]: FieldPlace): Part {
  const first = Math.floor(offset / 8);
  const end = Math.ceil((offset + bits) / 8);
  const header: HeaderBytes = { base: baseOf(protocol), offset: first, len: end - first };
  const shift = end * 8 - (offset + bits);
  const whole = shift === 0 && offset % 8 === 0;
  const ones = ((1n << BigInt(bits)) - 1n) << BigInt(shift);
  return {
    name,
    protocol,
    header,
    shift,
    type: typeName === 'integer' ? plainInteger(bits, 'network') : dataType(typeName),
    ...(whole ? {} : { mask: Buffer.from(ones.toString(16).padStart(2 * header.len, '0'), 'hex') }),
    load: (dreg) => loadHeader(header, dreg),
  };
}

/** Returns the expression that loads bytes of a header. @internal */
export function loadHeader({ base, offset, len }: HeaderBytes, dreg: number): ReturnType<Part['load']> {
  return { name: 'payload', data: { dreg, base, offset, len } };
}

/** Returns all fields whose loaded bytes are these. @internal */
export function partsAt({ base, offset, len }: HeaderBytes): readonly Part[] {
  return ALL_PARTS.filter(({ header }) => header!.base === base && header!.offset === offset && header!.len === len);
}

/** Returns all fields of a protocol. @internal */
export function partsOf(protocol: string): readonly Part[] {
  return ALL_PARTS.filter((part) => part.protocol === protocol);
}

const ALL_PARTS: readonly Part[] = Object.keys(PAYLOAD_FIELDS).map((name) => payloadPart(name)!);
