import { FieldError } from '../../../common/field-error.js';
import type { AnonymousSet, CompiledRule, RuleContext, RuleExpression, RuleSet } from '../rule-context.js';
import type { HeaderBytes } from '../fields/part.js';
import { loadHeader } from '../fields/payload-part.js';
import { inner, TUNNELS } from '../fields/parts/tunnel-part.js';
import type { TunnelName } from '../fields/field-names.js';

/** Registers of 4 bytes in the 16 bytes of a long one. */
const SHORT_IN_LONG = 4;
/** The number of the first short register (`NFT_REG32_00`). */
const FIRST_SHORT = 8;
/** Bytes of a long register. */
const REGISTER_BYTES = 16;
/** Bytes that the kernel loads and compares in one step. */
const FAST_BYTES = 4;

/** A comparison of whole header fields with a value, which can be one comparison together with its neighbour. */
interface HeaderValue {
  readonly header: HeaderBytes;
  readonly value: Buffer;
}

const slotRegister = (slot: number): number => (slot % SHORT_IN_LONG === 0 ? 1 + slot / SHORT_IN_LONG : FIRST_SHORT + slot);

/** Returns the register some words behind another one. @internal */
export function shortRegister(register: number, words: number): number {
  return slotRegister((register < FIRST_SHORT ? (register - 1) * SHORT_IN_LONG : register - FIRST_SHORT) + words);
}

/** The protocols that the conditions so far have ensured. @internal */
export interface KnownProtocols {
  link?: 'ether' | 'vlan';
  network?: 'ip' | 'ip6' | 'arp';
  transport?: number;
  /** True if packets have a protocol of the transport layer that is one of several. */
  isOneTransport?: boolean;
  /** True if a condition before this one tests the type of a message of ICMP. */
  hasMessageType?: boolean;
}

/** The part of a program that conditions about protocols need: that of a rule, or of the packets inside a tunnel. @internal */
export type ProtocolProgram = Pick<RuleProgram, 'context' | 'known' | 'emit' | 'emitEqual'>;

/** The expressions of a rule while it is compiled: registers, anonymous sets and known protocols. @internal */
export class RuleProgram {
  readonly context: RuleContext;
  readonly known: KnownProtocols;
  readonly #steps: { expressions: readonly RuleExpression[]; merge?: HeaderValue }[] = [];
  readonly #sets: AnonymousSet[] = [];
  readonly #tunnels = new Map<TunnelName, ProtocolProgram>();
  #slot = 0;
  #mergeable = 0;

  constructor(context: RuleContext) {
    this.context = context;
    const { family } = context;
    this.known =
      family === 'ip' || family === 'ip6' || family === 'arp' ? { network: family } : family === 'bridge' ? { link: 'ether' } : {};
  }

  /** Adds expressions to the rule. */
  emit(...expressions: readonly RuleExpression[]): void {
    this.#steps.push({ expressions });
  }

  /** Adds a comparison of header fields with a value. As nft does, neighbouring fields become one comparison. */
  emitEqual(header: HeaderBytes, value: Buffer): void {
    const step = this.#steps.push({ expressions: compare(header, value), merge: { header, value } }) - 1;
    this.#merge(step);
  }

  /** Ends the conditions that can be merged: a statement must see the packets that the conditions before it accept. */
  endMatches(): void {
    this.#mergeable = this.#steps.length;
  }

  /** Returns a register for a value, and reserves it until `freeRegisters`. Fields of a concatenation have short registers. */
  register(bytes: number = REGISTER_BYTES): number {
    const slot = this.#slot;
    this.#slot += Math.ceil(bytes / 4);
    return slotRegister(slot);
  }

  /** Runs a function that may use the next registers for its inputs and must leave its result in the first of them; returns that. */
  withResult(run: (dreg: number) => void): number {
    const slot = this.#slot;
    const dreg = this.register();
    this.#slot = slot;
    run(dreg);
    this.#slot = slot + SHORT_IN_LONG;
    return dreg;
  }

  /** Runs a function, and makes the registers available again that it reserved. */
  scratch<T>(run: () => T): T {
    const slot = this.#slot;
    const result = run();
    this.#slot = slot;
    return result;
  }

  /** Returns the program for conditions about the packets inside a tunnel. They begin with a header of Ethernet, as those of a bridge do. */
  inTunnel(tunnel: TunnelName): ProtocolProgram {
    const found = this.#tunnels.get(tunnel);
    if (found !== undefined) return found;
    const emit = (...expressions: readonly RuleExpression[]): void =>
      this.emit(...expressions.map((expression) => (expression.name === 'cmp' ? expression : inner(tunnel, expression))));
    const program: ProtocolProgram = {
      context: { ...this.context, family: 'bridge' },
      known: TUNNELS[tunnel].hasLink ? { link: 'ether' } : {},
      emit,
      emitEqual: (header, value) => {
        emit(...compare(header, value));
      },
    };
    this.#tunnels.set(tunnel, program);
    return program;
  }

  /** Makes all registers available again. */
  freeRegisters(): void {
    this.#slot = 0;
  }

  /** Adds an anonymous set, and returns how an expression names it. */
  addSet(make: (id: number) => AnonymousSet): { readonly set: string; readonly setId: number } {
    const id = this.#sets.length + 1;
    const set = make(id);
    this.#sets.push(set);
    return { set: set.set.name!, setId: id };
  }

  /** Returns a named set of the table. @throws FieldError */
  namedSet(name: string, path: string): RuleSet {
    const set = this.context.set(name);
    if (set === undefined) throw new FieldError(path, `the table has no set or map '${name}'`, 'unknown-name');
    return set;
  }

  finish(): CompiledRule {
    return { expressions: this.#steps.flatMap(({ expressions }) => expressions), sets: this.#sets };
  }

  /** Merges a step with fields before and behind it, in the step of the first field. */
  #merge(index: number): void {
    const merge = this.#steps[index]!.merge!;
    for (let other = this.#mergeable; other < this.#steps.length; other++) {
      const second = this.#steps[other]!.merge;
      if (other === index || second === undefined) continue;
      const [first, last] = merge.header.offset < second.header.offset ? [index, other] : [other, index];
      const merged = mergedValue(this.#steps[first]!.merge!, this.#steps[last]!.merge!);
      if (merged === undefined) continue;
      this.#steps[first] = { expressions: compare(merged.header, merged.value), merge: merged };
      this.#steps.splice(last, 1);
      this.#merge(first < last ? first : first - 1);
      return;
    }
  }
}

function compare(header: HeaderBytes, value: Buffer): readonly RuleExpression[] {
  return [loadHeader(header, 1), { name: 'cmp', data: { sreg: 1, op: 'eq', data: { value } } }];
}

function mergedValue(first: HeaderValue, second: HeaderValue): HeaderValue | undefined {
  const [one, two] = [first.header, second.header];
  const len = one.len + two.len;
  const areFast = one.len <= FAST_BYTES && two.len <= FAST_BYTES;
  if (one.base !== two.base || one.offset + one.len !== two.offset || len > REGISTER_BYTES || (areFast && len > FAST_BYTES))
    return undefined;
  return { header: { ...one, len }, value: Buffer.concat([first.value, second.value]) };
}
