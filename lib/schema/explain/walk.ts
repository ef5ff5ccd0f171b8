import { type Scope } from '../decode/back-end.js';
import { ClosureBackEnd } from '../decode/closure-back-end.js';
import { DecodeFault } from '../decode/decode-fault.js';
import { halfAt, outerValue, put, wordAt } from '../decode/decode-primitives.js';
import type { AttributeSchema, FormatSchema, ValueSchema } from '../descriptor/descriptor.js';
import { type SchemaIndex } from '../descriptor/schema-index.js';
import { selectorAhead, type SelectorAhead } from '../decode/selector-ahead.js';
import { shapeOf } from '../descriptor/shape.js';

/** An attribute of a message, with its name. @public */
export interface WalkedAttribute {
  /** Where it starts. */
  readonly offset: number;
  /** What its length field says. */
  readonly length: number;
  readonly type: number;
  /** How it is called where it stands; undefined where the schema does not know it. */
  readonly name: string | undefined;
  /** From the outermost attribute to this one, e.g. `.linkinfo.data.id`. */
  readonly path: string;
  /** How many attributes lie around it. */
  readonly depth: number;
  /** The set of the attributes in it, if it is a nest. */
  readonly inner: string | undefined;
}

/** Where a walk is. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly path: string;
  readonly depth: number;
}

const EMPTY = new Uint32Array(0);

/**
 * Visits every attribute of a message, outer ones before those in them.
 *
 * It is for errors and traces: it goes as far as lengths allow and throws at nothing, and it is slow.
 *
 * @internal
 */
export class Walk {
  readonly #index: SchemaIndex;
  readonly #decoders: ClosureBackEnd;
  readonly #bytes: Uint8Array;
  readonly #visit: (attribute: WalkedAttribute) => void;
  readonly #onSecret: (start: number, end: number) => void;

  constructor(
    index: SchemaIndex,
    bytes: Uint8Array,
    visit: (attribute: WalkedAttribute) => void,
    onSecret: (start: number, end: number) => void = () => undefined,
  ) {
    this.#onSecret = onSecret;
    this.#index = index;
    this.#decoders = new ClosureBackEnd(index);
    this.#bytes = bytes;
    this.#visit = visit;
  }

