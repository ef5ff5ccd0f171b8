import { type BackEnd, type BodyDecoder, type BodySchema, type StructDecoder, type ValueDecoder, bodyKey } from './back-end.js';
import { BoundedMap } from './bounded-map.js';
import { closureValue } from './closure-values.js';
import { lazy, subMessage } from './composite-decoders.js';
import { attributeLength, checkDepth, halfAt, keepUnknown, keepUnknownSecret, outerValue, put } from './decode-primitives.js';
import type { AttributeSchema, StructSchema, ValueSchema } from '../descriptor/descriptor.js';
import { MOST_PICKS, type PickPlan, pickPlan } from '../descriptor/pick.js';
import { type SchemaIndex } from '../descriptor/schema-index.js';
import { concealProperty } from '../value/secret.js';
import { selectorAhead, type SelectorAhead } from './selector-ahead.js';
import { shapeOf } from '../descriptor/shape.js';

/** What a body remembers while it is decoded. */
interface Progress {
  readonly object: object;
  /** By what nested decoders choose, where that is not the object itself. */
  readonly hidden: object | undefined;
  /** Values of selectors met so far, by property. */
  readonly selectors: Map<string, unknown>;
  /** Look-aheads for selectors that have not been met, by property. */
  readonly aheads: Map<string, SelectorAhead>;
  /** Arrays of repeated attributes, by number. */
  readonly lists: Map<number, unknown[]>;
}

type Member = (words: Uint32Array, bytes: Uint8Array, start: number, end: number, object: object) => void;

/**
 * Decoders made of closures.
 *
 * The reference: what generated code does is right if it does the same. It also serves where a program forbids code from strings.
 *
 * @internal
 */
export class ClosureBackEnd implements BackEnd {
  kept = 0;
  readonly #index: SchemaIndex;
  readonly #bodies: Map<string, BodyDecoder> = new Map();
  readonly #picked = new BoundedMap<string, BodyDecoder>(MOST_PICKS);
  readonly #structs: Map<string, StructDecoder> = new Map();

  constructor(index: SchemaIndex) {
    this.#index = index;
  }

  body(body: BodySchema): BodyDecoder {
    const key = bodyKey(body);
    if (body.pick !== undefined) return this.#picked.get(key, () => this.#later(body));
    let decode = this.#bodies.get(key);
    if (decode === undefined) this.#bodies.set(key, (decode = this.#later(body)));
    return decode;
  }

  struct(name: string): StructDecoder {
    let decode = this.#structs.get(name);
    if (decode === undefined) {
      const members = this.#members(this.#index.struct(name));
      decode = (words, bytes, start, end) => {
        const object = {};
        for (const member of members) member(words, bytes, start, end, object);
        return object;
      };
      this.#structs.set(name, decode);
    }
    return decode;
  }

