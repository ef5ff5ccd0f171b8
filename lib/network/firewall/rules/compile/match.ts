import type { CmpOps } from '../../../../families/nftables.js';
import { FieldError } from '../../../common/field-error.js';
import { shown } from '../../../fields/check.js';
import { inNetworkOrder, isHostNumber } from '../../data/data-type.js';
import { parseInterval, prefixMask, type Interval } from '../../data/interval.js';
import { placed, type HeaderBytes, type Part } from '../fields/part.js';
import { isMessageType } from '../fields/message-types.js';
import { loadHeader } from '../fields/payload-part.js';
import { inner } from '../fields/parts/tunnel-part.js';
import type { MatchOperator } from '../match.js';
import { compileSet } from './anonymous-set.js';
import { learnProtocol, learnTransports, requireProtocol } from './dependencies.js';
import { fieldOperand, parseBits, requireOperand, type Operand } from './operand.js';
import type { RuleProgram } from './program.js';
import type { RuleExpression } from '../rule-context.js';

const OPERATORS: Readonly<Record<MatchOperator, CmpOps>> = {
  '==': 'eq',
  '!=': 'neq',
  '<': 'lt',
  '>': 'gt',
  '<=': 'lte',
  '>=': 'gte',
  in: 'eq',
  '!': 'neq',
};

/** Compiles a condition of a rule: the short form or that of libnftables-json. @throws FieldError @internal */
export function compileMatch(program: RuleProgram, match: unknown, path: string): void {
  if (typeof match !== 'object' || match === null || Array.isArray(match))
    throw new FieldError(path, `expected a condition such as { 'tcp.dport': 22 }, not ${shown(match)}`);
  const entries = Object.entries(match);
  if (entries.length === 0) throw new FieldError(path, 'the condition is empty');
  for (const [name, value] of entries) {
    if (name === 'match') compileFull(program, value, `${path}.match`);
    else compileShort(program, name, value, `${path}.${name}`);
  }
}

function compileShort(program: RuleProgram, name: string, condition: unknown, path: string): void {
  const isNot = typeof condition === 'object' && condition !== null && 'not' in condition;
  const value: unknown = isNot ? condition.not : condition;
  const inner = isNot ? `${path}.not` : path;
  const operand = fieldOperand(name, path, value);
  const isList = Array.isArray(value);
  const right: unknown = isList ? { set: value } : value;
  const isFlags = operand.parts[0]!.type.isFlags && !isList && !isSetName(value);
  compileComparison(
    program,
    operand,
    isFlags ? (isNot ? '!' : 'in') : isNot ? '!=' : '==',
    right,
    path,
    isList ? { set: inner } : { value: inner },
  );
}

function compileFull(program: RuleProgram, body: unknown, path: string): void {
  if (typeof body !== 'object' || body === null) throw new FieldError(path, `expected { op, left, right }, not ${shown(body)}`);
  const { op, left, right } = body as { readonly op?: unknown; readonly left?: unknown; readonly right?: unknown };
  if (typeof op !== 'string' || !Object.hasOwn(OPERATORS, op))
    throw new FieldError(
      `${path}.op`,
      `expected ${Object.keys(OPERATORS)
        .map((known) => `'${known}'`)
        .join(', ')}, not ${shown(op)}`,
    );
  const extra = Object.keys(body).find((name) => !['op', 'left', 'right'].includes(name));
  if (extra !== undefined) throw new FieldError(`${path}.${extra}`, 'unknown property; there are op, left, right');
  const operand = requireOperand(left, `${path}.left`, right);
  compileComparison(program, operand, op as MatchOperator, right, `${path}.left`, { value: `${path}.right`, set: `${path}.right.set` });
}

/** The paths of the right side: of a value, and of the elements of a set. */
interface RightPaths {
  readonly value?: string;
  readonly set?: string;
}

