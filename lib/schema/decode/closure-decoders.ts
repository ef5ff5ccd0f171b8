import { alignLength } from '../../wire/index.js';
import { structScope } from '../codec/address/address-scope.js';
import type { BackEnd, BodyDecoder, BodySchema, Scope, StructDecoder } from '../codec/back-end.js';
import { attributeLength, checkDepth, halfAt, keepUnknown, keepUnknownSecret, put } from '../codec/decode-primitives.js';
import type { AttributeDecoder, SelectorValues } from '../codec/kind.js';
import type { AttributeSchema, StructSchema } from '../descriptor/descriptor.js';
import { type PickPlan, pickPlan } from '../descriptor/pick.js';
import type { SchemaIndex } from '../descriptor/schema-index.js';
import { findCodec, findKind } from '../kinds/table.js';
import { concealProperty } from '../value/secret.js';
import { bodyLayout } from './body-layout.js';
import { Decoders, type DecoderMaker } from './decoders.js';
import { memberDecoder } from './member-decoder.js';

/** The state of a body while it is decoded. */
interface Progress extends SelectorValues {
  readonly object: object;
  /** The object by which nested decoders select, if it is not the row itself. */
  readonly hidden: object | undefined;
  /** Arrays of repeated attributes, by number. */
  readonly lists: Map<number, unknown[]>;
}

type Member = (words: Uint32Array, bytes: Uint8Array, start: number, end: number, object: object, scope: Scope | undefined) => void;

/**
 * Makes decoders out of closures.
 *
 * They are the reference: generated code is right if it does the same. They also serve programs that forbid code from strings.
 *
 * @internal
 */
export const closures: DecoderMaker = { body: makeBody, struct: makeStruct };

/** Returns the closures of a family. @internal */
export function closureDecoders(index: SchemaIndex): Decoders {
  return new Decoders(index, closures);
}

function makeStruct(backEnd: BackEnd, index: SchemaIndex, struct: StructSchema): StructDecoder {
  const members = memberDecoders(backEnd, struct);
  const scopeOf = structScope(index, struct);
  return (words, bytes, start, end, outer) => {
    const object = {};
    const scope = scopeOf === undefined ? outer : scopeOf(bytes, start, end, outer);
    for (const member of members) member(words, bytes, start, end, object, scope);
    return object;
  };
}

function memberDecoders(
  backEnd: BackEnd,
  struct: StructSchema,
  hidden?: string,
  shows: (property: string) => boolean = () => true,
): readonly Member[] {
  return struct.members
    .filter(({ type, name, property }) => type !== 'pad' && name !== hidden && shows(property))
    .map((member): Member => {
      const { property, offset, size } = member;
      const decode = memberDecoder(backEnd, struct, member);
      return (words, bytes, start, end, object, scope) => {
        const from = start + offset;
        const to = size === undefined ? end : from + size;
        // Only a struct that grows may end before its members do.
        if (to > end) return;
        const value = decode(words, bytes, from, to, scope, 0);
        if (value !== undefined) put(object, property, value);
      };
    });
}

function makeBody(backEnd: BackEnd, index: SchemaIndex, body: BodySchema): BodyDecoder {
  const { set, hidden, pick } = body;
  const { struct, least, headerEnd, hasAttributes } = bodyLayout(index, body);
  const size = struct?.size ?? 0;
  const scopeOf = struct === undefined ? undefined : structScope(index, struct);
  const plan = pickPlan(index, set, pick);
  const { scope: selecting } = plan;
  const members = struct === undefined ? [] : memberDecoders(backEnd, struct, hidden, plan.shows);
  const hiddenMembers =
    struct === undefined ? [] : memberDecoders(backEnd, struct, hidden, (property) => selecting?.has(property) === true);
  const attributes = set === undefined ? new Map<number, AttributeSchema>() : index.attributes(set);
  const needed = [...attributes].filter(([, attribute]) => plan.needs(attribute));
  const decoders = new Map(needed.map(([id, attribute]) => [id, makeAttribute(backEnd, set!, attribute, plan)]));
  const keep = index.holdsSecrets(set) ? keepUnknownSecret : keepUnknown;
  const ignore = pick === undefined ? undefined : (): boolean => true;
  return (words, bytes, start, end, outer, depth) => {
    checkDepth(depth, start);
    if (end - start < least || (!hasAttributes && struct === undefined && end > start)) return undefined;
    const object = {};
    const stop = headerEnd === undefined ? start + size : headerEnd(bytes, start, end);
    const around = scopeOf === undefined ? outer : scopeOf(bytes, start, stop, outer);
    for (const member of members) member(words, bytes, start, stop, object, around);
    if (!hasAttributes) return object;
    const selectors = pick === undefined || selecting === undefined ? undefined : {};
    if (selectors !== undefined) for (const member of hiddenMembers) member(words, bytes, start, stop, selectors, around);
    const progress: Progress = { object, hidden: selectors, selectors: new Map(), aheads: new Map(), lists: new Map() };
    const scope = selecting === undefined ? undefined : { value: selectors ?? object, outer };
    for (let at = start + alignLength(stop - start); at < end;) {
      const length = attributeLength(bytes, at, end);
      const decode = decoders.get(halfAt(bytes, at + 2) & 0x3fff) ?? ignore;
      if (decode?.(words, bytes, at, at + length, end, scope, depth + 1, progress) !== true) {
        backEnd.kept++;
        keep(object, bytes, at, length);
      }
      at += alignLength(length);
    }
    return object;
  };
}

/** Makes the decoder of one attribute into the object around it; it returns false if the bytes do not fit. */
function makeAttribute(backEnd: BackEnd, set: string, attribute: AttributeSchema, plan: PickPlan) {
  const { id, property, multi } = attribute;
  const kind = findKind(attribute);
  if (kind.empty === 'skipped') return () => true;
  const conceals = attribute.secret === true && kind.marksSecrets !== true;
  const codec = findCodec(attribute);
  const decode: AttributeDecoder = codec.decodeAttribute?.(backEnd, set, attribute) ?? codec.decode(backEnd, attribute);
  const isSelector = codec.decodeAttribute === undefined;
  const isSpread = codec.isSpread === true;
  const shown = plan.shows(property);
  const selects = plan.scope?.has(property) === true;
  const store = ({ object, hidden }: Progress, value: unknown): void => {
    if (shown) put(object, property, value);
    if (shown && conceals) concealProperty(object, property);
    if (selects && hidden !== undefined) put(hidden, property, value);
  };
  return (
    words: Uint32Array,
    bytes: Uint8Array,
    at: number,
    end: number,
    bodyEnd: number,
    scope: Scope | undefined,
    depth: number,
    progress: Progress,
  ): boolean => {
    const value = decode(words, bytes, at + 4, end, scope, depth, bodyEnd, progress);
    if (value === undefined) return !shown;
    if (isSelector) progress.selectors.set(property, value);
    if (!isSpread && multi !== true) {
      store(progress, value);
      return true;
    }
    const list = progress.lists.get(id);
    if (list === undefined) {
      const first = isSpread ? (value as unknown[]) : [value];
      progress.lists.set(id, first);
      store(progress, first);
    } else if (isSpread) list.push(...(value as unknown[]));
    else list.push(value);
    return true;
  };
}
