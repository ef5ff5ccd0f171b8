import { hostIsLittleEndian } from '../wire/index.js';
import { ipv4OfWord } from './address-table.js';
import { type BackEnd, type BodySchema } from './back-end.js';
import { integerSource } from './compile-integer.js';
import { structSource } from './compile-struct.js';
import { ownSelectors, selectorAhead, subMessage } from './composite-decoders.js';
import {
  address,
  checkDepth,
  failLength,
  keepUnknown,
  outerValue,
  signed64,
  text as decodeString,
  unsigned64,
} from './decode-primitives.js';
import type { AttributeSchema } from './descriptor.js';
import { type SchemaIndex } from './schema-index.js';
import { type Shape, shapeOf } from './shape.js';
import { SourceText, assign, integer, quote } from './source-text.js';

/** What the source of one body is written from. */
interface Context {
  readonly text: SourceText;
  readonly index: SchemaIndex;
  readonly backEnd: BackEnd;
  readonly set: string;
  /** The variable for each property that chooses a sub-message of this set. */
  readonly selectors: ReadonlyMap<string, string>;
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
export function bodySource(index: SchemaIndex, backEnd: BackEnd, { header, set, hidden, open }: BodySchema): SourceText {
  const text = new SourceText();
  const struct = header === undefined ? undefined : index.struct(header);
  const size = struct?.size ?? 0;
  text.line('function Row(words, bytes, start, q) {');
  if (struct !== undefined) {
    structSource(text, index, backEnd, struct, { object: 'this', aligned: true, end: `start + ${integer(size)}`, hidden });
  }
  text.line('}');
  text.line('Row.prototype = Object.prototype;');
  text.line('return function decode(words, bytes, start, end, outer, depth) {');
  text.line(`if (depth > 0) ${text.constant(checkDepth)}(depth, start);`);
  if (size > 0) text.line(`if (end - start < ${integer(size)}) return undefined;`);
  if (set !== undefined || open === true) loopSource(text, index, backEnd, set, size);
  else {
    if (struct === undefined) text.line('if (end > start) return undefined;');
    text.line('return new Row(words, bytes, start, start >> 2);');
  }
  text.line('};');
  return text;
}

function loopSource(text: SourceText, index: SchemaIndex, backEnd: BackEnd, set: string | undefined, headerSize: number): void {
  const attributes = set === undefined ? [] : [...index.attributes(set)];
  const selectors = new Map((set === undefined ? [] : ownSelectors(index, set)).map((property) => [property, text.local()]));
  for (const local of selectors.values()) text.line(`let ${local};`);
  text.line('const o = new Row(words, bytes, start, start >> 2);');
  const scoped = set !== undefined && index.isScoped(set);
  if (scoped) text.line('const scope = { value: o, outer };');
  const cases = new SourceLines();
  for (const [id, attribute] of attributes) {
    const context = { text, index, backEnd, set: set!, selectors, scope: scoped ? 'scope' : 'undefined' };
    cases.add(id, attributeSource(context, attribute));
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
  text.line('}');
  text.line(`${text.constant(backEnd)}.kept++;`);
  text.line(`${text.constant(keepUnknown)}(o, bytes, p, length);`);
  text.line('p = next;');
  text.line('}');
  text.line('return o;');
}

class SourceLines {
  readonly lines: string[] = [];

  add(id: number, source: string): void {
    this.lines.push(`case ${integer(id)}: ${source} break;`);
  }
}

/** Statements that decode one attribute and go on with the next; what falls out of them is kept as bytes. */
function attributeSource(context: Context, attribute: AttributeSchema): string {
  const { text, index } = context;
  const shape = shapeOf(index, attribute);
  if (shape.kind === 'pad') return 'p = next; continue;';
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
function complexSource({ text, index, backEnd, set, selectors, scope }: Context, shape: Shape, attribute: AttributeSchema): string {
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
      const ahead = text.constant(selectorAhead(index, backEnd, set, property));
      return `${choose}(${selectors.get(property)!} ?? ${ahead}(words, bytes, next, end), ${range}, ${scope}, depth + 1)`;
    }
    default:
      return `${text.constant(backEnd.value(attribute))}(${range}, ${scope}, depth + 1)`;
  }
}

/** Statements that give the object its property and go on with the next attribute. */
function store({ text, selectors }: Context, { property, multi }: AttributeSchema, value: string): string {
  const selector = selectors.get(property);
  const shown = selector === undefined ? value : `${selector} = ${value}`;
  if (multi !== true) return `${assign('o', property, shown)} p = next; continue;`;
  const list = text.local();
  text.line(`let ${list};`);
  return `if (${list} === undefined) { ${list} = [${shown}]; ${assign('o', property, list)} } else ${list}.push(${shown}); p = next; continue;`;
}

/** The same for lists that several attributes make up together. */
function storeAll({ text }: Context, { property }: AttributeSchema, value: string): string {
  const list = text.local();
  text.line(`let ${list};`);
  return `if (${list} === undefined) { ${list} = ${value}; ${assign('o', property, list)} } else ${list}.push(...${value}); p = next; continue;`;
}
