import { addressText, hostIsLittleEndian, parseIp } from '../../wire/index.js';
import { omitUndefined } from '../../check/index.js';
import type { RouteAttrs, RouteAttrsInput } from '../../families/rt-route.js';
import { FieldError } from '../common/field-error.js';
import { ip, parseCidr } from '../fields/address-checks.js';
import { choice, integer, list, shown, word, type Check } from '../fields/check.js';
import { normalise, type Shape } from '../fields/shape.js';
import type { Encap, OtherEncap, Seg6Encap, Seg6Mode } from './encap.js';

type Words<T extends Encap['type']> = Extract<Encap, { readonly type: T }>;

const SEG6_MODES: readonly Seg6Mode[] = ['inline', 'encap', 'l2encap', 'encap.red', 'l2encap.red'];

const OTHERS: readonly OtherEncap['type'][] = ['ila', 'bpf', 'seg6-local', 'rpl', 'ioam6', 'xfrm'];

const byte = integer(0, 255);
const tunnel = { type: word(['ip', 'ip6']), to: ip, from: ip, id: integer(0, Number.MAX_SAFE_INTEGER) };

/** IPv6 segments; `ip` keeps the place of the original destination itself. */
const segments: Check<readonly string[]> = (value, path) => {
  const given = list(ip)(value, path);
  if (given.length === 0 || given.length > 127) throw new FieldError(path, `expected 1 to 127 segments, not ${given.length}`);
  const wrong = given.findIndex((segment) => !segment.includes(':'));
  if (wrong >= 0) throw new FieldError(`${path}[${wrong}]`, 'expected an IPv6 address');
  return given;
};

const options: Check = (value, path) => {
  if (typeof value !== 'object' || value === null) throw new FieldError(path, `expected an object, not ${shown(value)}`);
  return value;
};

const type = (value: unknown): unknown => value;

const SHAPES: Readonly<Record<string, { readonly shape: Shape; readonly required: readonly string[] }>> = {
  ip: { shape: { fields: { ...tunnel, ttl: byte, tos: byte } }, required: ['to'] },
  ip6: { shape: { fields: { ...tunnel, hoplimit: byte, trafficClass: byte } }, required: ['to'] },
  mpls: { shape: { fields: { type, labels: list(integer(0, 0xf_ffff)), ttl: byte } }, required: ['labels'] },
  seg6: { shape: { fields: { type, mode: choice(SEG6_MODES), segments } }, required: ['mode', 'segments'] },
};
const OTHER: Shape = { fields: { type, options } };

/** Accepts an encapsulation. @internal */
export const encap: Check<Encap> = (value, path) => {
  if (typeof value !== 'object' || value === null) throw new FieldError(path, `expected an object, not ${shown(value)}`);
  const { type: kind } = value as { readonly type?: unknown };
  const known = typeof kind === 'string' && Object.hasOwn(SHAPES, kind) ? SHAPES[kind]! : undefined;
  if (known === undefined && !OTHERS.includes(kind as OtherEncap['type']))
    throw new FieldError(`${path}.type`, `expected ${[...Object.keys(SHAPES), ...OTHERS].join(', ')}, not ${shown(kind)}`);
  const given = normalise(known?.shape ?? OTHER, value, path) as unknown as Encap;
  const missing = known?.required.find((name) => !Object.hasOwn(given, name));
  if (missing !== undefined) throw new FieldError(`${path}.${missing}`, 'is required');
  for (const name of ['to', 'from'] as const) checkFamily(given, name, path);
  return given;
};

function checkFamily(given: Encap, name: 'to' | 'from', path: string): void {
  if (given.type !== 'ip' && given.type !== 'ip6') return;
  const address = given[name];
  const family = given.type === 'ip' ? 4 : 6;
  if (address !== undefined && parseCidr(address, `${path}.${name}`).family !== family)
    throw new FieldError(`${path}.${name}`, `expected an IPv${family} address`);
}

