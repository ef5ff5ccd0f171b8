import { printVerdict } from '../../data/verdict.js';
import type { DataType } from '../../data/data-type.js';
import { learnProtocol, transportOf } from '../compile/dependencies.js';
import { RuleProgram } from '../compile/program.js';
import type { Expression } from '../expression.js';
import type { HeaderBytes, Part } from '../fields/part.js';
import { partsAt } from '../fields/payload-part.js';
import { MESSAGE_TYPES } from '../fields/message-types.js';
import { optionParts } from '../fields/parts/option-part.js';
import { rawPartAt } from '../fields/parts/raw-part.js';
import { loadedPart, selectorOf } from '../fields/read-part.js';
import { innerPart, ownFieldAt, tunnelOf } from '../fields/parts/tunnel-part.js';
import type { TunnelName } from '../fields/field-names.js';
import type { Match } from '../match.js';
import type { MapData } from '../map-data.js';
import type { AnonymousSet, CompiledRule, RuleContext, RuleExpression } from '../rule-context.js';
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
  /** The types of messages of ICMP that a match requires. */
  messageTypes: readonly unknown[] = [];
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
    if (expression.name === 'inner')
      return this.#loadInner((expression.data ?? {}) as { readonly type?: number; readonly expr?: RuleExpression });
    if (expression.name === 'exthdr') {
      const options = optionParts(expression);
      if (options.length > 0) return { options };
    }
    const part = loadedPart(expression);
    if (part === undefined) throw new Unreadable(expression.name);
    return { part };
  }

  #loadInner({ type, expr }: { readonly type?: number; readonly expr?: RuleExpression }): Loaded {
    const tunnel = tunnelOf(type);
    if (tunnel === undefined || expr === undefined) throw new Unreadable('inner');
    const { header, part } = this.load(expr);
    if (header !== undefined) return { header, tunnel };
    if (part === undefined) throw new Unreadable('inner');
    return { part: innerPart(part, tunnel) };
  }

  /** Returns the parts that header bytes are: several if the writer merged neighbouring fields. */
  fields(header: HeaderBytes, tunnel?: TunnelName): readonly Part[] {
    const own = tunnel === undefined || header.base !== 'tun-header' ? undefined : ownFieldAt(tunnel, header.offset, header.len);
    if (own !== undefined) return [innerPart(own, tunnel!)];
    const parts: Part[] = [];
    const protocol = this.protocolOf(header, tunnel);
    for (let { offset, len } = header; len > 0;) {
      const found = this.#longest(header.base, offset, len, protocol);
      if (found === undefined) return [];
      parts.push(tunnel === undefined ? found : innerPart(found, tunnel));
      offset += found.header!.len;
      len -= found.header!.len;
    }
    return parts;
  }

  #longest(base: HeaderBytes['base'], offset: number, most: number, protocol: string | undefined): Part | undefined {
    for (let len = most; len > 0; len--) {
      const found = partsAt({ base, offset, len }).find(
        (part) => part.protocol === protocol && part.mask === undefined && this.#isInMessage(part),
      );
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Returns true unless the messages that the rule tests do not have the field. */
  #isInMessage({ name }: Part): boolean {
    const types = MESSAGE_TYPES[name];
    return types === undefined || (this.messageTypes.length > 0 && this.messageTypes.every((type) => types.includes(String(type))));
  }

  /** Returns the field of a header that starts with these bytes and is longer. */
  startedField(header: HeaderBytes, tunnel?: TunnelName): Part | undefined {
    const protocol = this.protocolOf(header, tunnel);
    for (let len = header.len + 1; len <= 16; len++) {
      const found = partsAt({ ...header, len }).find((part) => part.protocol === protocol && part.mask === undefined);
      if (found !== undefined) return tunnel === undefined ? found : innerPart(found, tunnel);
    }
    return undefined;
  }

  /** Returns the protocol whose fields header bytes are; undefined if it is not known. */
  protocolOf({ base, offset }: HeaderBytes, tunnel?: TunnelName): string | undefined {
    const { link, network, transport } = tunnel === undefined ? this.known : this.#protocols.inTunnel(tunnel).known;
    if (base === 'link-layer-header' && link === undefined) return undefined;
    if (base === 'link-layer-header') return link === 'vlan' && offset >= 14 ? 'vlan' : 'ether';
    if (base === 'network-header') return network;
    if (base !== 'transport-header') return undefined;
    return (transport === undefined ? undefined : transportOf(transport)) ?? 'th';
  }

  /** Returns the single part in a register, and the operation on its bits if there is one. */
  single({ header, part, options, bits, tunnel }: Loaded): { readonly part: Part; readonly bits?: Loaded['bits'] } {
    if (part !== undefined) return bits === undefined ? { part } : { part, bits };
    const isMask = bits?.xor.every((byte) => byte === 0) === true;
    if (options !== undefined) {
      const masked = isMask ? options.find(({ mask }) => mask?.equals(bits.mask) === true) : undefined;
      if (masked !== undefined) return { part: masked };
      const whole = options.find(({ mask }) => mask === undefined);
      if (whole === undefined) throw new Unreadable('option');
      return bits === undefined ? { part: whole } : { part: whole, bits };
    }
    if (header === undefined) throw new Unreadable('not a part');
    if (isMask) {
      const protocol = this.protocolOf(header, tunnel);
      const masked = partsAt(header).find((field) => field.protocol === protocol && field.mask?.equals(bits.mask) === true);
      if (masked !== undefined) return { part: tunnel === undefined ? masked : innerPart(masked, tunnel) };
    }
    const [field, second] = this.fields(header, tunnel);
    if (field !== undefined && second === undefined) return bits === undefined ? { part: field } : { part: field, bits };
    if (tunnel !== undefined) throw new Unreadable('header');
    // Bytes that are not one field have no other form than raw bits.
    const rawBits = isMask ? rawPartAt(header, bits.mask) : undefined;
    const raw = rawBits ?? rawPartAt(header);
    if (raw === undefined) throw new Unreadable('header');
    return bits === undefined || rawBits !== undefined ? { part: raw } : { part: raw, bits };
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
    const loaded = registers.from(register, sizeOf, this.#keyBytes(set));
    return this.#fieldsOf(loaded);
  }

  /** Returns the parts of which a hash is computed. */
  hashed(register: unknown, bytes: number): readonly Part[] {
    return this.#fieldsOf(this.registers.from(register, sizeOf, bytes));
  }

  #fieldsOf(loaded: readonly Loaded[]): readonly Part[] {
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

  /** Returns the target of the keys of a map without a name. */
  dataOf({ anonymous }: { readonly anonymous: AnonymousSet }): MapData {
    return dataOf(anonymous);
  }

  /** Returns the key and the data of a map. */
  mapping(registers: Registers, register: unknown, set: LookedUp): { readonly key: Expression; readonly data: Expression } {
    const parts = this.keyParts(registers, register, set);
    const selectors = parts.map(selectorOf);
    const key: Expression = selectors.length === 1 ? selectors[0]! : { concat: selectors };
    return { key, data: 'name' in set ? `@${set.name}` : { set: readItems(set.anonymous, parts, dataOf(set.anonymous)) } };
  }
}

const sizeOf = ({ header, part, options }: Loaded): number => header?.len ?? part?.type.bytes ?? options?.[0]?.type.bytes ?? 4;
