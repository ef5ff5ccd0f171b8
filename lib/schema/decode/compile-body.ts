import { alignLength, hostIsLittleEndian } from '../../wire/index.js';
import type { BackEnd, BodySchema } from '../codec/back-end.js';
import { checkDepth, failLength, keepUnknown, keepUnknownSecret } from '../codec/decode-primitives.js';
import type { SourceContext } from '../codec/kind.js';
import { SourceText, assign, integer, quote } from '../codec/source-text.js';
import type { AttributeSchema } from '../descriptor/descriptor.js';
import { type PickPlan, pickPlan } from '../descriptor/pick.js';
import type { SchemaIndex } from '../descriptor/schema-index.js';
import { findCodec, findKind } from '../kinds/table.js';
import { concealProperty } from '../value/secret.js';
import { bodyLayout } from './body-layout.js';
import { sampleSource, usualForms, usualSource } from './compile-forms.js';
import { structSource } from './compile-struct.js';
import type { UsualForms } from './usual-forms.js';

/** The body for which source is written. */
interface Context extends SourceContext {
  readonly plan: PickPlan;
  /** The variable of the object by which nested decoders select, if it is not the row itself. */
  readonly hidden: string | undefined;
  /** Source that ends the work on an attribute that was decoded. */
  readonly pass: string;
}

/** The most attributes that are decoded in the loop over the attributes. */
const LONGEST = 32;

/**
 * Writes the source of a body's decoder: straight-line code, without calls for the common kinds. A long set has a function for each attribute, and
 * bodies of the usual forms have their own (`compile-forms.ts`).
 *
 * Objects come from a constructor whose prototype is `Object.prototype`, so they are plain objects. V8 counts the properties of a
 * constructor's first objects and then reserves room for that many in each object.
 *
 * @internal
 */
export function bodySource(index: SchemaIndex, backEnd: BackEnd, body: BodySchema): SourceText {
  const text = new SourceText();
  const { set, hidden, pick } = body;
  const { struct, least, headerEnd, hasAttributes } = bodyLayout(index, body);
  const plan = pickPlan(index, set, pick);
  const constructor = (name: string, shows: (property: string) => boolean): void => {
    text.line(`function ${name}(words, bytes, start, q, end, outer) {`);
    const fields = { object: 'this', aligned: true, hidden, shows };
    if (struct !== undefined) structSource(text, backEnd, struct, fields);
    if (set !== undefined) roomSource(text, [...index.attributes(set).values()], shows);
    text.line('}');
    text.line(`${name}.prototype = Object.prototype;`);
  };
  constructor('Row', plan.shows);
  const { scope } = plan;
  if (pick !== undefined && scope !== undefined) constructor('Scope', (property) => scope.has(property));
  const context = { text, backEnd, plan };
  const readers = set === undefined || pick !== undefined ? new Set<number>() : readerSources(context, set, index.attributes(set));
  const forms = usualForms(backEnd, index, body);
  const depth = `if (depth > 0) ${text.constant(checkDepth)}(depth, start);`;
  if (forms !== undefined) usualSource(text, depth);
  text.line(`${forms === undefined ? 'return function decode' : 'function general'}(words, bytes, start, end, outer, depth) {`);
  if (forms === undefined) text.line(depth);
  if (least > 0) text.line(`if (end - start < ${integer(least)}) return undefined;`);
  const size = integer(struct?.size ?? 0);
  text.line(`const stop = ${headerEnd === undefined ? `start + ${size}` : `${text.constant(headerEnd)}(bytes, start, end)`};`);
  const first = headerEnd === undefined ? `start + ${integer(alignLength(struct?.size ?? 0))}` : 'start + (stop - start + 3 & -4)';
  if (hasAttributes) loopSource(context, index, { set, first, pick, readers, forms });
  else {
    if (struct === undefined) text.line('if (end > start) return undefined;');
    text.line(`return new Row(${ROW});`);
  }
  text.line('};');
  if (forms !== undefined) text.line('return decode;');
  return text;
}

/** The number of properties that a constructor does not assign and for which V8 reserves room nevertheless. */
const SPARE = 8;

