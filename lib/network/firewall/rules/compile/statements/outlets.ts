import type { LogLevel } from '../../../../../families/nftables.js';
import { FieldError } from '../../../../common/field-error.js';
import { integer, shown, text } from '../../../../fields/check.js';
import { dataType } from '../../../data/data-types.js';
import { plainInteger } from '../../../data/integers.js';
import { parseInterval } from '../../../data/interval.js';
import { bodyOf, flagsOf, oneOf } from '../body.js';
import { requireNetwork, requireTransport } from '../dependencies.js';
import type { RuleProgram } from '../program.js';
import { loadValue, onlyEntry } from '../value.js';

const LEVELS: Readonly<Record<string, LogLevel>> = {
  emerg: 'emerg',
  alert: 'alert',
  crit: 'crit',
  err: 'err',
  warn: 'warning',
  notice: 'notice',
  info: 'info',
  debug: 'debug',
  audit: 'audit',
};

/** Details of a log entry (`NF_LOG_*`); `all` are the others together. @internal */
export const LOG_FLAGS = { 'tcp sequence': 1, 'tcp options': 2, 'ip options': 4, skuid: 8, ether: 32, all: 47 } as const;

/** Flags of a queue (`NFT_QUEUE_FLAG_*`). @internal */
export const QUEUE_FLAGS = { bypass: 1, fanout: 2 } as const;

const uint16 = integer(0, 0xffff);
const uint32 = integer(0, 0xffff_ffff);
/** Bytes of a prefix without its NUL (`NF_LOG_PREFIXLEN` is 128). */
const prefixText = text(127);

/** Compiles `log`. @internal */
export function log(program: RuleProgram, body: unknown, path: string): void {
  const {
    prefix,
    group,
    snaplen,
    'queue-threshold': threshold,
    level,
    flags,
  } = bodyOf(body, path, ['prefix', 'group', 'snaplen', 'queue-threshold', 'level', 'flags']);
  if (group === undefined && (snaplen ?? threshold) !== undefined)
    throw new FieldError(`${path}.${snaplen === undefined ? 'queue-threshold' : 'snaplen'}`, 'needs a group');
  if (group !== undefined && (level ?? flags) !== undefined)
    throw new FieldError(`${path}.${level === undefined ? 'flags' : 'level'}`, 'a log with a group has no level and no flags');
  program.emit({
    name: 'log',
    data: {
      ...(prefix === undefined ? {} : { prefix: prefixText(prefix, `${path}.prefix`) }),
      ...(group === undefined ? {} : { group: uint16(group, `${path}.group`) }),
      ...(snaplen === undefined ? {} : { snaplen: uint32(snaplen, `${path}.snaplen`) }),
      ...(threshold === undefined ? {} : { qthreshold: uint16(threshold, `${path}.queue-threshold`) }),
      ...(level === undefined ? {} : { level: oneOf(level, `${path}.level`, LEVELS) }),
      ...(flags === undefined ? {} : { flags: flagsOf(flags, `${path}.flags`, LOG_FLAGS) }),
    },
  });
}

/** Compiles `reject`. Without a type, it is that of the protocol which the conditions require. @internal */
export function reject(program: RuleProgram, body: unknown, path: string): void {
  const { type, expr } = bodyOf(body, path, ['type', 'expr']);
  const { family } = program.context;
  const { network } = program.known;
  const code = (name: 'icmp_code' | 'icmpv6_code' | 'icmpx_code', fallback: string): number =>
    dataType(name).parse(expr === undefined ? fallback : expr, `${path}.expr`)[0]!;
  if (type === 'tcp reset') {
    if (expr !== undefined) throw new FieldError(`${path}.expr`, 'a reset of TCP has no code');
    requireTransport(program, 'tcp', path);
    program.emit({ name: 'reject', data: { type: 'tcp-rst', icmpCode: 0 } });
  } else if (type === 'icmpx' || (type === undefined && network === undefined)) {
    if (type === 'icmpx' && (family === 'ip' || family === 'ip6'))
      throw new FieldError(`${path}.type`, `'icmpx' is for tables of several families; write '${family === 'ip' ? 'icmp' : 'icmpv6'}'`);
    program.emit({ name: 'reject', data: { type: 'icmpx-unreach', icmpCode: code('icmpx_code', 'port-unreachable') } });
  } else if (type === 'icmp' || (type === undefined && network === 'ip')) {
    requireNetwork(program, 'ip', path, true);
    program.emit({ name: 'reject', data: { type: 'icmp-unreach', icmpCode: code('icmp_code', 'port-unreachable') } });
  } else if (type === 'icmpv6' || (type === undefined && network === 'ip6')) {
    requireNetwork(program, 'ip6', path, true);
    program.emit({ name: 'reject', data: { type: 'icmp-unreach', icmpCode: code('icmpv6_code', 'port-unreachable') } });
  } else throw new FieldError(`${path}.type`, `expected 'icmp', 'icmpv6', 'icmpx' or 'tcp reset', not ${shown(type)}`);
}

/** Compiles `queue`. @internal */
export function queue(program: RuleProgram, body: unknown, path: string): void {
  const { num = 0, flags } = bodyOf(body, path, ['num', 'flags']);
  const common = flags === undefined ? {} : { flags: flagsOf(flags, `${path}.flags`, QUEUE_FLAGS) };
  const [name] = onlyEntry(num);
  if (name !== undefined && name !== 'range') {
    const sregQnum = loadValue(program, num, plainInteger(16, 'host'), `${path}.num`);
    program.emit({ name: 'queue', data: { sregQnum, ...common } });
    return;
  }
  const { from, to } = parseInterval(plainInteger(16, 'network'), num, `${path}.num`);
  const [first, last] = [from.readUInt16BE(), to.readUInt16BE()];
  program.emit({ name: 'queue', data: { num: first, total: last - first + 1, ...common } });
}

/** Compiles `flow`. @internal */
export function flow(program: RuleProgram, body: unknown, path: string): void {
  const { op, flowtable } = bodyOf(body, path, ['op', 'flowtable']);
  oneOf(op, `${path}.op`, { add: true });
  if (typeof flowtable !== 'string' || !/^@./.test(flowtable))
    throw new FieldError(`${path}.flowtable`, `expected the name of a flowtable such as '@f', not ${shown(flowtable)}`);
  program.emit({ name: 'flow_offload', data: { name: flowtable.slice(1) } });
}

/** Compiles `notrack`. @internal */
export function notrack(program: RuleProgram, body: unknown, path: string): void {
  bodyOf(body, path, []);
  program.emit({ name: 'notrack' });
}
