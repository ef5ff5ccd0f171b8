import { hostIsLittleEndian } from '../../wire/index.js';
import { ipv4OfWord } from './address-table.js';
import { type BackEnd, type BodySchema } from './back-end.js';
import { integerSource } from './compile-integer.js';
import { structSource } from './compile-struct.js';
import { subMessage } from './composite-decoders.js';
import {
  address,
  checkDepth,
  failLength,
  keepUnknown,
  keepUnknownSecret,
  outerValue,
  signed64,
  text as decodeString,
  unsigned64,
} from './decode-primitives.js';
import type { AttributeSchema } from '../descriptor/descriptor.js';
import { type PickPlan, pickPlan } from '../descriptor/pick.js';
import { type SchemaIndex } from '../descriptor/schema-index.js';
import { concealProperty } from '../value/secret.js';
import { selectorAhead } from './selector-ahead.js';
import { type Shape, shapeOf } from '../descriptor/shape.js';
import { SourceText, assign, integer, quote } from './source-text.js';

/** What the source of one body is written from. */
interface Context {
  readonly text: SourceText;
  readonly index: SchemaIndex;
  readonly backEnd: BackEnd;
  readonly set: string;
  readonly plan: PickPlan;
  /** The variable for each property that chooses a sub-message of this set. */
  readonly selectors: ReadonlyMap<string, string>;
  /** The variable for the look-ahead of each of those properties. */
  readonly aheads: ReadonlyMap<string, string>;
  /** The variable of the object by which nested decoders choose, where that is not the row itself. */
  readonly hidden: string | undefined;
  /** Source of what nested decoders get as their scope. */
  readonly scope: string;
}

/**
 * Writes the source of a body's decoder: straight-line code, no call for what is common.
 *
 * Objects come from a constructor whose prototype is `Object.prototype`: they are plain objects, and V8, which watches a
 * constructor's first objects to see how many properties they get, then puts them all into the object itself.
 *
 * @internal
 */
export function bodySource(index: SchemaIndex, backEnd: BackEnd, { header, set, hidden, open, pick }: BodySchema): SourceText {
  const text = new SourceText();
  const struct = header === undefined ? undefined : index.struct(header);
  const size = struct?.size ?? 0;
  const plan = pickPlan(index, set, pick);
  const constructor = (name: string, shows: (property: string) => boolean): void => {
    text.line(`function ${name}(words, bytes, start, q) {`);
    const fields = { object: 'this', aligned: true, end: `start + ${integer(size)}`, hidden, shows };
    if (struct !== undefined) structSource(text, index, backEnd, struct, fields);
    text.line('}');
    text.line(`${name}.prototype = Object.prototype;`);
  };
  constructor('Row', plan.shows);
  const { scope } = plan;
  if (pick !== undefined && scope !== undefined) constructor('Scope', (property) => scope.has(property));
  text.line('return function decode(words, bytes, start, end, outer, depth) {');
  text.line(`if (depth > 0) ${text.constant(checkDepth)}(depth, start);`);
  if (size > 0) text.line(`if (end - start < ${integer(size)}) return undefined;`);
  if (set !== undefined || open === true) loopSource({ text, index, backEnd, plan }, { set, headerSize: size, pick });
  else {
    if (struct === undefined) text.line('if (end > start) return undefined;');
    text.line('return new Row(words, bytes, start, start >> 2);');
  }
  text.line('};');
  return text;
}

function loopSource(
  parts: Pick<Context, 'text' | 'index' | 'backEnd' | 'plan'>,
  { set, headerSize, pick }: { set: string | undefined; headerSize: number; pick: readonly string[] | undefined },
): void {
  const { text, index, backEnd, plan } = parts;
  const attributes = set === undefined ? [] : [...index.attributes(set)];
  const selectors = new Map(plan.selectors.map((property) => [property, text.local()]));
  const aheads = new Map(plan.selectors.map((property) => [property, text.local()]));
  for (const local of [...selectors.values(), ...aheads.values()]) text.line(`let ${local};`);
  text.line('const o = new Row(words, bytes, start, start >> 2);');
  const scoped = plan.scope !== undefined;
  const hidden = scoped && pick !== undefined ? 's' : undefined;
  if (hidden !== undefined) text.line('const s = new Scope(words, bytes, start, start >> 2);');
  if (scoped) text.line(`const scope = { value: ${hidden ?? 'o'}, outer };`);
  const cases = new SourceLines();
  for (const [id, attribute] of attributes) {
    if (!plan.needs(attribute)) continue;
    const context = { ...parts, set: set!, selectors, aheads, hidden, scope: scoped ? 'scope' : 'undefined' };
    // What is shown but does not fit is kept as bytes; what is only depended on is passed over.
    cases.add(id, attributeSource(context, attribute), plan.shows(attribute.property) ? 'break;' : PASS);
  }
  text.line(`let p = start + ${integer((headerSize + 3) & ~3)};`);
  text.line('while (p < end) {');
  text.line(`if (end - p < 4) ${text.constant(failLength)}(bytes, p, end - p);`);
  text.line('const q = p >> 2;');
  text.line('const head = words[q];');
  text.line(`const length = ${hostIsLittleEndian ? 'head & 0xffff' : 'head >>> 16'};`);
  text.line(`if (length < 4 || length > end - p) ${text.constant(failLength)}(bytes, p, end - p);`);
  text.line('const next = p + (length + 3 & -4);');
  text.line(`switch (${hostIsLittleEndian ? 'head >>> 16 & 0x3fff' : 'head & 0x3fff'}) {`);
  for (const line of cases.lines) text.line(line);
  if (pick !== undefined) text.line(`default: ${PASS}`);
  text.line('}');
  text.line(`${text.constant(backEnd)}.kept++;`);
  text.line(`${text.constant(index.holdsSecrets(set) ? keepUnknownSecret : keepUnknown)}(o, bytes, p, length);`);
  text.line('p = next;');
  text.line('}');
  text.line('return o;');
}