/**
 * Writes assignments that never run. V8 counts them when it reserves room in the first objects: without room, it allocates a new
 * array of properties for each third attribute of a row.
 */
function roomSource(text: SourceText, attributes: readonly AttributeSchema[], shows: (property: string) => boolean): void {
  const shown = attributes.filter(({ property }) => shows(property));
  if (shown.length <= SPARE) return;
  text.line(`if (words === undefined) { ${shown.map(({ property }) => assign('this', property, '0')).join(' ')} }`);
}

type Parts = Pick<Context, 'text' | 'backEnd' | 'plan'>;

/**
 * Writes a function for each attribute of a long set, and a list of them by the number of the attribute. Returns those numbers.
 *
 * V8 counts the length of the whole loop as work at each turn. It would optimize a loop over 70 attributes after some 20 messages, which takes
 * longer than decoding a thousand messages without that.
 */
function readerSources(parts: Parts, set: string, attributes: ReadonlyMap<number, AttributeSchema>): ReadonlySet<number> {
  const { text, plan } = parts;
  const ids = new Set<number>();
  if (attributes.size <= LONGEST || plan.scope !== undefined || plan.selectors.length > 0) return ids;
  const none: ReadonlyMap<string, string> = new Map();
  const context = { ...parts, set, selectors: none, aheads: none, hidden: undefined, scope: 'undefined', pass: 'return true;' };
  text.line('const readers = [];');
  for (const [id, attribute] of attributes) {
    // Lists and selected formats need the variables of the loop.
    if (attribute.multi === true || attribute.selector !== undefined || findCodec(attribute).isSpread === true) continue;
    ids.add(id);
    text.line(`readers[${integer(id)}] = function (o, words, bytes, p, q, length, depth) {`);
    text.line(attributeSource(context, attribute));
    text.line('return false;');
    text.line('};');
  }
  return ids;
}

function loopSource(
  parts: Parts,
  index: SchemaIndex,
  {
    set,
    first,
    pick,
    readers,
    forms,
  }: {
    set: string | undefined;
    first: string;
    pick: readonly string[] | undefined;
    readers: ReadonlySet<number>;
    forms: UsualForms | undefined;
  },
): void {
  const { text, backEnd, plan } = parts;
  const attributes = set === undefined ? [] : [...index.attributes(set)];
  const selectors = new Map(plan.selectors.map((property) => [property, text.local()]));
  const aheads = new Map(plan.selectors.map((property) => [property, text.local()]));
  for (const local of [...selectors.values(), ...aheads.values()]) text.line(`let ${local};`);
  text.line(`const o = new Row(${ROW});`);
  const scoped = plan.scope !== undefined;
  const hidden = scoped && pick !== undefined ? 's' : undefined;
  if (hidden !== undefined) text.line(`const s = new Scope(${ROW});`);
  if (scoped) text.line(`const scope = { value: ${hidden ?? 'o'}, outer };`);
  const cases = new SourceLines();
  for (const [id, attribute] of attributes) {
    if (!plan.needs(attribute) || readers.has(id)) continue;
    const context = { ...parts, set: set!, selectors, aheads, hidden, scope: scoped ? 'scope' : 'undefined', pass: PASS };
    // A shown attribute that does not fit is kept as bytes; one that only selects is skipped.
    cases.add(id, attributeSource(context, attribute), plan.shows(attribute.property) ? 'break;' : PASS);
  }
  text.line(`let p = ${first};`);
  text.line('while (p < end) {');
  text.line(`if (end - p < 4) ${text.constant(failLength)}(bytes, p, end - p);`);
  text.line('const q = p >> 2;');
  text.line('const head = words[q];');
  text.line(`const length = ${hostIsLittleEndian ? 'head & 0xffff' : 'head >>> 16'};`);
  text.line(`if (length < 4 || length > end - p) ${text.constant(failLength)}(bytes, p, end - p);`);
  text.line('const next = p + (length + 3 & -4);');
  text.line(`const type = ${hostIsLittleEndian ? 'head >>> 16 & 0x3fff' : 'head & 0x3fff'};`);
  if (readers.size > 0) {
    text.line('const read = type < readers.length ? readers[type] : undefined;');
    text.line(`if (read !== undefined) { if (read(o, words, bytes, p, q, length, depth)) { ${PASS} } } else`);
  }
  text.line('switch (type) {');
  for (const line of cases.lines) text.line(line);
  if (pick !== undefined) text.line(`default: ${PASS}`);
  text.line('}');
  text.line(`${text.constant(backEnd)}.kept++;`);
  text.line(`${text.constant(index.holdsSecrets(set) ? keepUnknownSecret : keepUnknown)}(o, bytes, p, length);`);
  text.line('p = next;');
  text.line('}');
  if (forms !== undefined) sampleSource(text, forms, first);
  text.line('return o;');
}

