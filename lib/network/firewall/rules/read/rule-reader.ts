import { printVerdict } from '../../data/verdict.js';
import type { DataType } from '../../data/data-type.js';
import { learnProtocol, transportOf } from '../compile/dependencies.js';
import { RuleProgram } from '../compile/program.js';
import type { Expression } from '../expression.js';
import type { HeaderBytes, Part } from '../fields/part.js';
import { partsAt } from '../fields/payload-part.js';
import { loadedPart, selectorOf } from '../fields/read-part.js';
import type { Match } from '../match.js';
import type { CompiledRule, RuleContext, RuleExpression } from '../rule-context.js';
import type { Statement } from '../statement.js';
import { dataOf, readItems } from './read-set.js';
import { Registers, type Loaded, type LookedUp } from './registers.js';
import { Unreadable } from './unreadable.js';

/** A match or a statement of a rule. @internal */
export interface ReadItem {
  readonly item: Match | Statement;
  readonly isMatch: boolean;
  /** True if the match may be one that the protocol of a later field implies. */
  readonly isProtocol: boolean;
}

const PROTOCOL_PARTS: readonly string[] = ['meta.nfproto', 'meta.l4proto', 'meta.protocol', 'meta.iiftype', 'ether.type', 'vlan.type'];

/** The state of reading a rule: registers, known protocols, and the items so far. @internal */
export class RuleReader {
  readonly items: ReadItem[] = [];
  readonly registers: Registers = new Registers();
  readonly context: RuleContext;
  readonly #sets: CompiledRule['sets'];
  readonly #protocols: RuleProgram;

  constructor({ sets }: CompiledRule, context: RuleContext) {
    this.#sets = sets;
    this.context = context;
    this.#protocols = new RuleProgram(context);
  }

  /** The protocols that the matches so far ensure. */
  get known(): RuleProgram['known'] {
    return this.#protocols.known;
  }

  statement(item: Statement): void {
    this.items.push({ item, isMatch: false, isProtocol: false });
  }

  match(item: Match, part?: Part): void {
    this.items.push({ item, isMatch: true, isProtocol: part !== undefined && PROTOCOL_PARTS.includes(part.name) });
  }

