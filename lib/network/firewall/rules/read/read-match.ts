import type { CmpOps } from '../../../../families/nftables.js';
import { inNetworkOrder } from '../../data/data-type.js';
import { prefixLength } from '../../data/interval.js';
import { namePrefix } from '../../data/texts.js';
import type { Expression, Scalar, SetItem } from '../expression.js';
import { unplaced, type Part } from '../fields/part.js';
import { isMessageType } from '../fields/message-types.js';
import { fieldPart } from '../fields/select-part.js';
import { hasShortForm, selectorOf } from '../fields/read-part.js';
import type { FullMatch, Match, MatchOperator } from '../match.js';
import { readItems } from './read-set.js';
import type { Loaded } from './registers.js';
import type { RuleReader } from './rule-reader.js';
import { Unreadable } from './unreadable.js';

const OPERATORS: Readonly<Record<string, MatchOperator>> = { eq: '==', neq: '!=', lt: '<', gt: '>', lte: '<=', gte: '>=' };

/** Returns the form of libnftables-json of a match, for a match behind a statement. @internal */
export function fullMatch(match: Match): FullMatch {
  if (match.match !== undefined) return { match: match.match };
  const [name, condition] = Object.entries(match)[0]! as [string, Condition];
  const isNot = typeof condition === 'object' && 'not' in condition;
  const value = isNot ? condition.not : condition;
  const part = fieldPart(name, '', value);
  const isFlags = part.type.isFlags && !Array.isArray(value) && !(typeof value === 'string' && value.startsWith('@'));
  const op = isFlags ? (isNot ? '!' : 'in') : isNot ? '!=' : '==';
  return { match: { op, left: selectorOf(part), right: Array.isArray(value) ? { set: value as readonly Scalar[] } : value } };
}

/** Reads a comparison with a value. @throws Unreadable @internal */
export function readCompare(reader: RuleReader, register: unknown, op: CmpOps, value: Buffer): void {
  const loaded = reader.registers.get(register);
  const operator = OPERATORS[op];
  if (operator === undefined) throw new Unreadable('operator');
  const { header, part, bits } = loaded;
  if (header !== undefined && bits === undefined) readHeader(reader, loaded, operator, value);
  else if (part?.type.name === 'ifname' && bits === undefined && value.length < part.type.bytes)
    reader.match(short(part, operator, namePrefix(value)), part);
  else readSingle(reader, loaded, operator, value);
}

/** Reads a comparison of header bytes: of one field, of the start of a field (a prefix), or of neighbouring fields. */
function readHeader(reader: RuleReader, loaded: Loaded, operator: MatchOperator, value: Buffer): void {
  const header = loaded.header!;
  const fields = reader.fields(header, loaded.tunnel);
  const started = fields.length === 0 ? reader.startedField(header, loaded.tunnel) : undefined;
  if (started !== undefined) {
    const address = Buffer.concat([value, Buffer.alloc(started.type.bytes - value.length)]);
    if (started.type.name !== 'ipv4_addr' && started.type.name !== 'ipv6_addr') {
      const { part } = reader.single(loaded);
      readValue(reader, part, operator, value, loaded.isSwapped === true);
      return;
    }
    reader.match(short(started, operator, `${started.type.print(address)}/${value.length * 8}`), started);
    return;
  }
  if (fields.length === 0 || (fields.length > 1 && operator !== '==')) {
    const { part } = reader.single(loaded);
    readValue(reader, part, operator, value, loaded.isSwapped === true);
    return;
  }
  let offset = 0;
  for (const part of fields) {
    const length = part.header!.len;
    readValue(reader, part, operator, value.subarray(offset, offset + length), loaded.isSwapped === true);
    offset += length;
  }
}

