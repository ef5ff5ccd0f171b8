import { EncodeError } from '../../errors/index.js';
import type {
  AttributeSetSchema,
  FamilySchema,
  MemberSchema,
  OperationSchema,
  ShapeSchema,
  StructSchema,
  ValueSchema,
} from '../../schema/index.js';
import { meantAttribute } from '../run/other-words.js';
import { UsageError } from '../run/usage-error.js';

/** A header field or an attribute of a request. */
type Field = ValueSchema & { readonly property: string };

const INTEGERS: ReadonlySet<string> = new Set(['u8', 'u16', 'u32', 's8', 's16', 's32']);
const WIDE: ReadonlySet<string> = new Set(['u64', 's64', 'uint', 'sint', 'u32-or-u64']);

/**
 * Returns the request that words describe: `ifname=lo`, `linkinfo.kind=veth`, `address=0x020000000001`, or JSON. Later words add to
 * earlier ones.
 *
 * The kind of an attribute decides what its text means. The engine checks the names and values.
 *
 * @throws EncodeError for a word of another program that means an attribute, such as `name=lo`.
 */
export function readRequest(words: readonly string[], schema: FamilySchema, operation: OperationSchema, mode: 'do' | 'dump'): object {
  const request: Record<string, unknown> = {};
  const fields = fieldsOf(schema, operation[mode]?.input ?? operation);
  for (const word of words) {
    if (word.startsWith('{')) Object.assign(request, readJson(word));
    else {
      const equals = word.indexOf('=');
      if (equals < 1) throw new UsageError(`${word} is neither name=value nor JSON`);
      write(request, word.slice(0, equals).split('.'), word.slice(equals + 1), schema, fields);
    }
  }
  refuseOtherWords(Object.keys(request), fields, operation.name);
  return request;
}

/** @throws EncodeError if an unknown name is a word of another program for one of the fields. The engine suggests similar names only. */
function refuseOtherWords(names: readonly string[], fields: readonly Field[], operation: string): void {
  const known = fields.map(({ property }) => property);
  for (const name of names) {
    const meant = known.includes(name) ? undefined : meantAttribute(name, known);
    if (meant !== undefined) throw new EncodeError(`did you mean ${meant}?`, `.${name}`, operation);
  }
}

function readJson(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch (error) {
    throw new UsageError(`the request is not valid JSON: ${(error as Error).message}`);
  }
}

function write(
  target: Record<string, unknown>,
  path: readonly string[],
  text: string,
  schema: FamilySchema,
  fields: readonly Field[],
): void {
  const [name, ...rest] = path as [string, ...string[]];
  const field = fields.find(({ property }) => property === name);
  if (rest.length === 0) {
    target[name] = valueOf(text, field);
    return;
  }
  const inner = (target[name] ??= {}) as Record<string, unknown>;
  write(inner, rest, text, schema, field === undefined ? [] : fieldsOf(schema, { set: field.set, fixedHeader: field.struct }));
}

/** The header fields and the attributes of a message or of a nest. */
function fieldsOf(
  schema: FamilySchema,
  { set, fixedHeader }: { readonly [Name in keyof ShapeSchema]: string | undefined },
): readonly Field[] {
  const members: readonly MemberSchema[] = byName<StructSchema>(schema.structs, fixedHeader)?.members ?? [];
  return [...members, ...(byName<AttributeSetSchema>(schema.sets, set)?.attributes ?? [])];
}

function byName<T extends { readonly name: string }>(list: readonly T[], name: string | undefined): T | undefined {
  return list.find((entry) => entry.name === name);
}

function valueOf(text: string, field: Field | undefined): unknown {
  if (field === undefined) return guess(text);
  const { type, enum: names } = field;
  if (type === 'flag') return text !== 'false';
  if (type === 'binary' && field.hint === undefined && /^0x(?:[\da-f]{2})*$/i.test(text)) return Buffer.from(text.slice(2), 'hex');
  const isNumber = /^-?(?:0x[\da-f]+|\d+)$/i.test(text);
  if (INTEGERS.has(type) && isNumber) return Number(text);
  if (WIDE.has(type) && isNumber) return BigInt(text);
  if (text.startsWith('[') || text.startsWith('{')) return readJson(text);
  return names === undefined || !isNumber ? text : Number(text);
}

/** The value of a name without a description; the engine reports what it expects. */
function guess(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}
