import { suggestion } from '../../../../check/index.js';
import type { CtKeys, FibResult } from '../../../../families/nftables.js';
import { FieldError } from '../../../common/field-error.js';
import { integer, shown } from '../../../fields/check.js';
import type { DataType } from '../../data/data-type.js';
import { dataType } from '../../data/data-types.js';
import { integerType, plainInteger } from '../../data/integers.js';
import { CT_FIELDS, META_FIELDS, type KeyField } from './meta-fields.js';
import { PAYLOAD_FIELDS } from './payload-fields.js';
import type { Part } from './part.js';
import { isOptionSelector, optionPart } from './parts/option-part.js';
import { fingerprintPart, ipsecPart } from './parts/other-parts.js';
import { payloadPart } from './payload-part.js';
import { rawField, rawPart } from './parts/raw-part.js';
import { innerPart, isTunnel, TUNNELS, tunnelField } from './parts/tunnel-part.js';

/** Flags of a lookup in the routing table (`NFTA_FIB_F_*`). @internal */
export const FIB_FLAGS = { saddr: 1, daddr: 2, mark: 4, iif: 8, oif: 16 } as const;
/** The flag of a lookup that returns only if there is a route (`NFTA_FIB_F_PRESENT`). @internal */
export const FIB_PRESENT = 32;

const FIB_RESULTS: Readonly<Record<string, { readonly result: FibResult; readonly type: DataType; readonly flags: number }>> = {
  oif: { result: 'oif', type: dataType('iface_index'), flags: 0 },
  oifname: { result: 'oifname', type: dataType('ifname'), flags: 0 },
  type: { result: 'addrtype', type: dataType('fib_addrtype'), flags: 0 },
  // The kernel stores 1 or 0 in all bytes of the register.
  check: { result: 'oif', type: integerType('boolean', 39, 32, 'host', { exists: 1, missing: 0 }), flags: FIB_PRESENT },
};

/** Properties of one direction of a connection. @internal */
export const CT_DIRECTED: Readonly<Record<string, KeyField<CtKeys>>> = {
  'ip saddr': { key: 'src-ip', type: dataType('ipv4_addr') },
  'ip daddr': { key: 'dst-ip', type: dataType('ipv4_addr') },
  'ip6 saddr': { key: 'src-ip6', type: dataType('ipv6_addr') },
  'ip6 daddr': { key: 'dst-ip6', type: dataType('ipv6_addr') },
  'proto-src': { key: 'proto-src', type: dataType('inet_service') },
  'proto-dst': { key: 'proto-dst', type: dataType('inet_service') },
  bytes: CT_FIELDS.bytes,
  packets: CT_FIELDS.packets,
  avgpkt: CT_FIELDS.avgpkt,
  zone: CT_FIELDS.zone,
};

/** The properties that selectors of libnftables-json have here. */
const PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  meta: ['key'],
  ct: ['key', 'dir'],
  fib: ['result', 'flags'],
  rt: ['key', 'family'],
  socket: ['key'],
  payload: ['protocol', 'field', 'base', 'offset', 'len', 'tunnel'],
  'tcp option': ['name', 'field', 'base', 'offset', 'len'],
  'ip option': ['name', 'field'],
  exthdr: ['name', 'field'],
  'sctp chunk': ['name', 'field'],
  osf: ['key', 'ttl'],
  ipsec: ['key', 'family', 'dir', 'spnum'],
  numgen: ['mode', 'mod', 'offset'],
  symhash: ['mod', 'offset'],
};

const modulus = integer(1, 0xffff_ffff);
const start = integer(0, 0xffff_ffff);

/** Properties of the route of a packet. @internal */
export const RT_KEYS: Readonly<Record<string, Part>> = {
  classid: simplePart('rt.classid', dataType('realm'), (dreg) => ({ name: 'rt', data: { key: 'classid', dreg } })),
  mtu: simplePart('rt.mtu', plainInteger(16, 'host'), (dreg) => ({ name: 'rt', data: { key: 'tcpmss', dreg } })),
  ipsec: simplePart('rt.ipsec', dataType('boolean'), (dreg) => ({ name: 'rt', data: { key: 'xfrm', dreg } })),
  'nexthop ip': simplePart('rt.nexthop.ip', dataType('ipv4_addr'), (dreg) => ({ name: 'rt', data: { key: 'nexthop4', dreg } })),
  'nexthop ip6': simplePart('rt.nexthop.ip6', dataType('ipv6_addr'), (dreg) => ({ name: 'rt', data: { key: 'nexthop6', dreg } })),
};