/** The arguments of the constructors: the header is from `start` to `stop`. */
const ROW = 'words, bytes, start, start >> 2, stop, outer';

/** Continues with the next attribute. */
const PASS = 'p = next; continue;';

class SourceLines {
  readonly lines: string[] = [];

  add(id: number, source: string, end: string): void {
    this.lines.push(`case ${integer(id)}: ${source} ${end}`);
  }
}

/** Writes the statements that decode one attribute and continue with the next one; after them an attribute is kept as bytes. */
function attributeSource(context: Context, attribute: AttributeSchema): string {
  const { text, backEnd, scope, pass } = context;
  if (findKind(attribute).empty === 'skipped') return pass;
  const codec = findCodec(attribute);
  const storing = codec.isSpread === true ? storeAll : store;
  const source = codec.source?.(context, attribute);
  if (source?.fits === 'false') return '';
  if (source?.fits === true) return storing(context, attribute, source.value);
  if (source?.fits !== undefined) return `if (${source.fits}) { ${storing(context, attribute, source.value)} }`;
  const value = text.local();
  text.line(`let ${value};`);
  const decoded = source?.value ?? `${text.constant(backEnd.value(attribute))}(words, bytes, p + 4, p + length, ${scope}, depth + 1)`;
  return `${value} = ${decoded}; if (${value} !== undefined) { ${storing(context, attribute, value)} }`;
}

/** Writes the statements that give the object its property and continue with the next attribute. */
function store(context: Context, attribute: AttributeSchema, value: string): string {
  const { text, selectors, plan, pass } = context;
  const { property, multi, secret } = attribute;
  if (secret === true && findKind(attribute).marksSecrets !== true && plan.shows(property)) {
    return `${assignAll(context, property, value)} ${text.constant(concealProperty)}(o, ${quote(property)}); ${pass}`;
  }
  const selector = selectors.get(property);
  const shown = selector === undefined ? value : `${selector} = ${value}`;
  if (multi !== true) return `${assignAll(context, property, shown)} ${pass}`;
  const list = text.local();
  text.line(`let ${list};`);
  return `if (${list} === undefined) { ${list} = [${shown}]; ${assignAll(context, property, list)} } else ${list}.push(${shown}); ${pass}`;
}

/** Writes those statements for an array to which several attributes contribute. */
function storeAll(context: Context, { property }: AttributeSchema, value: string): string {
  const { text } = context;
  const list = text.local();
  text.line(`let ${list};`);
  return `if (${list} === undefined) { ${list} = ${value}; ${assignAll(context, property, list)} } else ${list}.push(...${value}); ${PASS}`;
}

/** Writes the statements that give a property to the row, to the object by which nested decoders select, to both or to neither. */
function assignAll({ text, plan, hidden }: Context, property: string, value: string): string {
  const objects = [...(plan.shows(property) ? ['o'] : []), ...(hidden !== undefined && plan.scope?.has(property) === true ? [hidden] : [])];
  const [first, ...others] = objects;
  if (first === undefined) return `${value};`;
  if (others.length === 0) return assign(first, property, value);
  const local = text.local();
  text.line(`let ${local};`);
  return `${local} = ${value}; ${objects.map((object) => assign(object, property, local)).join(' ')}`;
}