/** Translates the encapsulation of a row; undefined if it has none. @internal */
export function encapOf(row: RouteAttrs): Encap | undefined {
  switch (row.encapType) {
    case undefined:
    case 'none':
      return undefined;
    case 'ip': {
      const { id, dst = '', src, ttl, tos } = row.encap ?? {};
      return omitUndefined({
        type: 'ip',
        to: dst,
        from: unlessAny(src),
        id: unlessZero(id),
        ttl: unlessZero(ttl),
        tos: unlessZero(tos),
      }) as Words<'ip'>;
    }
    case 'ip6': {
      const { id, dst = '', src, hoplimit, tc } = row.encap ?? {};
      const parts = { from: unlessAny(src), id: unlessZero(id), hoplimit: unlessZero(hoplimit), trafficClass: unlessZero(tc) };
      return omitUndefined({ type: 'ip6', to: dst, ...parts }) as Words<'ip6'>;
    }
    case 'mpls': {
      const { dst = [], ttl } = row.encap ?? {};
      return omitUndefined({ type: 'mpls', labels: dst.map((entry) => entry >>> 12), ttl: unlessZero(ttl) }) as Words<'mpls'>;
    }
    case 'seg6':
      return seg6Of(row.encap?.srh ?? new Uint8Array(8));
    default:
      return { type: row.encapType as OtherEncap['type'], options: (row as { readonly encap?: Record<string, unknown> }).encap ?? {} };
  }
}

/** Translates an encapsulation into attributes. @internal */
export function encapRequest(wanted: Encap | null | undefined): RouteAttrsInput {
  switch (wanted?.type) {
    case undefined:
      return {};
    case 'ip': {
      const { to, from, id, ttl, tos } = wanted;
      return { encapType: 'ip', encap: omitUndefined({ id: bigintOf(id), dst: to, src: from, ttl, tos }) };
    }
    case 'ip6': {
      const { to, from, id, hoplimit, trafficClass } = wanted;
      return { encapType: 'ip6', encap: omitUndefined({ id: bigintOf(id), dst: to, src: from, hoplimit, tc: trafficClass }) };
    }
    case 'mpls': {
      const { labels, ttl } = wanted;
      const bottom = labels.length - 1;
      // struct mpls_label: the label, and the bit of the last one.
      const dst = labels.map((label, index) => ((label << 12) | (index === bottom ? 0x100 : 0)) >>> 0);
      return { encapType: 'mpls', encap: omitUndefined({ dst, ttl }) };
    }
    case 'seg6':
      return { encapType: 'seg6', encap: { srh: seg6Bytes(wanted) } };
    default:
      return { encapType: wanted!.type, encap: (wanted as OtherEncap).options ?? {} };
  }
}

/** Size of struct seg6_iptunnel_encap: the mode, then struct ipv6_sr_hdr without segments. */
const SEG6_HEADER = 12;

/** The segments are in reverse order; an inline header ends with the place of the original destination. */
function seg6Bytes({ mode, segments: path }: Seg6Encap): Uint8Array {
  const inline = mode === 'inline';
  const addresses = [...(inline ? [new Uint8Array(16)] : []), ...[...path].reverse().map((segment) => parseIp(segment))];
  const bytes = new Uint8Array(SEG6_HEADER + 16 * addresses.length);
  new DataView(bytes.buffer).setInt32(0, SEG6_MODES.indexOf(mode), hostIsLittleEndian);
  // hdrlen in units of 8 bytes without the first; routing type 4; segments_left, first_segment.
  bytes.set([0, 2 * addresses.length, 4, addresses.length - 1, addresses.length - 1], 4);
  for (const [index, address] of addresses.entries()) bytes.set(address, SEG6_HEADER + 16 * index);
  return bytes;
}

function seg6Of(bytes: Uint8Array): Seg6Encap {
  const mode = SEG6_MODES[new DataView(bytes.buffer, bytes.byteOffset).getInt32(0, hostIsLittleEndian)]!;
  const path: string[] = [];
  for (let at = SEG6_HEADER; at + 16 <= bytes.length; at += 16) path.unshift(addressText(bytes.subarray(at, at + 16)));
  return { type: 'seg6', mode, segments: mode === 'inline' ? path.slice(0, -1) : path };
}

function unlessAny(address: string | undefined): string | undefined {
  return address === '0.0.0.0' || address === '::' ? undefined : address;
}

function unlessZero(value: number | bigint | undefined): number | undefined {
  return value === undefined || Number(value) === 0 ? undefined : Number(value);
}

function bigintOf(value: number | undefined): bigint | undefined {
  return value === undefined ? undefined : BigInt(value);
}