  value(value: ValueSchema): ValueDecoder {
    return closureValue(this, shapeOf(this.#index, value));
  }

  /** Makes it when it is first called: sets may hold themselves. */
  #later(body: BodySchema): BodyDecoder {
    const made = lazy(() => this.#makeBody(body));
    return (words, bytes, start, end, scope, depth) => made()(words, bytes, start, end, scope, depth);
  }

  #members(struct: StructSchema, hidden?: string, shows: (property: string) => boolean = () => true): readonly Member[] {
    return struct.members
      .filter(({ type, name, property }) => type !== 'pad' && name !== hidden && shows(property))
      .map((member): Member => {
        const { property, offset, size } = member;
        const decode = this.value(member);
        return (words, bytes, start, end, object) => {
          const from = start + offset;
          const value = decode(words, bytes, from, size === undefined ? end : from + size, undefined, 0);
          if (value !== undefined) put(object, property, value);
        };
      });
  }

  #makeBody({ header, set, hidden, open, pick }: BodySchema): BodyDecoder {
    const struct = header === undefined ? undefined : this.#index.struct(header);
    const size = struct?.size ?? 0;
    const plan = pickPlan(this.#index, set, pick);
    const { scope: choosing } = plan;
    const members = struct === undefined ? [] : this.#members(struct, hidden, plan.shows);
    const hiddenMembers = struct === undefined ? [] : this.#members(struct, hidden, (property) => choosing?.has(property) === true);
    const attributes = set === undefined ? new Map<number, AttributeSchema>() : this.#index.attributes(set);
    const needed = [...attributes].filter(([, attribute]) => plan.needs(attribute));
    const decoders = new Map(needed.map(([id, attribute]) => [id, this.#attribute(set!, attribute, plan)]));
    const hasAttributes = set !== undefined || open === true;
    const keep = this.#index.holdsSecrets(set) ? keepUnknownSecret : keepUnknown;
    const ignore = pick === undefined ? undefined : (): boolean => true;
    return (words, bytes, start, end, outer, depth) => {
      checkDepth(depth, start);
      if (end - start < size || (!hasAttributes && struct === undefined && end > start)) return undefined;
      const object = {};
      for (const member of members) member(words, bytes, start, start + size, object);
      if (!hasAttributes) return object;
      const chooser = pick === undefined || choosing === undefined ? undefined : {};
      if (chooser !== undefined) for (const member of hiddenMembers) member(words, bytes, start, start + size, chooser);
      const progress: Progress = { object, hidden: chooser, selectors: new Map(), aheads: new Map(), lists: new Map() };
      const scope = choosing === undefined ? undefined : { value: chooser ?? object, outer };
      for (let at = start + ((size + 3) & ~3); at < end;) {
        const length = attributeLength(bytes, at, end);
        const decode = decoders.get(halfAt(bytes, at + 2) & 0x3fff) ?? ignore;
        if (decode?.(words, bytes, at, at + length, end, scope, depth + 1, progress) !== true) {
          this.kept++;
          keep(object, bytes, at, length);
        }
        at += (length + 3) & ~3;
      }
      return object;
    };
  }

  /** Makes what decodes one attribute into the object around it; it answers false where the bytes do not fit. */
  #attribute(set: string, attribute: AttributeSchema, plan: PickPlan) {
    const { id, property, multi } = attribute;
    const conceals = attribute.secret === true && attribute.type !== 'binary';
    const shape = shapeOf(this.#index, attribute);
    if (shape.kind === 'pad') return () => true;
    const decode = shape.kind === 'sub-message' ? undefined : this.value(attribute);
    const choose = shape.kind === 'sub-message' ? subMessage(this, shape) : undefined;
    const selector = shape.kind === 'sub-message' ? shape.selector : undefined;
    const makeAhead = lazy(() => selectorAhead(this.#index, this, set, selector!.property));
    const isSelector = shape.kind !== 'sub-message';
    const shown = plan.shows(property);
    const chooses = plan.scope?.has(property) === true;
    const store = ({ object, hidden }: Progress, value: unknown): void => {
      if (shown) put(object, property, value);
      if (shown && conceals) concealProperty(object, property);
      if (chooses && hidden !== undefined) put(hidden, property, value);
    };
    return (
      words: Uint32Array,
      bytes: Uint8Array,
      at: number,
      end: number,
      setEnd: number,
      scope: Parameters<ValueDecoder>[4],
      depth: number,
      progress: Progress,
    ): boolean => {
      let value: unknown;
      if (selector === undefined) value = decode!(words, bytes, at + 4, end, scope, depth);
      else {
        let chosen: unknown;
        if (selector.outer === true) chosen = outerValue(scope?.outer, selector.property);
        else {
          chosen = progress.selectors.get(selector.property);
          if (chosen === undefined) {
            let ahead = progress.aheads.get(selector.property);
            if (ahead === undefined) progress.aheads.set(selector.property, (ahead = makeAhead()()));
            chosen = ahead(words, bytes, (end + 3) & ~3, setEnd);
          }
        }
        value = choose!(chosen, words, bytes, at + 4, end, scope, depth);
      }
      if (value === undefined) return !shown;
      if (isSelector) progress.selectors.set(property, value);
      const list = progress.lists.get(id);
      if (shape.kind === 'type-value') {
        if (list === undefined) {
          progress.lists.set(id, value as unknown[]);
          store(progress, value);
        } else list.push(...(value as unknown[]));
      } else if (multi === true) {
        if (list === undefined) {
          const first = [value];
          progress.lists.set(id, first);
          store(progress, first);
        } else list.push(value);
      } else store(progress, value);
      return true;
    };
  }
}
