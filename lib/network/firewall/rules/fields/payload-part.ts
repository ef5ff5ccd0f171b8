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
  return BY_NAME.get(name);
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
    type: typeName === 'integer' || typeName === 'mptcp_subtype' ? plainInteger(bits, 'network') : dataType(typeName),
    ...(whole ? {} : { mask: Buffer.from(ones.toString(16).padStart(2 * header.len, '0'), 'hex') }),
    load: (dreg) => loadHeader(header, dreg),
  };
}

/** Returns the expression that loads bytes of a header. @internal */
export function loadHeader({ base, offset, len }: HeaderBytes, dreg: number): ReturnType<Part['load']> {
  return { name: 'payload', data: { dreg, base, offset, len } };
}

const BY_NAME: ReadonlyMap<string, Part> = new Map(
  Object.entries(PAYLOAD_FIELDS).map(([name, place]) => [name, partAt(name, name.slice(0, name.indexOf('.')), place)]),
);

const NONE: readonly Part[] = [];
const BY_BYTES: ReadonlyMap<string, readonly Part[]> = groupByBytes();

/** Returns all fields of a protocol. @internal */
export function partsOf(protocol: string): readonly Part[] {
  return [...BY_NAME.values()].filter((part) => part.protocol === protocol);
}

/** Returns all fields whose loaded bytes are these. @internal */
export function partsAt(header: HeaderBytes): readonly Part[] {
  return BY_BYTES.get(bytesKey(header)) ?? NONE;
}

function groupByBytes(): ReadonlyMap<string, readonly Part[]> {
  const groups = new Map<string, Part[]>();
  for (const part of BY_NAME.values()) {
    const key = bytesKey(part.header!);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [part]);
    else group.push(part);
  }
  return groups;
}

function bytesKey({ base, offset, len }: HeaderBytes): string {
  return `${base} ${offset} ${len}`;
}
