import type { Scope } from './back-end.js';
import type { SchemaNames } from './schema-names.js';
import type { ValueFields } from './value-fields.js';

/** An attribute of a message, with its name. @public */
export interface WalkedAttribute {
  /** The offset of its first byte. */
  readonly offset: number;
  /** The value of its length field. */
  readonly length: number;
  /** Its number, without the flags NESTED and NET_BYTEORDER. */
  readonly type: number;
  /** Its name in its set; undefined if the schema does not know it. */
  readonly name: string | undefined;
  /** From the outermost attribute to this one, e.g. `.linkinfo.data.id`. */
  readonly path: string;
  /** The number of attributes around it. */
  readonly depth: number;
  /** The set of the attributes in it, if it is a nest. */
  readonly inner: string | undefined;
}

/** A range of a message and the path of the value in it. @internal */
export interface Place {
  readonly start: number;
  readonly end: number;
  readonly path: string;
  readonly depth: number;
}

/** Walks the values of one message. It goes as far as the lengths allow and never throws. @internal */
export interface Walker {
  readonly bytes: Uint8Array;
  readonly names: SchemaNames;
  /** Visits the attributes between two offsets. */
  set(set: string | undefined, place: Place, outer?: Scope): void;
  /** Reports the secrets in the struct between two offsets; all of its bytes if they are too few. */
  struct(name: string, start: number, end: number): void;
  /** Returns the end of the struct that starts at an offset, at most the other offset. */
  structEnd(name: string, start: number, end: number): number;
  /** Walks a value that is not a sub-message. */
  value(value: ValueFields & { readonly property?: string }, place: Place, scope: Scope, into?: object): void;
  /** Calls a function with the range and the type of each attribute between two offsets. */
  each(place: Place, visit: (at: number, end: number, type: number) => void): void;
  /** Reports an attribute. */
  enter(attribute: { readonly at: number; readonly end: number } & Omit<WalkedAttribute, 'offset' | 'length'>): void;
  /** Returns the place after a header. */
  after(header: string | undefined, place: Place): Place;
  /** Returns true if attributes of this type in the set carry no value. */
  isFiller(set: string, type: number): boolean;
}

/** Walks elements whose attribute types are indexes or values, `levels` nests deep. @internal */
export function walkElements(walker: Walker, element: ValueFields, levels: number, place: Place, scope: Scope): void {
  walker.each(place, (at, end, type) => {
    const path = `${place.path}[${type}]`;
    const inner = levels === 1 ? element.set : undefined;
    walker.enter({ at, end, type, name: `[${type}]`, path, depth: place.depth, inner });
    const inside = { start: at + 4, end, path, depth: place.depth + 1 };
    if (levels > 1) walkElements(walker, element, levels - 1, inside, scope);
    else walker.value(element, inside, scope);
  });
}
