import { expect } from 'chai';
import { omitUndefined } from '../../../lib/check/index.js';
import { findAlike } from '../../../lib/codegen/alike-names.js';
import {
  Indexes,
  stringify,
  type AttributeSchema,
  type MemberSchema,
  type FamilySchema,
  type FormatSchema,
  type ValueSchema,
} from '../../../lib/schema/index.js';
import { indexSchema, type SchemaIndex } from '../../../lib/schema/descriptor/schema-index.js';
import type { Row } from '../play.js';

/*
 * The kernel's Python client prints values with the names of the specification: kebab-case, enum entries by name, flags as
 * lists of names, bytes in hexadecimal digits. One comparer serves every family: it finds the same names in the schema, and
 * walks both values at once.
 */

/** Attributes whose specification is wrong or incomplete: the values follow the overlays, not the specification. */
export interface YnlOptions {
  /** Paths in the client's names, each with the reason; `*` stands for one step: `.linkinfo.*.peer`. */
  readonly overlaid?: Readonly<Record<string, string>>;
  /** The rows are requests of this mode, whose attributes may be of another set than the replies. */
  readonly request?: 'do' | 'dump';
}

type Tree = Readonly<Record<string, unknown>>;

/** Throws if the client's rows and the decoded ones differ in a value that the client shows. */
export function compareYnl(schema: FamilySchema, op: string, shown: unknown, rows: readonly Row[], options: YnlOptions = {}): void {
  const list = Array.isArray(shown) ? (shown as Tree[]) : [shown as Tree];
  expect(rows.length, `rows of ${op}`).to.equal(list.length);
  const comparison = new YnlComparison(schema, op, options);
  list.forEach((row, at) => {
    comparison.row(row, rows[at]!, `[${String(at)}]`);
  });
  expect(comparison.differences).to.deep.equal([]);
  expect(comparison.compared, 'values').to.be.above(0);
}

class YnlComparison {
  readonly differences: string[] = [];
  compared = 0;
  readonly #index: SchemaIndex;
  readonly #format: Omit<FormatSchema, 'value'>;
  readonly #overlaid: readonly RegExp[];

