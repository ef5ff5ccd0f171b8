import { expect } from 'chai';
import { DecodeError } from '../../../lib/errors/index.js';
import {
  AttributeEncoder,
  AttributeFlags,
  AttributeReader,
  addressText,
  encodeText,
  ipv4Text,
  ipv6Text,
  parseIp,
  parseIpv4,
  parseIpv6,
  type Attribute,
} from '../../../lib/wire/index.js';
import { isIntegerName, readInteger, writeInteger } from '../integers.js';
import { readStruct, writeStruct, type Layout } from './rtnetlink-structs.js';
import { fromHex, toHex } from '../vector.js';

/** An attribute of rtnetlink.json: its name, its type and its value. */
export interface Described {
  readonly name: string | null;
  readonly type: number;
  readonly format: string;
  readonly dataHex?: string;
  readonly value?: unknown;
  readonly nestedFlag?: boolean;
  readonly children?: readonly Described[];
  readonly nexthops?: readonly Nexthop[];
  readonly malformed?: boolean;
}

interface Nexthop {
  readonly rtnh_len: number;
  readonly rtnh_flags: number;
  readonly rtnh_hops: number;
  readonly rtnh_ifindex: number;
  readonly attributes: readonly Described[];
}

type Fields = Record<string, number | string>;

const NEXTHOP: Layout = [
  ['rtnh_len', 2],
  ['rtnh_flags', 1],
  ['rtnh_hops', 1],
  ['rtnh_ifindex', 4, true],
];

/** Structs inside attributes: uapi/linux/if_addr.h, fib_rules.h. */
const STRUCTS: Readonly<Record<string, Layout>> = {
  'struct:ifa_cacheinfo': [
    ['ifa_prefered', 4],
    ['ifa_valid', 4],
    ['cstamp', 4],
    ['tstamp', 4],
  ],
  'struct:fib_rule_port_range': [
    ['start', 2],
    ['end', 2],
  ],
};

/** Compares the attributes on the wire with those of the case, including values. */
export function expectDescribed(attributes: Iterable<Attribute>, expected: readonly Described[]): void {
  const met = [...attributes];
  expect(met.map(({ type, payload }) => [type, toHex(payload)])).to.deep.equal(expected.map(({ type, dataHex }) => [type, dataHex]));
  for (const [index, described] of expected.entries()) {
    const attribute = met[index]!;
    expect(attribute.nested, described.name ?? '').to.equal(described.nestedFlag === true);
    if (described.children !== undefined) expectDescribed(attribute.attributes(), described.children);
    else if (described.nexthops !== undefined) expectNexthops(attribute, described.nexthops);
    else if (described.malformed === true) continue;
    else if (described.value !== undefined) expect(readValue(attribute, described), described.name ?? '').to.deep.equal(described.value);
  }
}

function expectNexthops(attribute: Attribute, expected: readonly Nexthop[]): void {
  const met = [...iterateNexthops(attribute)];
  expect(met.map(({ fields }) => fields)).to.deep.equal(expected.map(({ attributes: _, ...fields }) => fields));
  for (const [index, { attributes }] of expected.entries()) expectDescribed(met[index]!.attributes, attributes);
}

/** Walks RTA_MULTIPATH: `struct rtnexthop`, each followed by attributes. */
export function* iterateNexthops(attribute: Attribute): Generator<{ fields: Fields; attributes: AttributeReader }> {
  const { payload } = attribute;
  for (let start = 0; start < payload.length;) {
    const left = payload.length - start;
    const fields = left < 8 ? {} : readStruct(payload.subarray(start), NEXTHOP);
    const length = Number(fields['rtnh_len'] ?? 0);
    if (length < 8 || length > left) throw new DecodeError(`a nexthop of ${length} bytes, ${left} are left`, attribute.offset + start);
    yield { fields, attributes: new AttributeReader(payload, { start: start + 8, end: start + length }) };
    start += (length + 3) & ~3;
  }
}

function readValue(attribute: Attribute, { format }: Described): unknown {
  if (isIntegerName(format)) return readInteger(attribute, format);
  const { payload } = attribute;
  switch (format) {
    case 'be16':
      return inNetworkOrder(attribute).uint16();
    case 'be64':
      return String(inNetworkOrder(attribute).uint64());
    case 'string':
      return attribute.string();
    case 'flag':
      return attribute.flag();
    case 'ip':
      return addressText(payload);
    case 'ip4':
      return ipv4Text(payload);
    case 'ip6':
      return ipv6Text(payload);
    case 'rtvia':
      return readVia(payload);
    case 'mpls-labels':
      return readLabels(payload);
    case 'struct:ifla_vxlan_port_range': {
      const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
      return { low: view.getUint16(0), high: view.getUint16(2) };
    }
    default:
      return readStruct(payload, STRUCTS[format] ?? expect.fail(`unknown format ${format}`));
  }
}