function readSingle(reader: RuleReader, loaded: Loaded, operator: MatchOperator, value: Buffer): void {
  const { part, bits } = reader.single(loaded);
  if (bits === undefined) {
    readValue(reader, part, operator, value, loaded.isSwapped === true);
    return;
  }
  if (loaded.isSwapped === true || bits.xor.some((byte) => byte !== 0)) throw new Unreadable('bits');
  const isZero = value.every((byte) => byte === 0);
  if (part.type.isFlags && isZero && (operator === '!=' || operator === '==')) {
    const flags = part.type.print(bits.mask);
    const isAny = operator === '!=';
    reader.match(hasShortForm(part) ? field(part, isAny ? flags : { not: flags }) : full(part, isAny ? 'in' : '!', flags), part);
    return;
  }
  const length = prefixLength({ from: Buffer.alloc(bits.mask.length), to: Buffer.from(bits.mask.map((byte) => ~byte & 0xff)) });
  const isAddress = part.type.name === 'ipv4_addr' || part.type.name === 'ipv6_addr';
  // A prefix of whole bytes is a shorter load, not a mask.
  const isMask = length !== undefined && (length % 8 !== 0 || length === 0 || part.header === undefined);
  if (isAddress && isMask && (operator === '==' || operator === '!=')) {
    reader.match(short(part, operator, `${part.type.print(value)}/${length}`), part);
    return;
  }
  reader.match(
    { match: { op: operator, left: { '&': [selectorOf(part), part.type.print(bits.mask)] }, right: part.type.print(value) } },
    part,
  );
}

function readValue(reader: RuleReader, part: Part, operator: MatchOperator, value: Buffer, isSwapped: boolean): void {
  if (value.length !== (part.mask?.length ?? part.type.bytes)) throw new Unreadable('length of a value');
  const printed = part.type.print(isSwapped ? inNetworkOrder(part.type, value) : unplaced(part, value));
  if (operator === '==') reader.learn(part, value);
  if (operator === '==' && isMessageType(part.name)) reader.messageTypes = [printed];
  reader.match(part.type.isFlags ? full(part, operator, printed) : short(part, operator, printed), part);
}

/** Reads a comparison with a range. @throws Unreadable @internal */
export function readRange(reader: RuleReader, register: unknown, op: unknown, from: Buffer, to: Buffer): void {
  const loaded = reader.registers.get(register);
  const { part, bits } = reader.single(loaded);
  if (bits !== undefined || part.type.name === 'ifname') throw new Unreadable('range');
  const [first, last] = [from, to].map((value) =>
    part.type.print(loaded.isSwapped === true ? inNetworkOrder(part.type, value) : unplaced(part, value)),
  );
  reader.match(short(part, op === 'neq' ? '!=' : '==', `${first!}-${last!}`), part);
}

/** Reads a lookup in a set. @throws Unreadable @internal */
export function readLookup(
  reader: RuleReader,
  register: unknown,
  name: string | undefined,
  id: number | undefined,
  isInverted: boolean,
): void {
  const set = reader.lookedUp(name, id);
  const parts = reader.keyParts(reader.registers, register, set);
  const operator = isInverted ? '!=' : '==';
  const [part] = parts;
  const items = 'name' in set ? undefined : readItems(set.anonymous, parts, undefined);
  if (items !== undefined && !isInverted && part !== undefined && isMessageType(part.name)) reader.messageTypes = items;
  if (parts.length === 1 && part !== undefined && hasShortForm(part)) {
    const right = 'name' in set ? `@${set.name}` : items!.map(asScalar);
    reader.match(field(part, isInverted ? { not: right } : right), part);
    return;
  }
  const selectors = parts.map(selectorOf);
  const left: Expression = selectors.length === 1 ? selectors[0]! : { concat: selectors };
  reader.match({ match: { op: operator, left, right: 'name' in set ? `@${set.name}` : { set: items! } } });
}

function asScalar(item: SetItem): Scalar {
  if (typeof item === 'object') throw new Unreadable('element');
  return item;
}

type Condition = Scalar | readonly Scalar[] | { readonly not: Scalar | readonly Scalar[] };

const field = (part: Part, condition: Condition): Match => ({ [part.name]: condition });

const full = (part: Part, op: MatchOperator, right: Scalar): Match => ({ match: { op, left: selectorOf(part), right } });

/** Returns a match, in the short form if there is one. */
function short(part: Part, operator: MatchOperator, right: Scalar): Match {
  if (!hasShortForm(part) || (operator !== '==' && operator !== '!=')) return full(part, operator, right);
  return field(part, operator === '==' ? right : { not: right });
}
