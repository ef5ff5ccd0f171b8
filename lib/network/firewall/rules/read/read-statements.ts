import { dataType } from '../../data/data-types.js';
import { plainInteger } from '../../data/integers.js';
import { LOG_FLAGS, QUEUE_FLAGS } from '../compile/statements/outlets.js';
import { NAT_FLAGS } from '../compile/statements/nat.js';
import type { Expression } from '../expression.js';
import type { LimitStatement, NatFlag, RatePeriod, Statement } from '../statement.js';
import type { RuleExpression } from '../rule-context.js';
import { namedValues, type ValueData } from '../map-data.js';
import { registerSlot } from '../register-slot.js';
import { readDynamicSet } from './read-dynamic-set.js';
import { readDup, readFwd, readObject, readSynproxy, readTproxy } from './read-redirects.js';
import { readHeaderWrite, readMangle, readOption } from './read-writes.js';
import type { RuleReader } from './rule-reader.js';
import { Unreadable } from './unreadable.js';

type Data = Readonly<Record<string, unknown>>;
type StatementReader = (reader: RuleReader, data: Data, expression: RuleExpression) => Statement;

const PERIODS: Readonly<Record<string, RatePeriod>> = { 1: 'second', 60: 'minute', 3600: 'hour', 86_400: 'day', 604_800: 'week' };
const DEFAULT_BURST = 5;
const INVERTED = 1;

/** The names of flags in a sum; a single one without a list. */
function names<T extends string>(sum: unknown, flags: Readonly<Record<T, number>>): T | readonly T[] | undefined {
  const rest = Number(sum ?? 0);
  const found = (Object.keys(flags) as T[]).filter((name) => (rest & flags[name]) !== 0);
  if (found.reduce((left, name) => left & ~flags[name], rest) !== 0) throw new Unreadable('flags');
  return found.length === 0 ? undefined : found.length === 1 ? found[0]! : found;
}

const optional = <K extends string, V>(name: K, value: V | undefined): { readonly [P in K]?: V } =>
  (value === undefined ? {} : { [name]: value }) as { readonly [P in K]?: V };

function safe(value: unknown): number {
  const number = Number(value ?? 0);
  if (!Number.isSafeInteger(number)) throw new Unreadable('number');
  return number;
}

/** Readers of the expressions that are statements by themselves. @internal */
export const STATEMENT_READERS: Readonly<Record<string, StatementReader>> = {
  counter: (_, { packets, bytes }) =>
    safe(packets) === 0 && safe(bytes) === 0 ? 'counter' : { counter: { packets: safe(packets), bytes: safe(bytes) } },
  objref: readObject,
  connlimit: (_, { count, flags }) => ({
    'ct count': { val: safe(count), ...((Number(flags ?? 0) & INVERTED) === 0 ? {} : { inv: true }) },
  }),
  last: () => 'last',
  tproxy: readTproxy,
  dup: readDup,
  fwd: readFwd,
  synproxy: readSynproxy,
  payload: readHeaderWrite,
  limit: (_, data) => ({ limit: readLimit(data) }),
  quota: (_, { bytes, consumed, flags }) => ({
    quota: { val: safe(bytes), ...amountUsed(consumed), ...((Number(flags ?? 0) & INVERTED) === 0 ? {} : { inv: true }) },
  }),
  log(_, { prefix, group, snaplen, qthreshold, level, flags }) {
    const words = Number(flags ?? 0) === LOG_FLAGS.all ? ('all' as const) : names(flags, LOG_PARTS);
    const log = {
      ...optional('prefix', prefix === '' ? undefined : (prefix as string | undefined)),
      ...optional('group', group as number | undefined),
      ...optional('snaplen', snaplen === 0 ? undefined : (snaplen as number | undefined)),
      ...optional('queue-threshold', qthreshold === 0 ? undefined : (qthreshold as number | undefined)),
      ...optional('level', level === 'warning' || group !== undefined ? undefined : (level as 'debug' | undefined)),
      ...optional('flags', words),
    };
    return Object.keys(log).length === 0 ? 'log' : { log };
  },
  reject: readReject,
  queue(reader, { num, total = 1, flags, sregQnum }) {
    const words = names(flags, QUEUE_FLAGS);
    if (sregQnum !== undefined) return { queue: { num: reader.value(sregQnum, plainInteger(16, 'host')), ...optional('flags', words) } };
    const [first, last] = [Number(num ?? 0), Number(num ?? 0) + Number(total) - 1];
    if (first === 0 && last === 0 && words === undefined) return 'queue';
    return { queue: { num: first === last ? first : { range: [first, last] }, ...optional('flags', words) } };
  },
  nat: readNat,
  masq: (reader, data) => translated(reader, 'masquerade', data),
  redir: (reader, data) => translated(reader, 'redirect', data),
  notrack: () => 'notrack',
  flow_offload: (_, { name }) => ({ flow: { op: 'add', flowtable: `@${String(name)}` } }),
  meta: readMangle,
  ct: readMangle,
  exthdr: readOption,
  dynset: (reader, data) => readDynamicSet(reader, data, STATEMENT_READERS),
};