  /** Notes the protocol that a part with a value ensures. */
  learn(part: Part, value: Buffer): void {
    learnProtocol(this.#protocols, part, value);
  }

  verdict(data: unknown): void {
    const verdict = printVerdict(data ?? {});
    if (verdict === undefined) throw new Unreadable('verdict');
    this.statement(verdict);
  }

  /** Returns what an expression loads. */
  load(expression: RuleExpression): Loaded {
    if (expression.name === 'payload') {
      const { base = 0, offset = 0, len = 0 } = (expression.data ?? {}) as Partial<HeaderBytes>;
      return { header: { base, offset, len } };
    }
    const part = loadedPart(expression);
    if (part === undefined) throw new Unreadable(expression.name);
    return { part };
  }

  /** Returns the parts that header bytes are: several if the writer merged neighbouring fields. */
  fields(header: HeaderBytes, isMasked = false): readonly Part[] {
    const parts: Part[] = [];
    const protocol = this.#protocolOf(header);
    for (let { offset, len } = header; len > 0;) {
      const found = longest(header.base, offset, len, protocol, isMasked);
      if (found === undefined) return [];
      parts.push(found);
      offset += found.header!.len;
      len -= found.header!.len;
    }
    return parts;
  }

  /** Returns the field of a header that starts with these bytes and is longer. */
  startedField(header: HeaderBytes): Part | undefined {
    const protocol = this.#protocolOf(header);
    for (let len = header.len + 1; len <= 16; len++) {
      const found = partsAt({ ...header, len }).find((part) => part.protocol === protocol && part.mask === undefined);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #protocolOf({ base, offset }: HeaderBytes): string | undefined {
    const { link, network, transport } = this.known;
    if (base === 'link-layer-header') return link === 'vlan' && offset >= 14 ? 'vlan' : 'ether';
    if (base === 'network-header') return network;
    if (base !== 'transport-header') return undefined;
    return (transport === undefined ? undefined : transportOf(transport)) ?? 'th';
  }

  /** Returns the single part in a register, and the operation on its bits if there is one. */
  single({ header, part, bits }: Loaded): { readonly part: Part; readonly bits?: Loaded['bits'] } {
    if (part !== undefined) return bits === undefined ? { part } : { part, bits };
    if (header === undefined) throw new Unreadable('not a part');
    if (bits !== undefined && bits.xor.every((byte) => byte === 0)) {
      const masked = partsAt(header).find((field) => field.protocol === this.#protocolOf(header) && field.mask?.equals(bits.mask) === true);
      if (masked !== undefined) return { part: masked };
    }
    const [field, second] = this.fields(header);
    if (field === undefined || second !== undefined) throw new Unreadable('header');
    return bits === undefined ? { part: field } : { part: field, bits };
  }

  /** Returns the set that a lookup names. */
  lookedUp(name: string | undefined, id: number | undefined): LookedUp {
    const anonymous = this.#sets.find(({ id: own, set }) => (id === undefined || id === 0 ? set.name === name : own === id));
    if (anonymous !== undefined) return { anonymous };
    if (name === undefined || name.startsWith('__')) throw new Unreadable('set');
    return { name };
  }

  /** Returns the parts of the key of a lookup. */
  keyParts(registers: Registers, register: unknown, set: LookedUp): readonly Part[] {
    const loaded = registers.from(register, ({ header, part }) => header?.len ?? part?.type.bytes ?? 4, this.#keyBytes(set));
    return loaded.map((field) => {
      const { part, bits } = this.single(field);
      if (bits !== undefined) throw new Unreadable('bits in a key');
      return part;
    });
  }

  #keyBytes(set: LookedUp): number {
    if ('anonymous' in set) return set.anonymous.set.keyLen ?? 0;
    const type = this.context.set(set.name)?.type;
    if (type === undefined) throw new Unreadable('set');
    return (Array.isArray(type) ? (type as readonly DataType[]) : [type as DataType]).reduce(
      (sum, { bytes }) => sum + Math.ceil(bytes / 4) * 4,
      0,
    );
  }

  /** Returns the expression of a value in a register. */
  value(register: unknown, type: DataType): Expression {
    const { constant, mapped, ...loaded } = this.registers.get(register);
    if (constant !== undefined) {
      if (constant.length !== type.bytes) throw new Unreadable('length of a value');
      return type.print(constant);
    }
    if (mapped !== undefined) return { map: this.mapping(mapped.registers, mapped.key, mapped.set) };
    const { part, bits } = this.single(loaded);
    const selector = selectorOf(part);
    if (bits === undefined) return selector;
    const masked: Expression = bits.mask.every((byte) => byte === 0xff) ? selector : { '&': [selector, part.type.print(bits.mask)] };
    if (bits.xor.every((byte) => byte === 0)) return masked;
    const isOr = bits.xor.every((byte, index) => (byte & bits.mask[index]!) === 0);
    if (!isOr) return { '^': [masked, part.type.print(bits.xor)] };
    const isWhole = bits.mask.every((byte, index) => (byte | bits.xor[index]!) === 0xff);
    return { '|': [isWhole ? selector : masked, part.type.print(bits.xor)] };
  }

  /** Returns the key and the data of a map. */
  mapping(registers: Registers, register: unknown, set: LookedUp): { readonly key: Expression; readonly data: Expression } {
    const parts = this.keyParts(registers, register, set);
    const selectors = parts.map(selectorOf);
    const key: Expression = selectors.length === 1 ? selectors[0]! : { concat: selectors };
    return { key, data: 'name' in set ? `@${set.name}` : { set: readItems(set.anonymous, parts, dataOf(set.anonymous)) } };
  }
}

function longest(
  base: HeaderBytes['base'],
  offset: number,
  most: number,
  protocol: string | undefined,
  isMasked: boolean,
): Part | undefined {
  for (let len = most; len > 0; len--) {
    const found = partsAt({ base, offset, len }).find((part) => part.protocol === protocol && (part.mask !== undefined) === isMasked);
    if (found !== undefined) return found;
  }
  return undefined;
}
