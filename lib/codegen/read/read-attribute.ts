import { omitUndefined } from '../../check/index.js';
import type { AttributeSchema, ValueSchema, ValueType } from '../../schema/index.js';
import { findKind, KINDS, type SpecificationField } from '../../schema/internal.js';
import { camelCase } from '../names.js';
import { readAddress } from './read-address.js';
import { readAttributeDefault, readOnly } from './structs/read-default.js';
import { readChecks } from './rules/read-checks.js';
import type { Definitions } from './definitions.js';
import type { SpecNode } from './spec-node.js';
import { isScalar, readCommon, readSecret, WIDTHS } from './value-type.js';
import { readIgnored } from './rules/read-ignored.js';
import { readWriteRule } from './rules/read-write-rule.js';

/** The definitions that attributes refer to. @internal */
export interface Context extends Definitions {
  readonly setNames: ReadonlySet<string>;
  readonly subMessageNames: ReadonlySet<string>;
}

const TYPES = Object.keys(KINDS) as ValueType[];

/** The keys of an attribute beside those of its value. */
const ATTRIBUTE_KEYS = [
  'name',
  'value',
  'multi-attr',
  'net-byteorder',
  'input',
  'write',
  'default',
  'only',
  'excludes',
  'ignored',
] as const;
const VALUE_KEYS = [
  'type',
  'byte-order',
  'enum',
  'enum-as-flags',
  'display-hint',
  'nested-attributes',
  'sub-type',
  'type-value',
  'struct',
  'repeated',
  'sub-message',
  'selector',
  'checks',
  'length-member',
  'secret',
  'address',
  'len',
] as const;

/** Reads one attribute. In a subset, the keys of the parent set are merged in before. @internal */
export function readAttribute(node: SpecNode, id: number, context: Context): AttributeSchema {
  node.allowKeys(...ATTRIBUTE_KEYS, ...VALUE_KEYS);
  const name = node.textOf('name');
  const property = camelCase(name);
  if (property === '') node.fail('the name has no letters; expected a name that gives a property');
  const input = node.find('input');
  if (input !== undefined) input.allowKeys(...VALUE_KEYS);
  return {
    name,
    property,
    id,
    ...readValue(node, context),
    ...omitUndefined({ multi: node.flag('multi-attr') }),
    ...readNetByteOrder(node),
    ...omitUndefined({ input: input && readValue(input, context) }),
    ...readWriteRule(node),
    ...readNumbers(node),
    ...readExcludes(node),
    ...readIgnored(node),
  };
}

/** Reads `net-byteorder`: the flag NET_BYTEORDER of the type. The number of a scalar is then big-endian. */
function readNetByteOrder(node: SpecNode): Pick<AttributeSchema, 'netByteOrder' | 'byteOrder'> {
  if (!node.isTrue('net-byteorder')) return {};
  const type = node.textOf('type');
  if (node.has('byte-order') && node.textOf('byte-order') !== 'big-endian') node.get('byte-order').fail("'net-byteorder' needs big-endian");
  if (isScalar(type)) return { byteOrder: 'big', netByteOrder: true };
  return type === 'binary' || type === 'string' ? { netByteOrder: true } : node.fail(`'net-byteorder' on type '${type}' is not supported`);
}

/** Reads the attributes that a request cannot have beside this one. */
function readExcludes(node: SpecNode): Pick<AttributeSchema, 'excludes'> {
  return node.has('excludes') ? { excludes: node.list('excludes').map((name) => camelCase(name.text())) } : {};
}

/** Reads the numbers in requests. */
function readNumbers(node: SpecNode): Pick<AttributeSchema, 'default' | 'only'> {
  const numbers = { ...readAttributeDefault(node), ...readOnly(node) };
  if (Object.keys(numbers).length > 0 && WIDTHS[node.textOf('type')] === undefined)
    node.fail("only an integer can have 'default' and 'only'");
  return numbers;
}

/** Reads the value of an attribute, of the content of a format, or of an input. @internal */
export function readValue(node: SpecNode, context: Context): ValueSchema {
  const type = node.choice('type', TYPES);
  if (findKind({ type }).empty !== undefined) return { type };
  if (node.has('type-value')) return readTypeValue(node, type, context);
  const secret = readSecret(node);
  return Object.assign(readPlainValue(node, type, context), secret);
}