const { all: _, ...LOG_PARTS } = LOG_FLAGS;

function amountUsed(consumed: unknown): { readonly used?: number } {
  return safe(consumed) === 0 ? {} : { used: safe(consumed) };
}

function readLimit({ rate, unit, burst, type, flags }: Data): LimitStatement['limit'] {
  const per = PERIODS[String(unit)];
  if (per === undefined) throw new Unreadable('period');
  const isPackets = type === 'pkts' || type === 0 || type === undefined;
  const isDefault = Number(burst ?? 0) === (isPackets ? DEFAULT_BURST : 0);
  return {
    rate: safe(rate),
    ...(isPackets ? {} : { rate_unit: 'bytes' }),
    per,
    ...(isDefault ? {} : { burst: safe(burst) }),
    ...((Number(flags ?? 0) & INVERTED) === 0 ? {} : { inv: true }),
  };
}

function readReject({ known: { network } }: RuleReader, { type, icmpCode }: Data): Statement {
  if (type === 'tcp-rst') return { reject: { type: 'tcp reset' } };
  const code = Number(icmpCode ?? 0);
  if (type === 'icmpx-unreach')
    return code === 1 && network === undefined ? 'reject' : { reject: { type: 'icmpx', expr: word('icmpx_code', code) } };
  if (type !== 'icmp-unreach' || (network !== 'ip' && network !== 'ip6')) throw new Unreadable('reject');
  const isDefault = code === (network === 'ip' ? 3 : 4);
  if (isDefault) return 'reject';
  return {
    reject: network === 'ip' ? { type: 'icmp', expr: word('icmp_code', code) } : { type: 'icmpv6', expr: word('icmpv6_code', code) },
  };
}

const word = (name: 'icmp_code' | 'icmpv6_code' | 'icmpx_code', code: number): string | number => dataType(name).print(Uint8Array.of(code));

/** Reads a value, or a range in two registers. */
function interval(
  reader: RuleReader,
  min: unknown,
  max: unknown,
  name: 'ipv4_addr' | 'ipv6_addr' | 'inet_service',
): Expression | undefined {
  if (min === undefined) return undefined;
  const first = reader.value(min, dataType(name));
  if (max === undefined || max === min) return first;
  return { range: [first, reader.value(max, dataType(name))] };
}

function readNat(reader: RuleReader, { type, family, regAddrMin, regAddrMax, regProtoMin, regProtoMax, flags }: Data): Statement {
  const version = family === 2 ? ('ip' as const) : family === 10 ? ('ip6' as const) : undefined;
  if (version === undefined || (type !== 'snat' && type !== 'dnat')) throw new Unreadable('nat');
  const table = reader.context.family;
  const name = version === 'ip' ? 'ipv4_addr' : 'ipv6_addr';
  const values = mappedValues(reader, regAddrMin);
  const isInMap =
    values !== undefined && regProtoMin !== undefined && registerSlot(regProtoMin) === registerSlot(regAddrMin)! + dataType(name).bytes / 4;
  const addr = values === undefined ? interval(reader, regAddrMin, regAddrMax, name) : reader.value(regAddrMin, dataType(name));
  const target = {
    ...(table === version ? {} : { family: version }),
    ...optional('addr', addr),
    ...optional('port', isInMap ? undefined : interval(reader, regProtoMin, regProtoMax, 'inet_service')),
    ...natFlags(flags),
  } as const;
  return type === 'snat' ? { snat: target } : { dnat: target };
}

/** Returns the values of the map from which a register is loaded; undefined if it is not. */
function mappedValues(reader: RuleReader, register: unknown): ValueData | undefined {
  if (register === undefined) return undefined;
  const { mapped } = reader.registers.get(register);
  if (mapped === undefined) return undefined;
  const { set } = mapped;
  const named = 'name' in set ? reader.context.set(set.name) : undefined;
  const data = 'name' in set ? named && namedValues(named) : reader.dataOf(set);
  if (data === undefined || typeof data === 'string' || 'object' in data) throw new Unreadable('values of a map');
  return data;
}

function natFlags(flags: unknown): { readonly flags?: NatFlag | readonly NatFlag[] } {
  return optional('flags', names<NatFlag>(Number(flags ?? 0) & ~3, NAT_FLAGS));
}

function translated(reader: RuleReader, name: 'masquerade' | 'redirect', { regProtoMin, regProtoMax, flags }: Data): Statement {
  const body = { ...optional('port', interval(reader, regProtoMin, regProtoMax, 'inet_service')), ...natFlags(flags) };
  return Object.keys(body).length === 0 ? name : ({ [name]: body } as unknown as Statement);
}
