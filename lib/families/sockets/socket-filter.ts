import { checkArray, checkInteger, kindOf, suggestion } from '../../check/index.js';
import { hostIsLittleEndian, parseIp } from '../../wire/index.js';
import { Program, type Label } from './bytecode.js';
import type { PortRange, SocketExpression } from './socket-expression.js';

const INET_DIAG_BC = { SGe: 2, SLe: 3, DGe: 4, DLe: 5, SCond: 7, DCond: 8, DevCond: 9, MarkCond: 10, CgroupCond: 13 } as const;
const AF_INET = 2;
const AF_INET6 = 10;

/** Size of `struct inet_diag_hostcond` without the address. */
const HOST_CONDITION = 8;
const ANY_PORT = -1;

/** Appends the code of a property: the next instruction follows if it matches, else `otherwise`. */
type Writer<Value> = (program: Program, value: Value, otherwise: Label, path: string) => void;

const WRITERS: { readonly [Key in keyof SocketExpression]-?: Writer<NonNullable<SocketExpression[Key]>> } = {
  sport: ports(INET_DIAG_BC.SGe, INET_DIAG_BC.SLe),
  dport: ports(INET_DIAG_BC.DGe, INET_DIAG_BC.DLe),
  src: network(INET_DIAG_BC.SCond),
  dst: network(INET_DIAG_BC.DCond),
  dev(program, value, otherwise, path) {
    const index = checkInteger(path, value, 0, 0x7fff_ffff);
    program.condition(INET_DIAG_BC.DevCond, 4, otherwise, (view, at) => {
      view.setUint32(at, index, hostIsLittleEndian);
    });
  },
  mark(program, given, otherwise, path) {
    const { value, mask } = typeof given === 'number' ? { value: given, mask: 0xffff_ffff } : checkKeys(path, given, MARK_KEYS);
    checkInteger(`${path}.value`, value, 0, 0xffff_ffff);
    checkInteger(`${path}.mask`, mask, 0, 0xffff_ffff);
    if ((value & ~mask) !== 0)
      throw new RangeError(`${path}: value 0x${value.toString(16)} has bits outside of mask 0x${mask.toString(16)}; no mark matches`);
    program.condition(INET_DIAG_BC.MarkCond, 8, otherwise, (view, at) => {
      view.setUint32(at, value, hostIsLittleEndian);
      view.setUint32(at + 4, mask, hostIsLittleEndian);
    });
  },
  cgroup(program, value, otherwise, path) {
    if (typeof value !== 'bigint') throw new TypeError(`${path} must be a bigint, not ${kindOf(value)}`);
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) throw new RangeError(`${path} must be an ID of 64 bits, not ${value}`);
    program.condition(INET_DIAG_BC.CgroupCond, 8, otherwise, (view, at) => {
      view.setBigUint64(at, value, hostIsLittleEndian);
    });
  },
  and(program, list, otherwise, path) {
    checkArray(path, list);
    list.forEach((item, index) => {
      writeExpression(program, item, otherwise, `${path}[${index}]`);
    });
  },
  or(program, list, otherwise, path) {
    checkArray(path, list);
    if (list.length === 0) {
      program.jump(otherwise);
      return;
    }
    const end: Label = {};
    list.forEach((item, index) => {
      const isLast = index === list.length - 1;
      const next: Label = isLast ? otherwise : {};
      writeExpression(program, item, next, `${path}[${index}]`);
      if (isLast) return;
      program.jump(end);
      program.place(next);
    });
    program.place(end);
  },
  not(program, inner, otherwise, path) {
    const end: Label = {};
    writeExpression(program, inner, end, path);
    program.jump(otherwise);
    program.place(end);
  },
};

const KEYS: ReadonlySet<string> = new Set(Object.keys(WRITERS));
const RANGE_KEYS: ReadonlySet<string> = new Set(['min', 'max']);
const MARK_KEYS: ReadonlySet<string> = new Set(['value', 'mask']);

/**
 * Compiles a condition on sockets for the `bytecode` of a dump: the kernel then sends matching sockets only.
 *
 * A negation is exact: `{ not: { src: '10.0.0.0/8' } }` excludes IPv6 sockets with mapped addresses of that network as well. A condition on an IPv4
 * network matches no other IPv6 socket, and one on an IPv6 network no IPv4 socket.
 *
 * @throws TypeError or RangeError that names the place in the expression; EncodeError for text that is not an address.
 * @example HTTPS connections outside of this machine
 * ```ts
 * const bytecode = socketFilter({ dport: 443, not: { or: [{ dst: '127.0.0.0/8' }, { dst: '::1' }] } });
 * const sockets = await lastValueFrom(sockDiag().list('inet', { family: 10, bytecode }));
 * ```
 * @public
 */
export function socketFilter(expression: SocketExpression): Uint8Array {
  const program = new Program();
  writeExpression(program, expression, program.reject, 'socketFilter');
  return program.assemble();
}

function writeExpression(program: Program, expression: SocketExpression, otherwise: Label, path: string): void {
  checkKeys(path, expression, KEYS);
  for (const [key, write] of Object.entries(WRITERS) as [keyof SocketExpression, Writer<unknown>][]) {
    const value = expression[key];
    if (value !== undefined) write(program, value, otherwise, `${path}.${key}`);
  }
}

function checkKeys<Value extends object>(path: string, value: Value, known: ReadonlySet<string>): Value {
  if (typeof value !== 'object' || (value as unknown) === null || Array.isArray(value))
    throw new TypeError(`${path} must be an object, not ${Array.isArray(value) ? 'an array' : kindOf(value)}`);
  const unknown = Object.keys(value).find((key) => !known.has(key));
  if (unknown === undefined) return value;
  throw new TypeError(`${path}: unknown property '${unknown}'; expected ${[...known].join(', ')}${suggestion(unknown, known, '; ')}`);
}

function ports(least: number, most: number): Writer<number | PortRange> {
  return (program, value, otherwise, path) => {
    const { min = 0, max = 0xffff } = typeof value === 'number' ? { min: value, max: value } : checkKeys(path, value, RANGE_KEYS);
    checkInteger(`${path}.min`, min, 0, 0xffff);
    checkInteger(`${path}.max`, max, 0, 0xffff);
    if (min > max) throw new RangeError(`${path}: min ${min} is greater than max ${max}; no port matches`);
    for (const [code, port] of [
      [least, min],
      [most, max],
    ] as const) {
      // The port is in the second half of a further struct inet_diag_bc_op.
      program.condition(code, 4, otherwise, (view, at) => {
        view.setUint16(at + 2, port, hostIsLittleEndian);
      });
    }
  };
}

function network(code: number): Writer<string> {
  return (program, text, otherwise, path) => {
    if (typeof text !== 'string') throw new TypeError(`${path} must be the text of an address, not ${kindOf(text)}`);
    const [, address = '', length] = /^([^/]*)(?:\/([0-9]{1,3}))?$/.exec(text) ?? [];
    const bytes = parseIp(address === '' ? text : address);
    const width = 8 * bytes.byteLength;
    const prefix = checkInteger(`${path}: the prefix length`, length === undefined ? width : Number(length), 0, width);
    program.condition(code, HOST_CONDITION + bytes.byteLength, otherwise, (view, at) => {
      view.setUint8(at, bytes.byteLength === 4 ? AF_INET : AF_INET6);
      view.setUint8(at + 1, prefix);
      view.setInt32(at + 4, ANY_PORT, hostIsLittleEndian);
      bytes.forEach((byte, index) => {
        view.setUint8(at + HOST_CONDITION + index, byte);
      });
    });
  };
}
