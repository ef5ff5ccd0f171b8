import { hashPart } from '../fields/parts/other-parts.js';
import { selectorOf } from '../fields/read-part.js';
import type { CompiledRule, RuleContext, RuleExpression } from '../rule-context.js';
import { readCompare, readLookup, readRange } from './read-match.js';
import { STATEMENT_READERS } from './read-statements.js';
import { RuleReader, type ReadItem } from './rule-reader.js';
import { Unreadable } from './unreadable.js';

type Data = Readonly<Record<string, unknown>>;

/** Reads the expressions of a rule as matches and statements, in order. @throws Unreadable if one of them has no such form. @internal */
export function readExpressions(compiled: CompiledRule, context: RuleContext): readonly ReadItem[] {
  const reader = new RuleReader(compiled, context);
  for (const expression of compiled.expressions) readExpression(reader, expression);
  return reader.items;
}

function readExpression(reader: RuleReader, expression: RuleExpression): void {
  const { name = '' } = expression;
  const data = (expression.data ?? {}) as Data;
  const read = READERS[name];
  if (read !== undefined) read(reader, data);
  else if (data['dreg'] !== undefined && data['sreg'] === undefined) reader.registers.set(data['dreg'], reader.load(expression));
  else if (Object.hasOwn(STATEMENT_READERS, name)) reader.statement(STATEMENT_READERS[name]!(reader, data, expression));
  else throw new Unreadable(name);
}

const READERS: Readonly<Record<string, (reader: RuleReader, data: Data) => void>> = {
  immediate(reader, { dreg, data }) {
    const { value, verdict } = (data ?? {}) as { readonly value?: Uint8Array; readonly verdict?: object };
    if (verdict !== undefined) reader.verdict(verdict);
    else reader.registers.set(dreg, { constant: bytesOf(value) });
  },
  bitwise(reader, { sreg, dreg, op, mask, xor, data, sreg2 }) {
    const loaded = reader.registers.get(sreg);
    if (sreg2 !== undefined || loaded.constant !== undefined || loaded.mapped !== undefined) throw new Unreadable('bitwise');
    if (op === 'rshift') {
      // A field that does not end with its byte is moved before a lookup in a named set.
      reader.registers.set(dreg, { ...loaded, shift: bytesOf(valueOf(data)).readUInt8() });
      return;
    }
    if ((op ?? 'mask-xor') !== 'mask-xor' || loaded.bits !== undefined) throw new Unreadable('bitwise');
    reader.registers.set(dreg, { ...loaded, bits: { mask: bytesOf(valueOf(mask)), xor: bytesOf(valueOf(xor)) } });
  },
  byteorder(reader, { sreg, dreg, op }) {
    const loaded = reader.registers.get(sreg);
    if ((op !== 'hton' && op !== 'ntoh') || loaded.isSwapped === true) throw new Unreadable('byteorder');
    reader.registers.set(dreg, { ...loaded, isSwapped: true });
  },
  inner(reader, data) {
    const { dreg } = ((data['expr'] as RuleExpression | undefined)?.data ?? {}) as Data;
    reader.registers.set(dreg, reader.load({ name: 'inner', data }));
  },
  hash(reader, { sreg, dreg, len, modulus, offset, seed, type }) {
    if (type === 'sym') {
      reader.registers.set(dreg, reader.load({ name: 'hash', data: { modulus, offset, type } } as RuleExpression));
      return;
    }
    const parts = reader.hashed(sreg, Number(len ?? 0));
    const selectors = parts.map(selectorOf);
    const expr = selectors.length === 1 ? selectors[0] : { concat: selectors };
    const settings = { mod: Number(modulus), offset: Number(offset ?? 0), seed: seed === undefined ? undefined : Number(seed) };
    reader.registers.set(dreg, { part: hashPart(parts, expr, settings) });
  },
  cmp(reader, { sreg, op, data }) {
    readCompare(reader, sreg, op as 'eq', bytesOf(valueOf(data)));
  },
  range(reader, { sreg, op, fromData, toData }) {
    readRange(reader, sreg, op, bytesOf(valueOf(fromData)), bytesOf(valueOf(toData)));
  },
  lookup(reader, { set, setId, sreg, dreg, flags }) {
    const [name, id] = [set as string | undefined, setId as number | undefined];
    if (dreg === undefined) readLookup(reader, sreg, name, id, (Number(flags ?? 0) & 1) !== 0);
    else if (Number(dreg) === 0 || dreg === 'reg-verdict')
      reader.statement({ vmap: reader.mapping(reader.registers, sreg, reader.lookedUp(name, id)) });
    else {
      const mapped = { registers: reader.registers.copy(), key: Number(sreg), set: reader.lookedUp(name, id) };
      reader.registers.set(dreg, { mapped });
    }
  },
};

const valueOf = (data: unknown): Uint8Array | undefined => (data as { readonly value?: Uint8Array } | undefined)?.value;

function bytesOf(value: Uint8Array | undefined): Buffer {
  if (value === undefined) throw new Unreadable('value');
  return Buffer.from(value);
}
