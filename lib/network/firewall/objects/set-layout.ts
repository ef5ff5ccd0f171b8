import { SetFlags, type GetsetReply, type ObjectType } from '../../../families/nftables.js';
import { suggestion } from '../../../check/index.js';
import { FieldError } from '../../common/field-error.js';
import { shown } from '../../fields/check.js';
import { dataTypeOf, dataTypes, parseDataType } from '../data/data-types.js';
import { keyBytes, keyNumber, keyTypesOf, type KeyTypes } from '../data/key.js';
import type { Part } from '../rules/fields/part.js';
import { hasShortForm, selectorOf } from '../rules/fields/read-part.js';
import { fieldPart, selectedPart } from '../rules/fields/select-part.js';
import { partsOfTypeof, typeofPart } from '../rules/fields/typeof.js';
import { numberOf, readUserdata, UserdataType } from './userdata.js';

/** `NFT_DATA_VERDICT`: the data type of a map of verdicts. */
const VERDICT = 0xffff_ff00;

/** The types of objects, by their numbers (`NFT_OBJECT_*`). */
const OBJECTS: readonly Extract<ObjectType, string>[] = [
  'unspec',
  'counter',
  'quota',
  'ct-helper',
  'limit',
  'connlimit',
  'tunnel',
  'ct-timeout',
  'secmark',
  'ct-expect',
  'synproxy',
];

/** The target of a key in a map: a verdict, an object, or a value. @internal */
export type MapData =
  | { readonly kind: 'verdict' }
  | { readonly kind: 'object'; readonly type: string }
  | { readonly kind: 'value'; readonly types: KeyTypes; readonly isInterval: boolean; readonly parts?: readonly Part[] | undefined };

/** The forms of the keys and the data of a set or a map. @internal */
export interface SetLayout {
  readonly types: KeyTypes;
  readonly isInterval: boolean;
  /** The fields that the keys are compared with, if the document or the user data of `nft` names them. */
  readonly parts?: readonly Part[] | undefined;
  /** Absent for a set. */
  readonly data?: MapData | undefined;
}

/** Data types, and the fields that have them if a document names these. @internal */
export interface TypedFields {
  readonly types: KeyTypes;
  readonly parts?: readonly Part[] | undefined;
}

/** Returns the data types that a document names, or those of the fields that it names. @throws FieldError @internal */
export function parseFields(value: unknown, path: string): TypedFields {
  if (typeof value !== 'object' || value === null || !('typeof' in value)) return { types: parseTypes(value, path) };
  const inner = `${path}.typeof`;
  const { typeof: named } = value;
  const { concat } = (typeof named === 'object' && named !== null ? named : {}) as { readonly concat?: unknown };
  const fields: readonly unknown[] = Array.isArray(concat) ? concat : Array.isArray(named) ? (named as readonly unknown[]) : [named];
  if (fields.length === 0) throw new FieldError(inner, 'expected at least one field');
  const isList = fields.length > 1 || Array.isArray(named);
  const parts = fields.map((field, index) => parseField(field, isList ? `${inner}[${index}]` : inner));
  return { types: parts.map(({ type }) => type), parts };
}

function parseField(field: unknown, path: string): Part {
  const part =
    typeof field === 'string'
      ? fieldPart(field, path)
      : typeof field === 'object' && field !== null
        ? selectedPart(field, path)
        : undefined;
  if (part === undefined) throw new FieldError(path, `expected a field such as 'vlan.id', not ${shown(field)}`);
  if (typeofPart(part) === undefined)
    throw new FieldError(path, 'nft cannot name the type of this field; write a data type', 'unsupported');
  return part;
}

function parseTypes(value: unknown, path: string): KeyTypes {
  if (typeof value === 'string' && value.includes('.')) return value.split(/\s*\.\s*/).map((name) => parseDataType(name, path));
  if (!Array.isArray(value)) return [parseDataType(value, path)];
  if (value.length === 0) throw new FieldError(path, 'expected at least one data type');
  return value.map((name, index) => parseDataType(name, `${path}[${index}]`));
}

