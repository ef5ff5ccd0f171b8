import { alignLength, NEST_DEPTH_LIMIT } from '../../wire/index.js';
import type { Scope } from '../codec/back-end.js';
import { DecodeFault } from '../codec/decode-fault.js';
import { halfAt, outerValue, put } from '../codec/decode-primitives.js';
import { selectorAhead, type SelectorAhead } from '../codec/selector-ahead.js';
import { structEnd } from '../codec/struct/struct-end.js';
import type { ValueFields } from '../codec/value-fields.js';
import type { Place, WalkedAttribute, Walker } from '../codec/walker.js';
import { closureDecoders } from '../decode/closure-decoders.js';
import type { Decoders } from '../decode/decoders.js';
import type { AttributeSchema, FormatSchema } from '../descriptor/descriptor.js';
import type { SchemaIndex } from '../descriptor/schema-index.js';
import { findCodec, findKind } from '../kinds/table.js';

const EMPTY = new Uint32Array(0);

/**
 * Visits every attribute of a message, outer ones before those in them.
 *
 * It serves errors and traces: it continues as far as the lengths allow, never throws, and is slow.
 *
 * @internal
 */
export class Walk implements Walker {
  readonly names: SchemaIndex;
  readonly bytes: Uint8Array;
  readonly #decoders: Decoders;
  readonly #visit: (attribute: WalkedAttribute) => void;
  readonly #onSecret: (start: number, end: number) => void;

  constructor(
    index: SchemaIndex,
    bytes: Uint8Array,
    visit: (attribute: WalkedAttribute) => void,
    onSecret: (start: number, end: number) => void = () => undefined,
  ) {
    this.names = index;
    this.bytes = bytes;
    this.#onSecret = onSecret;
    this.#decoders = closureDecoders(index);
    this.#visit = visit;
  }

  set(set: string | undefined, place: Place, outer?: Scope): void {
    const attributes = set === undefined ? undefined : this.names.attributes(set);
    const value = {};
    const ahead = this.#ahead(set);
    this.each(place, (at, end, type) => {
      const attribute = attributes?.get(type);
      const name = attribute?.property === '' ? attribute.name : attribute?.property;
      const path = `${place.path}.${name ?? type}`;
      const inside = { start: at + 4, end, path, depth: place.depth + 1 };
      const format =
        attribute === undefined
          ? undefined
          : this.#format(attribute, { value, outer }, (property) => ahead(property, alignLength(end), place.end));
      this.enter({ at, end, type, name, path, depth: place.depth, inner: attribute?.set ?? format?.set });
      if (format !== undefined) this.#formatted(format, inside, { value, outer });
      else if (attribute !== undefined && attribute.type !== 'sub-message') this.value(attribute, inside, { value, outer }, value);
      // An attribute that cannot be decoded may be a secret if its set has some.
      else if (this.names.holdsSecrets(set)) this.#onSecret(at + 4, end);
    });
  }

  struct(name: string, start: number, end: number): void {
    const members = this.names.secretMembers(name);
    if (members.length > 0 && end - start < this.names.struct(name).size) this.#onSecret(start, end);
    else for (const { offset, size } of members) this.#onSecret(start + offset, size === undefined ? end : start + offset + size);
  }

  value(value: ValueFields & { readonly property?: string }, place: Place, scope: Scope, into?: object): void {
    const codec = findCodec(value);
    if (value.secret === true) this.#onSecret(place.start, place.end);
    codec.walk?.(this, value, place, scope);
    if (into === undefined || codec.isSelector !== true) return;
    const decoded = codec.decode(this.#decoders, value)(EMPTY, this.bytes, place.start, place.end, undefined, 0);
    if (decoded !== undefined) put(into, value.property ?? '', decoded);
  }

  isFiller(set: string, type: number): boolean {
    const attribute = this.names.attributes(set).get(type);
    return attribute !== undefined && findKind(attribute).empty === 'skipped';
  }

  /** Finds the format of a sub-message; undefined if its selector is unknown. */
  #format({ selector, subMessage }: AttributeSchema, scope: Scope, ahead: (property: string) => unknown): FormatSchema | undefined {
    if (selector === undefined || subMessage === undefined) return undefined;
    const { property, outer } = selector;
    const kind =
      outer === true
        ? outerValue(scope.outer, property)
        : (outerValue({ value: scope.value, outer: undefined }, property) ?? ahead(property));
    return this.names.subMessage(subMessage).formats.find(({ value }) => value === kind || value === String(kind));
  }

  #formatted({ content, set, fixedHeader }: FormatSchema, place: Place, scope: Scope): void {
    if (content !== undefined) this.value(content, place, scope);
    else if (set !== undefined) this.set(set, this.after(fixedHeader, place), scope);
  }

  after(header: string | undefined, place: Place): Place {
    if (header === undefined) return place;
    const end = this.structEnd(header, place.start, place.end);
    this.struct(header, place.start, end);
    return { ...place, start: place.start + alignLength(end - place.start) };
  }

  structEnd(name: string, start: number, end: number): number {
    const struct = this.names.struct(name);
    if (start + struct.size > end) return end;
    return Math.min(end, structEnd(this.names, struct)?.(this.bytes, start, end) ?? start + struct.size);
  }

  /** Makes the look-ahead of one body; it finds no selector after an attribute with a wrong length. */
  #ahead(set: string | undefined): (property: string, from: number, end: number) => unknown {
    const aheads = new Map<string, SelectorAhead>();
    return (property, from, end) => {
      let ahead = aheads.get(property);
      if (ahead === undefined) aheads.set(property, (ahead = selectorAhead(this.#decoders, set!, property)()));
      try {
        return ahead(EMPTY, this.bytes, from, end);
      } catch (error) {
        if (!(error instanceof DecodeFault)) throw error;
        aheads.set(property, () => undefined);
        return undefined;
      }
    };
  }

  enter({ at, end, ...attribute }: { at: number; end: number } & Omit<WalkedAttribute, 'offset' | 'length'>): void {
    this.#visit({ offset: at, length: end - at, ...attribute });
  }

  each({ start, end, depth }: Place, visit: (at: number, end: number, type: number) => void): void {
    if (depth > NEST_DEPTH_LIMIT) return;
    for (let at = start; end - at >= 4;) {
      const length = halfAt(this.bytes, at);
      const broken = length < 4 || length > end - at;
      const to = broken ? end : at + length;
      visit(at, to, halfAt(this.bytes, at + 2) & 0x3fff);
      at = alignLength(to);
    }
  }
}
