import { FieldError } from '../../../common/field-error.js';
import { integer, shown } from '../../../fields/check.js';
import type { DataType } from '../../data/data-type.js';
import { fieldPart, selectedPart } from '../fields/select-part.js';
import { hashPart } from '../fields/parts/other-parts.js';
import { placed, type Part } from '../fields/part.js';
import { bodyOf } from './body.js';

/** Bits of a part that a rule keeps (`mask`) and toggles (`xor`), in the loaded bytes. @internal */
export interface BitOperation {
  readonly mask: Buffer;
  readonly xor: Buffer;
}

/** The left side of a comparison: one part, the fields of a concatenation, or a part with an operation on its bits. @internal */
export interface Operand {
  readonly parts: readonly Part[];
  readonly bits?: BitOperation;
}

/** Reads a selector, a concatenation, or an operation on bits; undefined if the expression is a value. @throws FieldError @internal */
export function readOperand(expression: unknown, path: string, right?: unknown): Operand | undefined {
  if (typeof expression !== 'object' || expression === null || Array.isArray(expression)) return undefined;
  const [name = '', body] = Object.entries(expression)[0] ?? [];
  if (name === 'concat') {
    if (!Array.isArray(body) || body.length < 2) throw new FieldError(`${path}.concat`, `expected two fields or more, not ${shown(body)}`);
    return { parts: (body as readonly unknown[]).map((field, index) => concatField(field, `${path}.concat[${index}]`)) };
  }
  if (name === '&' || name === '|' || name === '^') return readBits(name, body, `${path}.${name}`);
  if (name === 'jhash') return { parts: [readHash(body, `${path}.jhash`)] };
  const part = selectedPart(expression, path, right);
  return part === undefined ? undefined : { parts: [part] };
}

/** Reads the left side of a comparison. @throws FieldError @internal */
export function requireOperand(expression: unknown, path: string, right?: unknown): Operand {
  const operand = readOperand(expression, path, right);
  if (operand !== undefined) return operand;
  const name = typeof expression === 'object' && expression !== null ? Object.keys(expression)[0] : undefined;
  if (name === undefined) throw new FieldError(path, `expected a field such as { meta: { key: 'mark' } }, not ${shown(expression)}`);
  throw new FieldError(`${path}.${name}`, 'this expression is not supported; write the rule as expressions', 'unsupported');
}

/** Returns the operand of a field in the short form. @throws FieldError @internal */
export function fieldOperand(name: string, path: string, right: unknown): Operand {
  return { parts: [fieldPart(name, path, right)] };
}

function concatField(field: unknown, path: string): Part {
  const { parts, bits } = requireOperand(field, path);
  const [part] = parts;
  if (parts.length !== 1 || bits !== undefined || part!.input !== undefined)
    throw new FieldError(path, 'a concatenation has fields only; write the rule as expressions', 'unsupported');
  return part!;
}

const modulus = integer(1, 0xffff_ffff);
const uint32 = integer(0, 0xffff_ffff);

function readHash(body: unknown, path: string): Part {
  const { mod, offset = 0, seed, expr } = bodyOf(body, path, ['mod', 'offset', 'seed', 'expr']);
  const { parts, bits } = requireOperand(expr, `${path}.expr`);
  if (bits !== undefined || parts.some(({ input }) => input !== undefined))
    throw new FieldError(`${path}.expr`, 'a hash of operations is not supported; write the rule as expressions', 'unsupported');
  const settings = {
    mod: modulus(mod, `${path}.mod`),
    offset: uint32(offset, `${path}.offset`),
    seed: seed === undefined ? undefined : uint32(seed, `${path}.seed`),
  };
  return hashPart(parts, expr, settings);
}

function readBits(operator: '&' | '|' | '^', body: unknown, path: string): Operand {
  if (!Array.isArray(body) || body.length !== 2) throw new FieldError(path, `expected two sides, not ${shown(body)}`);
  const { parts, bits } = requireOperand(body[0], `${path}[0]`);
  const [part] = parts;
  if (parts.length !== 1 || part === undefined) throw new FieldError(`${path}[0]`, 'a concatenation has no single bits');
  const value = placed(part, parseBits(part.type, body[1], `${path}[1]`));
  const ones = part.mask ?? Buffer.alloc(value.length, 0xff);
  const { mask, xor } = bits ?? { mask: ones, xor: Buffer.alloc(value.length) };
  const each = (compute: (index: number) => number): Buffer => Buffer.from(value.map((_, index) => compute(index) & 0xff));
  if (operator === '&') return { parts, bits: { mask: each((i) => mask[i]! & value[i]!), xor: each((i) => xor[i]! & value[i]!) } };
  if (operator === '^') return { parts, bits: { mask, xor: each((i) => xor[i]! ^ value[i]!) } };
  return { parts, bits: { mask: each((i) => mask[i]! & ~value[i]!), xor: each((i) => (xor[i]! & ~value[i]!) | value[i]!) } };
}

/** Parses a value, or several flags: `{ '|': ['syn', 'ack'] }`, `['syn', 'ack']`. @internal */
export function parseBits(type: DataType, value: unknown, path: string): Buffer {
  const flags: unknown = typeof value === 'object' && value !== null && '|' in value ? (value as { readonly '|': unknown })['|'] : value;
  if (!Array.isArray(flags)) return type.parse(flags, path);
  if (flags.length === 0) throw new FieldError(path, 'expected at least one flag');
  return (flags as readonly unknown[])
    .map((flag, index) => parseBits(type, flag, `${path}[${index}]`))
    .reduce((sum, flag) => Buffer.from(sum.map((byte, index) => byte | flag[index]!)));
}
