import type { BackEnd, BodySchema } from '../codec/back-end.js';
import type { SourceContext } from '../codec/kind.js';
import { SourceText, integer, quote } from '../codec/source-text.js';
import type { AttributeSchema, MemberSchema, StructSchema } from '../descriptor/descriptor.js';
import { pickPlan } from '../descriptor/pick.js';
import type { SchemaIndex } from '../descriptor/schema-index.js';
import { findCodec } from '../kinds/table.js';
import { bodyLayout } from './body-layout.js';
import { memberValue } from './compile-struct.js';
import { type AttributeHead, type Form, type FormDecoder, MOST_FORMS, SAMPLED, UsualForms } from './usual-forms.js';

const NONE: ReadonlyMap<string, string> = new Map();

/**
 * Returns what finds and compiles the usual forms of a body.
 *
 * It returns undefined for a pick, for a body without attributes, for a header with members that have no source or no fixed place, and for a set with values whose
 * format another set selects: those need the objects around them.
 *
 * @internal
 */
export function usualForms(backEnd: BackEnd, index: SchemaIndex, body: BodySchema): UsualForms | undefined {
  const { set, pick, hidden } = body;
  const { struct, headerEnd, hasAttributes } = bodyLayout(index, body);
  if (set === undefined || pick !== undefined || headerEnd !== undefined || !hasAttributes) return undefined;
  if (pickPlan(index, set, undefined).scope !== undefined) return undefined;
  const header = struct === undefined ? [] : shownMembers(struct, hidden);
  if (struct !== undefined && !hasSource(backEnd, struct, header)) return undefined;
  const attributes = index.attributes(set);
  const isReadable = ({ attributes: heads }: Form): boolean => {
    const known = heads.flatMap(({ type }) => attributes.get(type) ?? []);
    if (known.length !== heads.length || !known.every(isSimple)) return false;
    const properties = [...header, ...known].map(({ property }) => property);
    // An attribute that occurs once needs no list. A literal would take `__proto__` for the prototype.
    return new Set(properties).size === properties.length && !properties.includes('__proto__');
  };
  const place = { backEnd, struct, header, set, attributes, title: `${index.schema.source}/${set}-usual` };
  return new UsualForms(backEnd, (form) => (isReadable(form) ? compileForm(place, form) : undefined));
}

/** The decoders of the usual forms, in the order in which they were compiled. */
const FORMS = Array.from({ length: MOST_FORMS }, (_, number) => `f${number}`);

/**
 * Writes the decoder of a body with usual forms: it tries them, and then calls `general`.
 *
 * Each form has a call of its own, which V8 can inline, and a new form leaves the code of the others and of `general` as it is.
 *
 * @param check - Source of the check of the depth.
 * @internal
 */
export function usualSource(text: SourceText, check: string): void {
  text.line(`let ${FORMS.join(', ')}, left = ${integer(SAMPLED)};`);
  text.line('function add(form) { if (form !== undefined)');
  text.line(FORMS.map((name) => `if (${name} === undefined) ${name} = form;`).join(' else '));
  text.line('}');
  text.line('function decode(words, bytes, start, end, outer, depth) {');
  text.line(check);
  text.line('let row;');
  for (const name of FORMS)
    text.line(`if (${name} !== undefined && (row = ${name}(words, bytes, start, end, depth)) !== undefined) return row;`);
  text.line('return general(words, bytes, start, end, outer, depth);');
  text.line('}');
}

/**
 * Writes the end of `general`, which looks at some of the bodies.
 *
 * @param first - Source of the offset of the first attribute.
 * @internal
 */
export function sampleSource(text: SourceText, forms: UsualForms, first: string): void {
  const sample = `${text.constant(forms)}.sample(words, bytes, start, ${first}, end)`;
  text.line(`if (--left === 0) { left = ${integer(SAMPLED)}; add(${sample}); }`);
}

/** Returns true if the members can be written as source. With attributes after it, the whole struct is there, also one that grows. */
function hasSource(backEnd: BackEnd, struct: StructSchema, members: readonly MemberSchema[]): boolean {
  const text = new SourceText();
  return members.every((member) => memberValue(text, backEnd, struct, member, HEADER) !== undefined);
}

/** The header starts at a multiple of 4 bytes. */
const HEADER = { aligned: true } as const;

function shownMembers({ members }: StructSchema, hidden: string | undefined): readonly MemberSchema[] {
  return members.filter(({ type, name }) => type !== 'pad' && name !== hidden);
}

/** Returns true for attributes that depend on no other attribute of the body. */
function isSimple(attribute: AttributeSchema): boolean {
  return attribute.multi !== true && attribute.secret !== true && findCodec(attribute).decodeAttribute === undefined;
}

/** The body for which source is written. */
interface Place {
  readonly backEnd: BackEnd;
  readonly struct: StructSchema | undefined;
  /** The members of the struct that are shown. */
  readonly header: readonly MemberSchema[];
  readonly set: string;
  readonly attributes: ReadonlyMap<number, AttributeSchema>;
  readonly title: string;
}

/**
 * Compiles the decoder of bodies in one form. It compares the headers of all attributes, and needs no loop.
 *
 * Rows are literals with all properties. V8 notes how long the objects of a literal live (not those of a constructor), and allocates
 * them among the old objects when most of them are kept: the collector then does not copy them.
 */
function compileForm({ backEnd, struct, header, set, attributes, title }: Place, { length: size, attributes: heads }: Form): FormDecoder {
  const text = new SourceText();
  const context = { text, backEnd, set, selectors: NONE, aheads: NONE, scope: 'undefined' };
  text.line('let fits = true;');
  text.line('return function decodeUsual(words, bytes, start, end, depth) {');
  text.line(`if (end - start !== ${integer(size)} || !fits) return undefined;`);
  text.line('const q = start >> 2, w = q;');
  for (const { offset, word } of heads) text.line(`if (words[w + ${integer(offset / 4)}] !== ${integer(word)}) return undefined;`);
  text.line(`const kept = ${text.constant(backEnd)}.kept;`);
  const fields = header.map((member): Field => [member.property, memberValue(text, backEnd, struct!, member, HEADER)!]);
  const values = heads.map((head): Field => [attributes.get(head.type)!.property, valueSource(context, attributes.get(head.type)!, head)]);
  text.line(`return { ${[...fields, ...values].map(([property, value]) => `${quote(property)}: ${value}`).join(', ')} };`);
  text.line('};');
  return text.compile(title);
}

/** A property and the source of its value. */
type Field = readonly [property: string, value: string];

/** Writes the statements that decode an attribute of a form; returns the variable of its value. */
function valueSource(context: SourceContext, attribute: AttributeSchema, { offset, length }: AttributeHead): string {
  const { text, backEnd } = context;
  const value = text.local();
  text.line(`let ${value};`);
  text.line('{');
  text.line(`const p = start + ${integer(offset)}, q = w + ${integer(offset / 4)}, length = ${integer(length)};`);
  const { fits = true, value: decoded } = findCodec(attribute).source?.(context, attribute) ?? {
    value: `${text.constant(backEnd.value(attribute))}(words, bytes, p + 4, p + length, undefined, depth + 1)`,
  };
  text.line(fits === true ? `${value} = ${decoded};` : `if (${fits}) ${value} = ${decoded};`);
  // The general decoder keeps the bytes, and counts again what was kept further in. The form is given up: if nests were decoded twice
  // at each level, the time would double with each.
  text.line(`if (${value} === undefined) { fits = false; ${text.constant(backEnd)}.kept = kept; return undefined; }`);
  text.line('}');
  return value;
}