/** Goes on with the next attribute. */
const PASS = 'p = next; continue;';

class SourceLines {
  readonly lines: string[] = [];

  add(id: number, source: string, end: string): void {
    this.lines.push(`case ${integer(id)}: ${source} ${end}`);
  }
}

/** Statements that decode one attribute and go on with the next; what falls out of them is kept as bytes. */
function attributeSource(context: Context, attribute: AttributeSchema): string {
  const { text, index } = context;
  const shape = shapeOf(index, attribute);
  if (shape.kind === 'pad') return PASS;
  if (shape.kind === 'unused') return '';
  if (shape.kind === 'integer') {
    const place = shape.width < 4 ? { byte: 'p + 4' } : { byte: 'p + 4', word: 'q + 1' };
    return `if (length === ${4 + shape.width}) { ${store(context, attribute, integerSource(text, shape, place))} }`;
  }
  if (shape.kind === 'flag') return `if (length === 4) { ${store(context, attribute, 'true')} }`;
  if (shape.kind === 'string') {
    return store(context, attribute, `${text.constant(decodeString)}(bytes, p + 4, p + length)`);
  }
  const value = text.local();
  text.line(`let ${value};`);
  const stored = shape.kind === 'type-value' ? storeAll(context, attribute, value) : store(context, attribute, value);
  return `${value} = ${complexSource(context, shape, attribute)}; if (${value} !== undefined) { ${stored} }`;
}

/** Source of a value that may turn out not to fit: then it is undefined. */
function complexSource({ text, index, backEnd, set, selectors, aheads, scope }: Context, shape: Shape, attribute: AttributeSchema): string {
  const range = `words, bytes, p + 4, p + length`;
  switch (shape.kind) {
    case 'address': {
      const other = `${text.constant(address)}(bytes, p + 4, p + length, ${String(shape.mac)})`;
      return shape.mac ? other : `length === 8 ? ${text.constant(ipv4OfWord)}(words[q + 1]) : ${other}`;
    }
    case 'sized-integer': {
      const join = text.constant(shape.signed ? signed64 : unsigned64);
      const short = `BigInt(words[q + 1]${shape.signed ? ' | 0' : ''})`;
      const value = text.local();
      text.line(`let ${value};`);
      const read = `length === 12 ? ${join}(words[q + 1], words[q + 2]) : length === 8 ? ${short} : undefined`;
      if (shape.names === undefined) return read;
      return `(${value} = ${read}) === undefined ? undefined : ${text.constant(shape.names)}.show(${value})`;
    }
    case 'sub-message': {
      const choose = text.constant(subMessage(backEnd, shape));
      const { property, outer } = shape.selector;
      if (outer === true) return `${choose}(${text.constant(outerValue)}(outer, ${quote(property)}), ${range}, ${scope}, depth + 1)`;
      const ahead = `(${aheads.get(property)!} ??= ${text.constant(selectorAhead(index, backEnd, set, property))}())`;
      return `${choose}(${selectors.get(property)!} ?? ${ahead}(words, bytes, next, end), ${range}, ${scope}, depth + 1)`;
    }
    default:
      return `${text.constant(backEnd.value(attribute))}(${range}, ${scope}, depth + 1)`;
  }
}

/** Statements that give the object its property and go on with the next attribute. */
function store(context: Context, { property, multi, secret, type }: AttributeSchema, value: string): string {
  const { text, selectors, plan } = context;
  if (secret === true && type !== 'binary' && plan.shows(property)) {
    return `${assignAll(context, property, value)} ${text.constant(concealProperty)}(o, ${quote(property)}); ${PASS}`;
  }
  const selector = selectors.get(property);
  const shown = selector === undefined ? value : `${selector} = ${value}`;
  if (multi !== true) return `${assignAll(context, property, shown)} ${PASS}`;
  const list = text.local();
  text.line(`let ${list};`);
  return `if (${list} === undefined) { ${list} = [${shown}]; ${assignAll(context, property, list)} } else ${list}.push(${shown}); ${PASS}`;
}

/** The same for lists that several attributes make up together. */
function storeAll(context: Context, { property }: AttributeSchema, value: string): string {
  const { text } = context;
  const list = text.local();
  text.line(`let ${list};`);
  return `if (${list} === undefined) { ${list} = ${value}; ${assignAll(context, property, list)} } else ${list}.push(...${value}); ${PASS}`;
}

/** Statements that give a property to the row, to the object by which nested decoders choose, to both or to neither. */
function assignAll({ text, plan, hidden }: Context, property: string, value: string): string {
  const objects = [...(plan.shows(property) ? ['o'] : []), ...(hidden !== undefined && plan.scope?.has(property) === true ? [hidden] : [])];
  const [first, ...others] = objects;
  if (first === undefined) return `${value};`;
  if (others.length === 0) return assign(first, property, value);
  const local = text.local();
  text.line(`let ${local};`);
  return `${local} = ${value}; ${objects.map((object) => assign(object, property, local)).join(' ')}`;
}