  constructor(schema: FamilySchema, op: string, { overlaid = {}, request }: YnlOptions) {
    this.#index = indexSchema(schema);
    const operation = this.#index.operation(op)!;
    const { set, fixedHeader } = (request === undefined ? undefined : operation[request]?.input) ?? operation;
    this.#format = omitUndefined({ set, fixedHeader });
    this.#overlaid = Object.keys(overlaid).map(
      (path) => new RegExp(`^\\[\\d+\\]${path.replaceAll('.', '\\.').replaceAll('*', '[^.]+')}($|[.[])`),
    );
  }

  row(shown: Tree, ours: Row, at: string): void {
    this.#tree(shown, ours, at, this.#format);
  }

  /** Compares the attributes of a set and the members of a header, in one object. */
  #tree(shown: Tree, ours: Row, at: string, { set, fixedHeader }: Omit<FormatSchema, 'value'>): void {
    const attributes = set === undefined ? [] : this.#index.set(set).attributes;
    const members = fixedHeader === undefined ? [] : this.#index.struct(fixedHeader).members;
    for (const [name, value] of Object.entries(shown)) {
      // The client's specification does not know it.
      if (name.startsWith('UnknownAttr(')) continue;
      const path = `${at}.${name}`;
      const described = findAlike<AttributeSchema | MemberSchema>([...attributes, ...members], (each) => each.name, name);
      if (described?.type === 'pad' || this.#isOverlaid(path)) continue;
      if (described === undefined) this.#differs(path, value, 'no description');
      else this.#attribute(described, value, ours[described.property], path, ours);
    }
  }

  #attribute(schema: ValueSchema & { multi?: true }, shown: unknown, ours: unknown, path: string, around: Row): void {
    if (ours === undefined) this.#differs(path, shown, ours);
    else if (schema.multi === true && Array.isArray(shown)) this.#list(schema, shown, ours, path, around);
    else this.#value(schema, shown, ours, path, around);
  }

  #list(schema: ValueSchema, shown: readonly unknown[], ours: unknown, path: string, around: Row): void {
    if (!Array.isArray(ours) || ours.length !== shown.length) return this.#differs(path, shown, ours);
    shown.forEach((item, index) => {
      this.#value(schema, item, ours[index], `${path}[${String(index)}]`, around);
    });
  }

  #value(schema: ValueSchema, shown: unknown, ours: unknown, path: string, around: Row): void {
    const { type, set, struct, subMessage, selector, element } = schema;
    if (type === 'nest' && set !== undefined) return this.#tree(shown as Tree, ours as Row, path, { set });
    if (type === 'indexed-array' && element !== undefined) return this.#indexed(element, shown, ours, path, around);
    if (type === 'nest-type-value') {
      const first = (ours as Row[])[0] ?? {};
      const { typeValue = [] } = schema;
      for (const [name, value] of Object.entries(shown as Tree))
        if (typeValue.includes(name)) this.#plain(value, first[name], `${path}.${name}`);
      const rest = Object.fromEntries(Object.entries(shown as Tree).filter(([name]) => !typeValue.includes(name)));
      return this.#tree(rest, first, path, element?.set === undefined ? {} : { set: element.set });
    }
    if (type === 'sub-message') {
      const kind = around[selector?.property ?? ''];
      const format = this.#index.subMessage(subMessage!).formats.find(({ value }) => value === kind);
      return format === undefined ? undefined : this.#tree(shown as Tree, ours as Row, path, format);
    }
    if (type === 'bitfield32') return this.#plainly(shown as Tree, ours as Row, path, schema);
    if (struct !== undefined && Array.isArray(shown)) return this.#list(schema, shown, ours, path, around);
    if (struct !== undefined && typeof shown === 'object')
      return this.#tree(shown as Tree, (Array.isArray(ours) ? ours[0] : ours) as Row, path, { fixedHeader: struct });
    if (Array.isArray(shown) && schema.flags === undefined) return this.#list(element ?? schema, shown, ours, path, around);
    return this.#scalar(schema, shown, ours, path);
  }

  /** The client prints `[{ "1": {...} }]` for nests, and plain values for others. */
  #indexed(element: ValueSchema, shown: unknown, ours: unknown, path: string, around: Row): void {
    if (element.set === undefined) return this.#list(element, shown as unknown[], ours, path, around);
    const rows = ours as (Row & object)[] & { readonly [Indexes]?: readonly number[] };
    const indexes = rows[Indexes] ?? rows.map((_, index) => index + 1);
    const list = shown as Record<string, Tree>[];
    if (list.length !== rows.length) return this.#differs(path, shown, ours);
    list.forEach((item, at) => {
      const [[index, tree] = ['', {}]] = Object.entries(item);
      this.#plain(Number(index), indexes[at], `${path}[${String(at)}]`);
      this.#tree(tree, rows[at]!, `${path}[${String(at)}]`, { set: element.set! });
    });
  }

  #plainly(shown: Tree, ours: Row, path: string, schema: ValueSchema): void {
    for (const [name, value] of Object.entries(shown)) this.#scalar(schema, value, ours[name], `${path}.${name}`);
  }

  #scalar({ flags, enum: names, hint }: ValueSchema, shown: unknown, ours: unknown, path: string): void {
    if (flags !== undefined && Array.isArray(shown))
      return this.#plain((shown as string[]).toSorted(), this.#flagNames(flags, ours as number), path);
    // The client may show a number that overlays or the specification name.
    if (names !== undefined && typeof shown === 'number' && typeof ours === 'string')
      return this.#plain(shown, Number(this.#index.enumNames(names).value(ours)), path);
    if (typeof shown === 'string' && /^0x[0-9a-f]+$/.test(shown) && (typeof ours === 'number' || typeof ours === 'bigint'))
      return this.#plain(BigInt(shown), typeof ours === 'number' ? BigInt(ours >>> 0) : ours, path);
    if (ours instanceof Uint8Array) {
      const text = hint === 'hex' ? String(shown).replaceAll(' ', '') : shown;
      return this.#plain(text, Buffer.from(ours).toString('hex'), path);
    }
    // If the specification gives no hint, the client shows the bytes of an address.
    if (hint !== undefined && typeof shown === 'string' && /^([0-9a-f]{8}|[0-9a-f]{12}|[0-9a-f]{32})$/.test(shown))
      return this.#plain(addressText(shown), ours, path);
    if (typeof ours === 'bigint') return this.#plain(String(shown), String(ours), path);
    this.#plain(shown, ours, path);
  }

  #flagNames(flags: string, value: number | bigint): string[] {
    const schema = this.#index.schema.enums.find(({ name }) => name === flags)!;
    return schema.entries
      .filter(([, number]) => (BigInt(value) & (schema.kind === 'flags' ? BigInt(number) : 1n << BigInt(number))) !== 0n)
      .map(([name]) => name)
      .toSorted();
  }

  #plain(shown: unknown, ours: unknown, path: string): void {
    this.compared++;
    if (stringify(shown, { secrets: true }) !== stringify(ours, { secrets: true })) this.#differs(path, shown, ours);
  }

  #isOverlaid(path: string): boolean {
    const plain = path.replaceAll(/(?<=.)\[\d+\]/g, '');
    return this.#overlaid.some((pattern) => pattern.test(plain));
  }

  #differs(path: string, shown: unknown, ours: unknown): void {
    this.differences.push(`${path}: the client shows ${stringify(shown)}, the library decodes ${stringify(ours)}`);
  }
}

/** Returns the text of an address of four, six or sixteen bytes. */
function addressText(digits: string): string {
  if (digits.length === 32) return new URL(`http://[${digits.replaceAll(/.{4}(?=.)/g, '$&:')}]/`).hostname.slice(1, -1);
  if (digits.length === 12) return digits.replaceAll(/..(?=.)/g, '$&:');
  return Buffer.from(digits, 'hex').join('.');
}
