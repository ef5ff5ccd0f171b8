import type { Scope } from '../back-end.js';
import { AddressFamily } from './address-family.js';
import { put } from '../decode-primitives.js';
import { integerDecoder } from '../integer/integer-reader.js';
import { integerShape } from '../integer/integer-shape.js';
import type { MemberFields, SchemaNames, StructLayout } from '../schema-names.js';
import type { AddressSchema, ValueFields } from '../value-fields.js';

/** Properties from the outside in. */
type Path = readonly string[];

const NO_WORDS = new Uint32Array(0);

/** Returns the paths at which each object around an address of 16 bytes may have the family. @internal */
export function familyPaths({ family, elsewhere = [] }: AddressSchema): readonly Path[] {
  return family === undefined ? elsewhere : [[family], ...elsewhere];
}

/** Returns true for an address of 16 bytes whose form another field decides. @internal */
export function isFamilyAddress({ address }: ValueFields): boolean {
  return address?.width !== undefined;
}

/** Returns true for a value whose form the family in another field decides. @internal */
export function needsFamily(value: ValueFields): boolean {
  return isFamilyAddress(value) || value.hint === 'netmask';
}

/** Finds the family of an address in the nearest enclosing object that has one; AF_UNSPEC is none. @internal */
export function familyIn(scope: Scope | undefined, paths: readonly Path[]): unknown {
  for (let at = scope; at !== undefined; at = at.outer) {
    for (const path of paths) {
      const family = valueAt(at.value, path);
      if (isScalar(family) && family !== AddressFamily.Unspec) return family;
    }
  }
  return undefined;
}

/** Returns what is at a path, which may be inherited. */
function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const property of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[property];
  }
  return at;
}

/**
 * Decoded objects inherit only functions and objects, from `Object.prototype`: what is inherited is never taken for a family. To find out whether a
 * property is an object's own takes longer than to read it.
 */
function isScalar(value: unknown): boolean {
  return value !== undefined && typeof value !== 'object' && typeof value !== 'function';
}

/** Makes the scope of the members of one struct. @internal */
export type StructScope = (bytes: Uint8Array, start: number, end: number, outer: Scope | undefined) => Scope;

/**
 * Makes the function that reads the families of the addresses in a struct before its members are decoded: a family may follow its address.
 *
 * @returns Undefined for a struct that has no such field, or no addresses of 16 bytes.
 * @internal
 */
export function structScope(names: SchemaNames, struct: StructLayout): StructScope | undefined {
  const paths = pathsIn(names, struct);
  const fields = [...paths.values()].flatMap((path) => {
    const found = fieldAt(names, struct, path);
    return found === undefined ? [] : [{ path, ...found }];
  });
  const [first] = fields;
  if (first === undefined) return undefined;
  if (fields.length === 1 && first.path.length === 1) return scopeOfOne(first.path[0]!, first);
  return (bytes, start, end, outer) => {
    const value = {};
    for (const { path, offset, width, read } of fields) {
      const at = start + offset;
      if (at + width <= end) putAt(value, path, read(NO_WORDS, bytes, at, at + width, undefined, 0));
    }
    return { value, outer };
  };
}

/** Makes the scope of a struct with one field that has a family, as most have. */
function scopeOfOne(property: string, { offset, width, read }: Field): StructScope {
  return (bytes, start, end, outer) => {
    const at = start + offset;
    return { value: at + width <= end ? { [property]: read(NO_WORDS, bytes, at, at + width, undefined, 0) } : {}, outer };
  };
}

/** Returns the first properties of the paths at which an object around a struct may have the family of an address in it. @internal */
export function outerFamilies(names: SchemaNames, struct: StructLayout): readonly string[] {
  return [...pathsIn(names, struct).values()].flatMap(([property]) => property ?? []);
}

/** Collects the paths of all addresses in a struct and in the structs in it. */
function pathsIn(names: SchemaNames, struct: StructLayout): ReadonlyMap<string, Path> {
  const paths = new Map<string, Path>();
  for (const member of struct.members) {
    const inner =
      member.struct === undefined
        ? isFamilyAddress(member)
          ? familyPaths(member.address!)
          : []
        : pathsIn(names, names.struct(member.struct)).values();
    for (const path of inner) paths.set(JSON.stringify(path), path);
  }
  return paths;
}

interface Field {
  readonly offset: number;
  readonly width: number;
  readonly read: ReturnType<typeof integerDecoder>;
}

function fieldAt(names: SchemaNames, { members }: StructLayout, [property, ...inside]: Path): Field | undefined {
  const member: MemberFields | undefined = members.find((candidate) => candidate.property === property);
  if (member === undefined) return undefined;
  const { offset, struct } = member;
  if (inside.length > 0) {
    const found = struct === undefined ? undefined : fieldAt(names, names.struct(struct), inside);
    return found === undefined ? undefined : { ...found, offset: offset + found.offset };
  }
  const shape = integerShape(names, member);
  return shape === undefined ? undefined : { offset, width: shape.width, read: integerDecoder({ ...shape, names: undefined }) };
}

function putAt(value: object, [property, ...inside]: Path, number: unknown): void {
  if (inside.length === 0) return put(value, property!, number);
  const known = Object.hasOwn(value, property!) ? (value as Record<string, object>)[property!]! : {};
  put(value, property!, known);
  putAt(known, inside, number);
}
