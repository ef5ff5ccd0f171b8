import { keyBytes, keyTypesOf } from '../data/key.js';
import type { DataType } from '../data/data-type.js';
import { dataTypeOf } from '../data/data-types.js';
import type { AnonymousSet, ObjectKindName, RuleSet } from './rule-context.js';

/** The kinds of objects that rules name, by their numbers (`NFT_OBJECT_*`). @internal */
export const OBJECT_KINDS: Readonly<Record<ObjectKindName, number>> = {
  counter: 1,
  quota: 2,
  'ct-helper': 3,
  limit: 4,
  connlimit: 5,
  tunnel: 6,
  'ct-timeout': 7,
  secmark: 8,
  'ct-expect': 9,
  synproxy: 10,
};

/** nft's number for a verdict (`NFT_DATA_VERDICT`). @internal */
export const VERDICT_TYPE = 0xffff_ff00;

/** Values of a map: of one data type, of the fields of a concatenation, or intervals of them. @internal */
export interface ValueData {
  readonly types: readonly DataType[];
  /** True if a value is a first and a last one. */
  readonly isInterval: boolean;
}

/** The target of the keys of a map: verdicts, objects, or values. @internal */
export type MapData = 'verdict' | { readonly object: ObjectKindName } | ValueData;

/** Returns the values of one data type. @internal */
export const single = (type: DataType): ValueData => ({ types: [type], isInterval: false });

/** Returns the target of the keys of a map without a name; undefined if it is not known. @internal */
export function anonymousData({ set }: AnonymousSet): MapData | undefined {
  const { dataType = 0, dataLen, objType = 0 } = set;
  if (objType !== 0) {
    const kind = (Object.keys(OBJECT_KINDS) as ObjectKindName[]).find((name) => OBJECT_KINDS[name] === objType);
    return kind && { object: kind };
  }
  if (dataType === VERDICT_TYPE) return 'verdict';
  const types = keyTypesOf(dataType, dataTypeOf);
  return types && { types, isInterval: dataLen === 2 * keyBytes(types) };
}

/** Returns the values of a map with a name; undefined if it has none. @internal */
export function namedValues({ data, isDataInterval = false }: RuleSet): ValueData | undefined {
  if (data === undefined || typeof data === 'string') return undefined;
  return { types: Array.isArray(data) ? (data as readonly DataType[]) : [data as DataType], isInterval: isDataInterval };
}
