import { NatRangeFlags } from '../../../../families/nftables.js';
import { FieldError } from '../../../common/field-error.js';
import { shown } from '../../../fields/check.js';
import type { DataType } from '../../data/data-type.js';
import { dataType } from '../../data/data-types.js';
import { parseInterval } from '../../data/interval.js';
import { bodyOf, flagsOf } from './body.js';
import type { RuleProgram } from './program.js';
import { loadValue, onlyEntry } from './value.js';

/** Flags that a rule can name. @internal */
export const NAT_FLAGS: Readonly<Record<'random' | 'persistent' | 'fully-random', number>> = {
  random: NatRangeFlags.ProtoRandom,
  persistent: NatRangeFlags.Persistent,
  'fully-random': NatRangeFlags.ProtoRandomFully,
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
  if (typeFlags !== undefined)
    throw new FieldError(`${path}.type_flags`, 'maps of intervals are not supported; write the rule as expressions', 'unsupported');
  if (addr === undefined && port === undefined) throw new FieldError(path, 'needs an address or a port');
  const version = natFamily(program, family, addr, path);
  const address =
    addr === undefined ? undefined : loadInterval(program, addr, dataType(version === 'ip' ? 'ipv4_addr' : 'ipv6_addr'), `${path}.addr`);
  const { registers, flags: sum } = loadPorts(program, port, flags, path);
  const [min, max] = address ?? [];
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

function loadPorts(program: RuleProgram, port: unknown, flags: unknown, path: string): LoadedPorts {
  const sum = flagsOf(flags, `${path}.flags`, NAT_FLAGS);
  if (port === undefined) return { registers: {}, flags: sum };
  const [regProtoMin, regProtoMax] = loadInterval(program, port, dataType('inet_service'), `${path}.port`);
  return {
    registers: { regProtoMin, ...(regProtoMax === undefined ? {} : { regProtoMax }) },
    flags: sum | NatRangeFlags.ProtoSpecified,
  };
}

/** Loads a value or a range; returns its registers. */
function loadInterval(program: RuleProgram, value: unknown, type: DataType, path: string): readonly [number, number?] {
  const [name] = onlyEntry(value);
  if (name !== undefined && name !== 'range' && name !== 'prefix') return [loadValue(program, value, type, path)];
  const { from, to, prefix } = parseInterval(type, value, path);
  if (prefix !== undefined && prefix < type.bits)
    throw new FieldError(path, 'translation to a prefix is not supported; write a range', 'unsupported');
  const registers = (from.equals(to) ? [from] : [from, to]).map((bytes) => {
    const dreg = program.register();
    program.emit({ name: 'immediate', data: { dreg, data: { value: bytes } } });
    return dreg;
  });
  return registers as unknown as readonly [number, number?];
}