/** Properties of the socket of a packet. @internal */
export const SOCKET_KEYS: Readonly<Record<string, Part>> = {
  transparent: simplePart('socket.transparent', plainInteger(8, 'host'), (dreg) => ({
    name: 'socket',
    data: { key: 'transparent', dreg },
  })),
  wildcard: simplePart('socket.wildcard', plainInteger(8, 'host'), (dreg) => ({ name: 'socket', data: { key: 'wildcard', dreg } })),
  mark: simplePart('socket.mark', dataType('mark'), (dreg) => ({ name: 'socket', data: { key: 'mark', dreg } })),
};

function simplePart(name: string, type: DataType, load: Part['load']): Part {
  return { name, type, shift: 0, load };
}

/** Returns the part that the short form names: `tcp.dport`, `meta.mark`. @throws FieldError @internal */
export function fieldPart(name: string, path: string, right?: unknown): Part {
  const [source = '', ...rest] = name.split('.');
  if (source === 'meta') return metaPart(rest.join('.'), path);
  if (source === 'ct') return ctPart({ key: rest.join('.') }, path);
  if (source === 'fib') return fibPart({ result: rest.at(-1), flags: rest.slice(0, -1) }, path, right);
  const part = payloadPart(name) ?? rawField(name);
  if (part !== undefined) return part;
  throw new FieldError(path, `unknown field${fieldHint(name)}`);
}

/**
 * Returns a question with the field that an unknown name may mean: the one of `nft`, which writes `iifname` without `meta`, or a similar
 * name; `''` if there is none.
 *
 * @internal
 */
export function fieldHint(name: string): string {
  const known = [
    ...Object.keys(PAYLOAD_FIELDS),
    ...Object.keys(META_FIELDS).map((key) => `meta.${key}`),
    ...Object.keys(CT_FIELDS).map((key) => `ct.${key}`),
  ];
  if (Object.hasOwn(META_FIELDS, name)) return `; did you mean meta.${name}?`;
  const plain = name.replace(' ', '.');
  const protocol = /^(\w+)\.ports?$/.exec(plain)?.[1];
  if (known.includes(`${protocol}.dport`)) return `; did you mean ${protocol}.sport or ${protocol}.dport?`;
  return known.includes(plain) ? `; did you mean ${plain}?` : suggestion(name, known, '; ');
}

/** Returns the part that a selector of libnftables-json names; undefined if the object is not one. @throws FieldError @internal */
export function selectedPart(expression: object, path: string, right?: unknown): Part | undefined {
  const [name = '', body] = Object.entries(expression)[0] ?? [];
  const inner = `${path}.${name}`;
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  const names = PROPERTIES[name];
  const extra = names && Object.keys(fields).find((property) => !names.includes(property));
  if (extra !== undefined)
    throw new FieldError(`${inner}.${extra}`, 'this property is not supported; write the rule as expressions', 'unsupported');
  if (name === 'meta') return metaPart(fields['key'], `${inner}.key`);
  if (name === 'ct') return ctPart(fields, inner);
  if (name === 'fib') return fibPart(fields, inner, right);
  if (name === 'rt') {
    const { key, family } = fields;
    const full = key === 'nexthop' ? `nexthop ${String(family)}` : String(key);
    return known(RT_KEYS, full, key === 'nexthop' ? `${inner}.family` : `${inner}.key`);
  }
  if (name === 'socket') return known(SOCKET_KEYS, fields['key'], `${inner}.key`);
  if (name === 'payload') return bodyPart(fields, inner);
  if (name === 'numgen' || name === 'symhash') return numberPart(name, fields, inner);
  if (isOptionSelector(name)) return optionPart(name, fields, inner);
  if (name === 'osf') return fingerprintPart(fields, inner);
  if (name === 'ipsec') return ipsecPart(fields, inner);
  return undefined;
}

function bodyPart(fields: Readonly<Record<string, unknown>>, path: string): Part {
  const { protocol, field, base, offset, len, tunnel } = fields;
  if (base !== undefined) {
    const raw = rawPart(base, offset, len);
    if (raw !== undefined) return raw;
    throw new FieldError(`${path}.base`, "expected 'll', 'nh', 'th' or 'ih', an offset from 0, and a length from 1 to 128 bits");
  }
  if (tunnel !== undefined && !isTunnel(tunnel))
    throw new FieldError(`${path}.tunnel`, `expected ${Object.keys(TUNNELS).join(', ')}, not ${shown(tunnel)}`);
  if (typeof protocol !== 'string') throw new FieldError(`${path}.protocol`, `expected the name of a protocol, not ${shown(protocol)}`);
  if (tunnel !== undefined) {
    const part = tunnelField(tunnel, protocol, String(field));
    if (part !== undefined) return innerPart(part, tunnel);
  }
  const part = payloadPart(`${protocol}.${String(field)}`);
  if (part !== undefined) return part;
  const names = Object.keys(PAYLOAD_FIELDS).filter((name) => name.startsWith(`${protocol}.`));
  if (names.length === 0)
    throw new FieldError(
      `${path}.protocol`,
      `fields of ${shown(protocol)} are not supported; write the rule as expressions`,
      'unsupported',
    );
  throw new FieldError(
    `${path}.field`,
    `unknown field ${shown(field)}; there are ${names.map((name) => name.slice(protocol.length + 1)).join(', ')}`,
  );
}