function readPlainValue(node: SpecNode, type: ValueType, context: Context): ValueSchema {
  const common = readCommon(node, context);
  const checks = readChecks(node, context);
  return Object.assign({ type }, ...KINDS[type].fields.map((field) => FIELDS[field](node, context, common, checks))) as ValueSchema;
}

/** Reads one part of a descriptor. */
type FieldReader = (
  node: SpecNode,
  context: Context,
  common: Omit<ValueSchema, 'type'>,
  checks: Pick<ValueSchema, 'checks'>,
) => Omit<ValueSchema, 'type'>;

const FIELDS: Readonly<Record<SpecificationField, FieldReader>> = {
  set: (node, context) => ({ set: readSetName(node, context) }),
  struct: (node, context) => ({ struct: readStructName(node, context) }),
  'optional-struct': (node, context) => (node.has('struct') ? { struct: readStructName(node, context) } : {}),
  'length-member': (node) => ({ lengthMember: node.textOf('length-member') }),
  'sub-message': (node, context) => ({
    subMessage: readSubMessageName(node, context),
    selector: { name: node.textOf('selector'), property: camelCase(node.textOf('selector')) },
  }),
  element: (node, context, common, checks) => ({ element: readElement(node, common, checks, context) }),
  'type-value': (node) => node.fail("'type-value' is missing"),
  payload: (node, context, common) => readBinary(node, common, context),
  scalar: (node, _context, common, checks) => ({ ...common, ...readAddress(node), ...checks }),
  checks: (_node, _context, _common, checks) => checks,
};

function readBinary(node: SpecNode, common: Omit<ValueSchema, 'type'>, context: Context): Omit<ValueSchema, 'type'> {
  if (node.has('struct')) return { struct: readStructName(node, context), ...omitUndefined({ repeated: node.flag('repeated') }) };
  if (!node.has('sub-type')) {
    const address = readAddress(node);
    if (node.has('len') && address.address?.width === undefined) node.get('len').fail('only an address of 16 bytes has it');
    return { ...common, ...address };
  }
  const type = node.textOf('sub-type');
  if (!isScalar(type) || WIDTHS[type] === undefined) return node.get('sub-type').fail(`'${type}' in a binary is not supported`);
  return { element: { type, ...common } };
}

function readElement(
  node: SpecNode,
  common: Omit<ValueSchema, 'type'>,
  checks: Pick<ValueSchema, 'checks'>,
  context: Context,
): ValueSchema {
  const type = node.textOf('sub-type');
  if (type === 'nest') return { type, set: readSetName(node, context) };
  if (type === 'binary' && node.has('struct')) return { type, struct: readStructName(node, context) };
  if (isScalar(type) || type === 'binary' || type === 'string') return { type, ...common, ...checks };
  return node.get('sub-type').fail(`'${type}' in an indexed array is not supported`);
}

/** Reads `type-value`: the innermost level holds attributes (nest-type-value) or a scalar. */
function readTypeValue(node: SpecNode, type: ValueType, context: Context): ValueSchema {
  const typeValue = node.list('type-value').map((name) => camelCase(name.text()));
  if (typeValue.length === 0) node.get('type-value').fail('must name at least one level');
  if (type === 'nest-type-value') return { type, typeValue, element: { type: 'nest', set: readSetName(node, context) } };
  if (!isScalar(type)) return node.fail(`'type-value' on type '${type}' is not supported`);
  return { type: 'nest-type-value', typeValue, element: { type, ...readCommon(node, context), ...readChecks(node, context) } };
}

function readSetName(node: SpecNode, { setNames }: Context): string {
  const reference = node.get('nested-attributes');
  return setNames.has(reference.text()) ? reference.text() : reference.fail(`no attribute set '${reference.text()}' is defined`);
}

function readStructName(node: SpecNode, { structs }: Context): string {
  const reference = node.get('struct');
  return structs.has(reference.text()) ? reference.text() : reference.fail(`no struct '${reference.text()}' is defined`);
}

function readSubMessageName(node: SpecNode, { subMessageNames }: Context): string {
  const reference = node.get('sub-message');
  return subMessageNames.has(reference.text()) ? reference.text() : reference.fail(`no sub-message '${reference.text()}' is defined`);
}
