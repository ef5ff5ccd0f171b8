import { NatRangeFlags } from '../../../../../families/nftables.js';
import { FieldError } from '../../../../common/field-error.js';
import { shown } from '../../../../fields/check.js';
import type { DataType } from '../../../data/data-type.js';
import { dataType } from '../../../data/data-types.js';
import { parseInterval } from '../../../data/interval.js';
import { bodyOf, flagsOf } from '../body.js';
import { requireAnyTransport } from '../dependencies.js';
import type { RuleProgram } from '../program.js';
import { loadAddressMap } from './nat-map.js';
import { loadValue, onlyEntry } from '../value.js';

/** The flag that keeps the bits of the address behind the prefix (`NF_NAT_RANGE_NETMAP`). */
const NETMAP = 64;

/** Flags that a rule can name. @internal */
export const NAT_FLAGS: Readonly<Record<'random' | 'persistent' | 'fully-random' | 'netmap', number>> = {
  random: NatRangeFlags.ProtoRandom,
  persistent: NatRangeFlags.Persistent,
  'fully-random': NatRangeFlags.ProtoRandomFully,
  netmap: NETMAP,
};

/** Numbers of families in address translation (`NFPROTO_*`). @internal */
export const NAT_FAMILIES = { ip: 2, ip6: 10 } as const;

/** Compiles `snat`. @internal */
export const snat = (program: RuleProgram, body: unknown, path: string): void => translate(program, 'snat', body, path);

/** Compiles `dnat`. @internal */
export const dnat = (program: RuleProgram, body: unknown, path: string): void => translate(program, 'dnat', body, path);

/** Compiles `masquerade`. @internal */
export function masquerade(program: RuleProgram, body: unknown, path: string): void {
  const { registers, flags } = portsOnly(program, body, path);
  program.emit({ name: 'masq', data: { ...registers, ...(flags === 0 ? {} : { flags }) } });
}

/** Compiles `redirect`. @internal */
export function redirect(program: RuleProgram, body: unknown, path: string): void {
  const { registers, flags } = portsOnly(program, body, path);
  program.emit({ name: 'redir', data: { ...registers, ...(flags === 0 ? {} : { flags }) } });
}

function translate(program: RuleProgram, type: 'snat' | 'dnat', body: unknown, path: string): void {
  const { family, addr, port, flags, type_flags: typeFlags } = bodyOf(body, path, ['family', 'addr', 'port', 'flags', 'type_flags']);
  if (addr === undefined && port === undefined) throw new FieldError(path, 'needs an address or a port');
  const version = natFamily(program, family, addr, path);
  const addressType = dataType(version === 'ip' ? 'ipv4_addr' : 'ipv6_addr');
  const names = flagsOf(typeFlags, `${path}.type_flags`, TYPE_FLAGS);
  const isMap = onlyEntry(addr)[0] === 'map';
  const mapped = isMap ? loadAddressMap(program, addr, addressType, port, `${path}.addr`) : undefined;
  const [min, max] = mapped?.address ?? (addr === undefined ? [] : loadInterval(program, addr, addressType, `${path}.addr`));
  const ports = mapped?.ports === undefined ? loadPorts(program, port, flags, path) : withPorts(mapped.ports, flags, path);
  if (mapped?.ports !== undefined) requireAnyTransport(program, `${path}.addr`);
  const { registers } = ports;
  const sum = ports.flags | names | (isPrefix(addr) ? NETMAP : 0);
  program.emit({
    name: 'nat',
    data: {
      type,
      family: NAT_FAMILIES[version],
      ...(min === undefined ? {} : { regAddrMin: min }),
      ...(max === undefined ? {} : { regAddrMax: max }),
      ...registers,
      ...(sum === 0 ? {} : { flags: sum }),
    },
  });
}

function natFamily(program: RuleProgram, family: unknown, addr: unknown, path: string): 'ip' | 'ip6' {
  const table = program.context.family;
  const written = typeof addr === 'string' ? (addr.includes(':') ? 'ip6' : 'ip') : undefined;
  const { network } = program.known;
  const version = family ?? (table === 'ip' || table === 'ip6' ? table : (written ?? network));
  if (version !== 'ip' && version !== 'ip6') throw new FieldError(`${path}.family`, `expected 'ip' or 'ip6', not ${shown(version)}`);
  if ((table === 'ip' || table === 'ip6') && version !== table)
    throw new FieldError(`${path}.family`, `'${version}' in a table of the family '${table}'`);
  return version;
}

interface LoadedPorts {
  readonly registers: { readonly regProtoMin?: number; readonly regProtoMax?: number };
  readonly flags: number;
}

function portsOnly(program: RuleProgram, body: unknown, path: string): LoadedPorts {
  const { port, flags } = bodyOf(body, path, ['port', 'flags']);
  return loadPorts(program, port, flags, path);
}

/** The forms of the values of a map, as `nft -j` prints them; only `prefix` changes the rule. */
const TYPE_FLAGS = { interval: 0, concat: 0, prefix: NETMAP } as const;

const isPrefix = (addr: unknown): boolean => onlyEntry(addr)[0] === 'prefix' || (typeof addr === 'string' && /\/\d+$/.test(addr));

function withPorts([regProtoMin, regProtoMax]: readonly [number, number?], flags: unknown, path: string): LoadedPorts {
  return {
    registers: { regProtoMin, ...(regProtoMax === undefined ? {} : { regProtoMax }) },
    flags: flagsOf(flags, `${path}.flags`, NAT_FLAGS) | NatRangeFlags.ProtoSpecified,
  };
}

function loadPorts(program: RuleProgram, port: unknown, flags: unknown, path: string): LoadedPorts {
  const sum = flagsOf(flags, `${path}.flags`, NAT_FLAGS);
  if (port === undefined) return { registers: {}, flags: sum };
  const [regProtoMin, regProtoMax] = loadInterval(program, port, dataType('inet_service'), `${path}.port`);
  // Otherwise, the kernel would translate packets of all protocols.
  requireAnyTransport(program, `${path}.port`);
  return {
    registers: { regProtoMin, ...(regProtoMax === undefined ? {} : { regProtoMax }) },
    flags: sum | NatRangeFlags.ProtoSpecified,
  };
}

/** Loads a value or a range; returns its registers. */
function loadInterval(program: RuleProgram, value: unknown, type: DataType, path: string): readonly [number, number?] {
  const [name] = onlyEntry(value);
  if (name !== undefined && name !== 'range' && name !== 'prefix') return [loadValue(program, value, type, path)];
  const { from, to } = parseInterval(type, value, path);
  const registers = (from.equals(to) ? [from] : [from, to]).map((bytes) => {
    const dreg = program.register();
    program.emit({ name: 'immediate', data: { dreg, data: { value: bytes } } });
    return dreg;
  });
  return registers as unknown as readonly [number, number?];
}