const META_PARTS: Readonly<Record<string, Part>> = Object.fromEntries(
  Object.entries(META_FIELDS).map(([name, { key, type }]) => [
    name,
    simplePart(`meta.${name}`, type, (dreg) => ({ name: 'meta', data: { key, dreg } })),
  ]),
);

const CT_PARTS: Readonly<Record<string, Part>> = Object.fromEntries(
  Object.entries(CT_FIELDS).map(([name, { key, type }]) => [
    name,
    simplePart(`ct.${name}`, type, (dreg) => ({ name: 'ct', data: { key, dreg } })),
  ]),
);

function metaPart(key: unknown, path: string): Part {
  return known(META_PARTS, key, path);
}

function ctPart({ key, dir }: { readonly key?: unknown; readonly dir?: unknown }, path: string): Part {
  if (dir === undefined) {
    return known(CT_PARTS, key, path.endsWith('.ct') ? `${path}.key` : path);
  }
  if (dir !== 'original' && dir !== 'reply') throw new FieldError(`${path}.dir`, `expected 'original' or 'reply', not ${shown(dir)}`);
  const { key: engineKey, type } = known(CT_DIRECTED, key, `${path}.key`);
  return simplePart(`ct.${dir}.${String(key)}`, type, (dreg) => ({ name: 'ct', data: { key: engineKey, direction: dir, dreg } }));
}

function numberPart(name: 'numgen' | 'symhash', { mode, mod, offset = 0 }: Readonly<Record<string, unknown>>, path: string): Part {
  const common = { modulus: modulus(mod, `${path}.mod`), offset: start(offset, `${path}.offset`) };
  const type = plainInteger(32, 'host');
  const words = { mod: common.modulus, ...(common.offset === 0 ? {} : { offset: common.offset }) };
  if (name === 'symhash')
    return {
      ...simplePart(name, type, (dreg) => ({ name: 'hash', data: { ...common, dreg, type: 'sym' } })),
      selector: { symhash: words },
    };
  if (mode !== 'inc' && mode !== 'random') throw new FieldError(`${path}.mode`, `expected 'inc' or 'random', not ${shown(mode)}`);
  const load: Part['load'] = (dreg) => ({ name: 'numgen', data: { ...common, dreg, type: mode === 'inc' ? 'incremental' : 'random' } });
  return { ...simplePart(name, type, load), selector: { numgen: { mode, ...words } } };
}

function fibPart({ result, flags }: { readonly result?: unknown; readonly flags?: unknown }, path: string, right: unknown): Part {
  const isCheck = result === 'oif' && (typeof right === 'boolean' || right === 'exists' || right === 'missing');
  const found = known(FIB_RESULTS, isCheck ? 'check' : result, path.endsWith('.fib') ? `${path}.result` : path);
  const words: readonly unknown[] = Array.isArray(flags) ? (flags as readonly unknown[]) : [flags];
  const sum = words.reduce<number>(
    (all, word) => all | known(FIB_FLAGS, word, path.endsWith('.fib') ? `${path}.flags` : path),
    found.flags,
  );
  if ((sum & (FIB_FLAGS.saddr | FIB_FLAGS.daddr)) === 0)
    throw new FieldError(path, "expected 'saddr' or 'daddr' among the inputs of the lookup");
  return simplePart(`fib.${words.join('.')}.${String(result)}`, found.type, (dreg) => ({
    name: 'fib',
    data: { dreg, result: found.result, flags: sum },
  }));
}

function known<T>(table: Readonly<Record<string, T>>, key: unknown, path: string): T {
  if (typeof key === 'string' && Object.hasOwn(table, key)) return table[key]!;
  const names = Object.keys(table);
  const hint = typeof key === 'string' ? suggestion(key, names, '; ') : '';
  throw new FieldError(path, `expected ${names.map((name) => `'${name}'`).join(', ')}, not ${shown(key)}${hint}`);
}