  /** Visits the attributes between two offsets. */
  set(set: string | undefined, place: Place, outer?: Scope): void {
    const attributes = set === undefined ? undefined : this.#index.attributes(set);
    const value = {};
    const ahead = this.#ahead(set);
    this.#each(place, (at, end, type) => {
      const attribute = attributes?.get(type);
      const name = attribute?.property === '' ? attribute.name : attribute?.property;
      const path = `${place.path}.${name ?? type}`;
      const inside = { start: at + 4, end, path, depth: place.depth + 1 };
      const format =
        attribute === undefined
          ? undefined
          : this.#format(attribute, { value, outer }, (property) => ahead(property, (end + 3) & ~3, place.end));
      this.#enter({ at, end, type, name, path, depth: place.depth, inner: attribute?.set ?? format?.set });
      if (format !== undefined) this.#formatted(format, inside, { value, outer });
      else if (attribute !== undefined && attribute.type !== 'sub-message') this.#value(attribute, inside, { value, outer }, value);
      // What cannot be decoded beside secrets may be one.
      else if (this.#index.holdsSecrets(set)) this.#onSecret(at + 4, end);
    });
  }

  /** Reports the secrets in the struct between two offsets; all of it if it is cut short. */
  struct(name: string, start: number, end: number): void {
    const members = this.#index.secretMembers(name);
    if (members.length > 0 && end - start < this.#index.struct(name).size) this.#onSecret(start, end);
    else for (const { offset, size } of members) this.#onSecret(start + offset, size === undefined ? end : start + offset + size);
  }

  #value(schema: ValueSchema & { property?: string }, place: Place, scope: Scope, into?: object): void {
    const shape = shapeOf(this.#index, schema);
    if (schema.secret === true) this.#onSecret(place.start, place.end);
    switch (shape.kind) {
      case 'struct':
        this.struct(shape.struct.name, place.start, place.end);
        break;
      case 'struct-list':
        for (let at = place.start; at < place.end; at += shape.struct.size) {
          this.struct(shape.struct.name, at, Math.min(at + shape.struct.size, place.end));
        }
        break;
      case 'nest':
        this.set(shape.set, this.#behind(shape.header, place), scope);
        break;
      case 'ordered-list':
        this.#ordered(shape.set, place, scope);
        break;
      case 'indexed-list':
        this.#elements(place, shape.element, 1, scope);
        break;
      case 'type-value':
        this.#elements(place, shape.element, shape.names.length, scope);
        break;
      case 'records':
        this.#records(shape, place, scope);
        break;
      case 'string':
      case 'integer': {
        const decoded = this.#decoders.value(schema)(EMPTY, this.#bytes, place.start, place.end, undefined, 0);
        if (into !== undefined && decoded !== undefined) put(into, schema.property ?? '', decoded);
        break;
      }
      default:
    }
  }

  /** Each attribute alone, under its place in the list. */
  #ordered(set: string, place: Place, scope: Scope): void {
    let number = 0;
    this.#each(place, (at, end, type) => {
      const path = `${place.path}[${number}]`;
      this.set(set, { ...place, start: at, end, path }, scope);
      if (this.#index.attributes(set).get(type)?.type !== 'pad') number++;
    });
  }

  #elements(place: Place, element: ValueSchema, levels: number, scope: Scope): void {
    this.#each(place, (at, end, type) => {
      const path = `${place.path}[${type}]`;
      const inner = levels === 1 ? element.set : undefined;
      this.#enter({ at, end, type, name: `[${type}]`, path, depth: place.depth, inner });
      const inside = { start: at + 4, end, path, depth: place.depth + 1 };
      if (levels > 1) this.#elements(inside, element, levels - 1, scope);
      else this.#value(element, inside, scope);
    });
  }

  #records(shape: Extract<ReturnType<typeof shapeOf>, { kind: 'records' }>, place: Place, scope: Scope): void {
    const { struct, lengthMember, set } = shape;
    const member = struct.members.find(({ name }) => name === lengthMember);
    let number = 0;
    for (let at = place.start; member !== undefined && place.end - at >= struct.size; number++) {
      const length = (member.size === 2 ? halfAt : wordAt)(this.#bytes, at + member.offset);
      const path = `${place.path}[${number}]`;
      const end = length < struct.size || length > place.end - at ? place.end : at + length;
      this.struct(struct.name, at, end);
      this.set(set, { start: at + ((struct.size + 3) & ~3), end, path, depth: place.depth }, scope);
      at = (end + 3) & ~3;
    }
  }

  /** What a sub-message is made of, as far as its selector tells. */
  #format({ selector, subMessage }: AttributeSchema, scope: Scope, ahead: (property: string) => unknown): FormatSchema | undefined {
    if (selector === undefined || subMessage === undefined) return undefined;
    const { property, outer } = selector;
    const kind =
      outer === true
        ? outerValue(scope.outer, property)
        : (outerValue({ value: scope.value, outer: undefined }, property) ?? ahead(property));
    return this.#index.subMessage(subMessage).formats.find(({ value }) => value === kind || value === String(kind));
  }

  #formatted({ content, set, fixedHeader }: FormatSchema, place: Place, scope: Scope): void {
    if (content !== undefined) this.#value(content, place, scope);
    else if (set !== undefined) this.set(set, this.#behind(fixedHeader, place), scope);
  }

  #behind(header: string | undefined, place: Place): Place {
    if (header !== undefined) this.struct(header, place.start, place.end);
    const size = header === undefined ? 0 : this.#index.struct(header).size;
    return { ...place, start: place.start + ((size + 3) & ~3) };
  }

  /** Makes the look-ahead of one body; after attributes that are broken there is no selector. */
  #ahead(set: string | undefined): (property: string, from: number, end: number) => unknown {
    const aheads = new Map<string, SelectorAhead>();
    return (property, from, end) => {
      let ahead = aheads.get(property);
      if (ahead === undefined) aheads.set(property, (ahead = selectorAhead(this.#index, this.#decoders, set!, property)()));
      try {
        return ahead(EMPTY, this.#bytes, from, end);
      } catch (error) {
        if (!(error instanceof DecodeFault)) throw error;
        aheads.set(property, () => undefined);
        return undefined;
      }
    };
  }

  #enter({ at, end, ...attribute }: { at: number; end: number } & Omit<WalkedAttribute, 'offset' | 'length'>): void {
    this.#visit({ offset: at, length: end - at, ...attribute });
  }

  #each({ start, end, depth }: Place, visit: (at: number, end: number, type: number) => void): void {
    if (depth > 32) return;
    for (let at = start; end - at >= 4;) {
      const length = halfAt(this.#bytes, at);
      const broken = length < 4 || length > end - at;
      const to = broken ? end : at + length;
      visit(at, to, halfAt(this.#bytes, at + 2) & 0x3fff);
      at = (to + 3) & ~3;
    }
  }
}