/** Returns the same payload in a reader of the other byte order. */
function inNetworkOrder(attribute: Attribute): Attribute {
  const alone = new AttributeEncoder().bytes(attribute.type, attribute.payload).encode();
  return [...new AttributeReader(alone, { byteOrder: 'big' })][0]!;
}

/** Reads `struct rtvia`: an address family of 16 bits and an address. */
export function readVia(payload: Uint8Array): Fields {
  if (payload.length < 2) throw new DecodeError(`${payload.length} bytes, struct rtvia takes 2`, 0);
  return { rtvia_family: payload[0]! | (payload[1]! << 8), rtvia_addr: addressText(payload, 2) };
}

/** Writes `struct rtvia`. */
export function writeVia({ rtvia_family, rtvia_addr }: Fields): Uint8Array {
  return Uint8Array.of(Number(rtvia_family), 0, ...parseIp(String(rtvia_addr)));
}

function readLabels(payload: Uint8Array): unknown[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  return Array.from({ length: payload.length / 4 }, (_, index) => {
    const word = view.getUint32(4 * index);
    return { label: word >>> 12, tc: (word >>> 9) & 7, bos: ((word >>> 8) & 1) === 1, ttl: word & 0xff };
  });
}

/** Encodes the attributes of a case: by value if the case has one in the kernel's form, else by bytes. */
export function writeDescribed(encoder: AttributeEncoder, attributes: readonly Described[]): void {
  for (const described of attributes) {
    const { type, nestedFlag, children } = described;
    if (children !== undefined && nestedFlag === true) encoder.nest(type, (nest) => writeDescribed(nest, children));
    else if (children !== undefined) encoder.bytes(type, encodeAll(children));
    else writeValue(encoder, nestedFlag === true ? type | AttributeFlags.Nested : type, described);
  }
}

function encodeAll(attributes: readonly Described[]): Uint8Array {
  const encoder = new AttributeEncoder();
  writeDescribed(encoder, attributes);
  return encoder.encode();
}

function writeValue(encoder: AttributeEncoder, type: number, { format, value, dataHex, nexthops, malformed }: Described): void {
  if (nexthops !== undefined) encoder.bytes(type, Uint8Array.from(nexthops.flatMap((nexthop) => [...writeNexthop(nexthop)])));
  else if (value === undefined || malformed === true) encoder.bytes(type, fromHex(dataHex ?? expect.fail(`nothing to write as ${format}`)));
  else if (isIntegerName(format)) writeInteger(encoder, format, type, value as number | string);
  else if (format === 'string') encoder.bytes(type, textWithin(value as string, dataHex));
  else if (format === 'flag') encoder.flag(type, value as boolean);
  else if (format === 'ip') encoder.bytes(type, parseIp(value as string));
  else if (format === 'ip4') encoder.bytes(type, parseIpv4(value as string));
  else if (format === 'ip6') encoder.bytes(type, parseIpv6(value as string));
  else if (format === 'be16')
    encoder.bytes(
      type,
      new AttributeEncoder({ byteOrder: 'big' })
        .uint16(type, value as number)
        .encode()
        .slice(4, 6),
    );
  else if (format === 'be64')
    encoder.bytes(
      type,
      new AttributeEncoder({ byteOrder: 'big' })
        .uint64(type, BigInt(value as string))
        .encode()
        .slice(4),
    );
  else if (format === 'rtvia') encoder.bytes(type, writeVia(value as Fields));
  else if (STRUCTS[format] !== undefined) encoder.bytes(type, writeStruct(value as Fields, STRUCTS[format]));
  else encoder.bytes(type, fromHex(dataHex!));
}

/** A string with its NUL, unless the case's bytes have none. */
function textWithin(value: string, dataHex = '00'): Uint8Array {
  const text = encodeText(value);
  return dataHex.endsWith('00') ? text : text.subarray(0, -1);
}

function writeNexthop({ attributes, ...fields }: Nexthop): Uint8Array {
  const inner = encodeAll(attributes);
  const bytes = new Uint8Array(8 + inner.length);
  bytes.set(writeStruct({ ...fields }, NEXTHOP));
  bytes.set(inner, 8);
  return bytes;
}
