import { SetFlags, type GetsetReply, type ObjectType } from '../../../families/nftables.js';
import { suggestion } from '../../../check/index.js';
import { FieldError } from '../../common/field-error.js';
import { shown } from '../../fields/check.js';
import { dataTypeOf, dataTypes, parseDataType } from '../data/data-types.js';
import { keyBytes, keyNumber, keyTypesOf, type KeyTypes } from '../data/key.js';

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
  | { readonly kind: 'value'; readonly types: KeyTypes; readonly isInterval: boolean };

/** The forms of the keys and the data of a set or a map. @internal */
export interface SetLayout {
  readonly types: KeyTypes;
  readonly isInterval: boolean;
  /** Absent for a set. */
  readonly data?: MapData | undefined;
}

/** Returns the data types that a document names. @throws FieldError @internal */
export function parseTypes(value: unknown, path: string): KeyTypes {
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
  if (typeof value !== 'string' && !Array.isArray(value)) throw new FieldError(path, `expected a data type, not ${shown(value)}`);
  try {
    return { kind: 'value', types: parseTypes(value, path), isInterval };
  } catch (error) {
    if (typeof value !== 'string' || value.includes('.')) throw error;
    const names = ['verdict', ...OBJECTS.slice(1), ...dataTypes().map(({ name }) => name)];
    throw new FieldError(path, `'${value}' is not a data type, 'verdict' or a type of objects${suggestion(value, names, '; ')}`);
  }
}

/** Returns the layout of a row; undefined if a data type is not known or has no fixed length. @internal */
export function layoutOfRow(row: GetsetReply, isDataInterval: boolean): SetLayout | undefined {
  const { flags = 0, keyType = 0, keyLen, dataType = 0, objType } = row;
  const types = keyTypesOf(keyType, dataTypeOf);
  if (types === undefined || keyBytes(types) !== keyLen) return undefined;
  const isInterval = (flags & SetFlags.Interval) !== 0;
  if ((flags & SetFlags.Object) !== 0) {
    const type = OBJECTS[objType ?? 0];
    return type === undefined ? undefined : { types, isInterval, data: { kind: 'object', type } };
  }
  if ((flags & SetFlags.Map) === 0) return { types, isInterval };
  if (dataType === VERDICT) return { types, isInterval, data: { kind: 'verdict' } };
  const values = keyTypesOf(dataType, dataTypeOf);
  return values === undefined ? undefined : { types, isInterval, data: { kind: 'value', types: values, isInterval: isDataInterval } };
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

/** Returns what a map leads to, as a document has it. @internal */
export function dataName(data: MapData): string | readonly string[] {
  if (data.kind === 'value') return typeNames(data.types);
  return data.kind === 'verdict' ? 'verdict' : data.type;
}