function compileComparison(
  program: RuleProgram,
  operand: Operand,
  operator: MatchOperator,
  right: unknown,
  leftPath: string,
  paths: RightPaths,
): void {
  const path = paths.value ?? paths.set!;
  for (const part of operand.parts) requireProtocol(program, part, leftPath);
  if (operand.parts.some(({ name }) => isMessageType(name))) program.known.hasMessageType = true;
  program.freeRegisters();
  if (isSetName(right)) {
    requireEquality(operator, path, 'a named set');
    const name = right.slice(1);
    const { isInterval, type, data } = program.namedSet(name, path);
    if (data !== undefined) throw new FieldError(path, `'${name}' is a map, not a set`);
    checkSetType(operand, type, path, name);
    if (isEqual(operator, operand)) learnTransports(program, operand.parts);
    const sreg = loadOperand(program, operand, isInterval, true);
    program.emit({ name: 'lookup', data: { set: name, sreg, ...inverted(operator) } });
    return;
  }
  const items = setItems(right);
  const isConcat = operand.parts.length > 1;
  if (items === undefined || (items.length === 1 && !isConcat)) {
    if (isConcat) throw new FieldError(path, 'a concatenation needs a set; write { set: [...] } or the name of a set');
    const [only] = items ?? [right];
    const isFlags = operand.parts[0]!.type.isFlags && operand.bits === undefined;
    compileValue(
      program,
      operand,
      items !== undefined && isFlags && operator === '==' ? 'in' : operator,
      only,
      items === undefined ? path : `${paths.set ?? path}[0]`,
    );
    return;
  }
  requireEquality(operator, path, 'a set');
  const { isInterval, ...named } = compileSet(program, operand.parts, items, paths.set ?? path);
  if (isEqual(operator, operand) && !isInterval) learnTransports(program, operand.parts);
  const sreg = loadOperand(program, operand, isInterval, false);
  program.emit({ name: 'lookup', data: { ...named, sreg, ...inverted(operator) } });
}

function compileValue(program: RuleProgram, operand: Operand, operator: MatchOperator, right: unknown, path: string): void {
  const part = operand.parts[0]!;
  if (part.type.isFlags && (operator === 'in' || operator === '!') && operand.bits === undefined) {
    compileFlags(program, part, operator, placed(part, parseBits(part.type, right, path)));
    return;
  }
  const isList = Array.isArray(right) || (typeof right === 'object' && right !== null && '|' in right);
  const interval = part.type.isFlags && isList ? exactly(parseBits(part.type, right, path)) : parseInterval(part.type, right, path);
  const from = placed(part, interval.from);
  const op = OPERATORS[operator];
  if (interval.prefix !== undefined && interval.prefix < part.type.bits) {
    requireEquality(operator, path, 'a prefix');
    comparePrefix(program, operand, op, { ...interval, prefix: interval.prefix });
  } else if (!interval.from.equals(interval.to)) {
    requireEquality(operator, path, 'a range');
    const sreg = loadOperand(program, operand, true, false);
    const [fromData, toData] = [from, placed(part, interval.to)].map((value) => ({ value: compared(part, value) }));
    program.emit({ name: 'range', data: { sreg, op: op === 'neq' ? 'neq' : 'eq', fromData: fromData!, toData: toData! } });
  } else if (op === 'eq' || op === 'neq') compareEqual(program, operand, op, from);
  else {
    const sreg = loadOperand(program, operand, true, false);
    program.emit({ name: 'cmp', data: { sreg, op, data: { value: compared(part, from) } } });
  }
}

function compareEqual(program: RuleProgram, operand: Operand, op: 'eq' | 'neq', value: Buffer): void {
  const part = operand.parts[0]!;
  if (op === 'eq' && operand.bits === undefined) {
    learnProtocol(program, part, value);
    learnTransports(program, [part]);
  }
  if (op === 'eq' && part.header !== undefined && part.mask === undefined && part.tunnel === undefined && operand.bits === undefined) {
    program.emitEqual(part.header, value);
    return;
  }
  const sreg = loadOperand(program, operand, false, false);
  program.emit({ name: 'cmp', data: { sreg, op, data: { value } } });
}

/** Compares a prefix: whole bytes of a header with a shorter load, other bits with a mask. */
function comparePrefix(program: RuleProgram, operand: Operand, op: CmpOps, { from, prefix }: Interval & { readonly prefix: number }): void {
  const part = operand.parts[0]!;
  const isWhole = prefix % 8 === 0 && prefix > 0 && operand.bits === undefined;
  const value = from.subarray(0, prefix / 8);
  if (part.type.name === 'ifname') program.emit(part.load(1), { name: 'cmp', data: { sreg: 1, op, data: { value } } });
  else if (isWhole && part.header !== undefined && part.mask === undefined) {
    const header = { ...part.header, len: prefix / 8 };
    if (op === 'eq' && part.tunnel === undefined) program.emitEqual(header, value);
    else program.emit(loadStart(part, header), { name: 'cmp', data: { sreg: 1, op, data: { value } } });
  } else {
    const mask = placed(part, prefixMask(part.type.bytes, prefix));
    const sreg = loadOperand(program, { parts: [part], bits: { mask, xor: Buffer.alloc(mask.length) } }, false, false);
    program.emit({ name: 'cmp', data: { sreg, op, data: { value: placed(part, from) } } });
  }
}