/** Returns what a map leads to. @throws FieldError @internal */
export function parseMapData(value: unknown, isInterval: boolean, path: string): MapData {
  if (value === 'verdict') return { kind: 'verdict' };
  const type = typeof value === 'string' ? OBJECTS.find((name, index) => index > 0 && name === value.replace(' ', '-')) : undefined;
  if (type !== undefined) return { kind: 'object', type };
  if (typeof value !== 'string' && !Array.isArray(value) && !(typeof value === 'object' && value !== null && 'typeof' in value))
    throw new FieldError(path, `expected a data type, not ${shown(value)}`);
  try {
    return { kind: 'value', ...parseFields(value, path), isInterval };
  } catch (error) {
    if (typeof value !== 'string' || value.includes('.')) throw error;
    const names = ['verdict', ...OBJECTS.slice(1), ...dataTypes().map(({ name }) => name)];
    throw new FieldError(path, `'${value}' is not a data type, 'verdict' or a type of objects${suggestion(value, names, '; ')}`);
  }
}

/** Returns the layout of a row; undefined if a data type is not known or has no fixed length. @internal */
export function layoutOfRow(row: GetsetReply): SetLayout | undefined {
  const { flags = 0, keyType = 0, keyLen, dataType = 0, objType } = row;
  const userdata = readUserdata(row.userdata);
  const isDataInterval = numberOf(userdata, UserdataType.SetDataInterval) === 1;
  const fields = rowFields(keyType, userdata.get(UserdataType.SetKeyTypeof));
  if (fields === undefined || keyBytes(fields.types) !== keyLen) return undefined;
  const isInterval = (flags & SetFlags.Interval) !== 0;
  const key = { ...fields, isInterval };
  if ((flags & SetFlags.Object) !== 0) {
    const type = OBJECTS[objType ?? 0];
    return type === undefined ? undefined : { ...key, data: { kind: 'object', type } };
  }
  if ((flags & SetFlags.Map) === 0) return key;
  if (dataType === VERDICT) return { ...key, data: { kind: 'verdict' } };
  const values = rowFields(dataType, userdata.get(UserdataType.SetDataTypeof));
  return values === undefined ? undefined : { ...key, data: { kind: 'value', ...values, isInterval: isDataInterval } };
}

/** Returns the types of keys or values; undefined if one of them is not known. */
function rowFields(number: number, named: Uint8Array | undefined): TypedFields | undefined {
  const parts = named === undefined ? undefined : partsOfTypeof(named);
  if (parts !== undefined && keyNumber(parts.map(({ type }) => type)) === number) return { types: parts.map(({ type }) => type), parts };
  const types = keyTypesOf(number, dataTypeOf);
  return types && { types };
}

/** Returns the attributes of a set that describe its layout. @internal */
export function layoutAttributes({ types, isInterval, data }: SetLayout): {
  readonly flags: number;
  readonly keyType: number;
  readonly keyLen: number;
  readonly dataType?: number;
  readonly dataLen?: number;
  readonly objType?: number;
} {
  const key = { keyType: keyNumber(types), keyLen: keyBytes(types) };
  const concat = types.length > 1 && isInterval ? SetFlags.Concat : 0;
  const flags = (isInterval ? SetFlags.Interval : 0) | concat;
  if (data === undefined) return { flags, ...key };
  if (data.kind === 'object') return { flags: flags | SetFlags.Object, ...key, objType: OBJECTS.indexOf(data.type as 'counter') };
  if (data.kind === 'verdict') return { flags: flags | SetFlags.Map, ...key, dataType: VERDICT };
  const length = keyBytes(data.types) * (data.isInterval ? 2 : 1);
  return { flags: flags | SetFlags.Map, ...key, dataType: keyNumber(data.types), dataLen: length };
}

/** Returns the name of a type, or the names of the fields of a concatenation. @internal */
export function typeNames(types: KeyTypes): string | readonly string[] {
  return types.length === 1 ? types[0]!.name : types.map(({ name }) => name);
}

/** Returns the type of keys or values as a document has it. @internal */
export function fieldNames({ types, parts }: TypedFields, isPlain: boolean): string | readonly string[] | object {
  if (parts === undefined || (isPlain && types.every(({ name }) => dataTypes().some((type) => type.name === name))))
    return typeNames(types);
  const names = parts.map((part) => (hasShortForm(part) ? part.name : selectorOf(part)));
  return { typeof: names.length === 1 ? names[0]! : names };
}

/** Returns what a map leads to, as a document has it. @internal */
export function dataName(data: MapData, isPlain: boolean): string | readonly string[] | object {
  if (data.kind === 'value') return fieldNames(data, isPlain);
  return data.kind === 'verdict' ? 'verdict' : data.type;
}