function loadStart({ tunnel }: Part, header: HeaderBytes): RuleExpression {
  const load = loadHeader(header, 1);
  return tunnel === undefined ? load : inner(tunnel, load);
}

/** Compares flags: one of them must be set, or none. */
function compileFlags(program: RuleProgram, part: Part, operator: 'in' | '!', flags: Buffer): void {
  const zero = Buffer.alloc(flags.length);
  const sreg = loadOperand(program, { parts: [part], bits: { mask: flags, xor: zero } }, false, false);
  program.emit({ name: 'cmp', data: { sreg, op: operator === '!' ? 'eq' : 'neq', data: { value: zero } } });
}

/**
 * Loads an operand and returns its first register.
 *
 * @param isOrdered - True if values are compared by size: numbers of the machine are converted to network order.
 * @param isPlain - True if the value must be at its end of the bytes, as in the keys of a named set.
 * @internal
 */
export function loadOperand(program: RuleProgram, { parts, bits }: Operand, isOrdered: boolean, isPlain: boolean): number {
  const registers = parts.map((part) => program.register(parts.length > 1 ? part.type.bytes : undefined));
  parts.forEach((part, index) => {
    const reg = registers[index]!;
    const { input } = part;
    const inputRegister = input && program.scratch(() => loadOperand(program, { parts: input }, false, true));
    program.emit(part.load(reg, inputRegister));
    const len = part.mask?.length ?? part.type.bytes;
    const operation = bits ?? (part.mask && { mask: part.mask, xor: Buffer.alloc(len) });
    if (operation !== undefined)
      program.emit({
        name: 'bitwise',
        data: { sreg: reg, dreg: reg, len, op: 'mask-xor', mask: { value: operation.mask }, xor: { value: operation.xor } },
      });
    if ((isPlain || parts.length > 1) && part.shift > 0)
      program.emit({
        name: 'bitwise',
        data: { sreg: reg, dreg: reg, len, op: 'rshift', data: { value: Buffer.from(shiftBytes(part.shift)) } },
      });
    if (isOrdered && isHostNumber(part.type))
      program.emit({ name: 'byteorder', data: { sreg: reg, dreg: reg, op: 'hton', len, size: len } });
  });
  return registers[0]!;
}

/** A number of bits, which the kernel reads in the order of the machine. */
function shiftBytes(shift: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(shift).buffer);
}

/** Returns the elements of `{ set: [...] }`; undefined if the value is not a set. @internal */
export function setItems(value: unknown): readonly unknown[] | undefined {
  if (typeof value !== 'object' || value === null || !('set' in value)) return undefined;
  const { set } = value;
  return Array.isArray(set) ? (set as readonly unknown[]) : [set];
}

/** Returns true for the name of a set: `'@blocked'`. @internal */
export function isSetName(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('@') && value.length > 1;
}

/** @throws FieldError if the key of a named set is not of the types of an operand. @internal */
export function checkSetType({ parts }: Operand, type: Part['type'] | readonly Part['type'][], path: string, name: string): void {
  const wanted = parts.map((part) => part.type.bytes);
  const types = Array.isArray(type) ? (type as readonly Part['type'][]) : [type as Part['type']];
  if (types.length === wanted.length && types.every(({ bytes }, index) => bytes === wanted[index])) return;
  const has = types.map((field) => field.name).join(' . ');
  throw new FieldError(path, `the key of '${name}' is ${has}, not ${parts.map((part) => part.type.name).join(' . ')}`);
}

const exactly = (value: Buffer): Interval => ({ from: value, to: value });

const isEqual = (operator: MatchOperator, { bits }: Operand): boolean => OPERATORS[operator] === 'eq' && bits === undefined;

const inverted = (operator: MatchOperator): { readonly flags?: number } => (operator === '!=' || operator === '!' ? { flags: 1 } : {});

const compared = (part: Part, value: Buffer): Buffer => (isHostNumber(part.type) ? inNetworkOrder(part.type, value) : value);

function requireEquality(operator: MatchOperator, path: string, noun: string): void {
  if (operator === '<' || operator === '>' || operator === '<=' || operator === '>=')
    throw new FieldError(path, `${noun} cannot be compared with '${operator}'`);
}
