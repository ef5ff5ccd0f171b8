import type { EnumNames } from './enum-names.js';
import type { ValueFields } from './value-fields.js';

/** A member of a struct, as far as kinds need it. @internal */
export interface MemberFields extends ValueFields {
  readonly name: string;
  readonly property: string;
  readonly offset: number;
  readonly size?: number;
  readonly lengthUnit?: 'bits' | 'elements';
}

/** The layout of a struct, as far as kinds need it. @internal */
export interface StructLayout {
  readonly name: string;
  readonly size: number;
  readonly minimum?: number;
  readonly grows?: true;
  readonly members: readonly MemberFields[];
}

/** One format of a sub-message. @internal */
export interface FormatLayout {
  readonly value: string;
  readonly fixedHeader?: string;
  readonly set?: string;
  readonly content?: ValueFields;
}

/** An attribute of a set, as far as kinds need it. @internal */
export interface AttributeFields extends ValueFields {
  readonly name: string;
  readonly property: string;
  readonly id: number;
  readonly multi?: true;
}

/**
 * Finds the named parts of a descriptor.
 *
 * `SchemaIndex` implements it. Kinds use this view, because the descriptor's types name the kinds.
 *
 * @internal
 */
export interface SchemaNames {
  set(name: string): { readonly attributes: readonly AttributeFields[] };
  struct(name: string): StructLayout;
  subMessage(name: string): { readonly formats: readonly FormatLayout[] };
  enumNames(name: string): EnumNames;
}

/** Returns a field that a value of this type must have. @throws TypeError if the descriptor lacks it. @internal */
export function required<Field extends keyof ValueFields>(value: ValueFields, field: Field): NonNullable<ValueFields[Field]> {
  const given = value[field];
  if (given === undefined) throw new TypeError(`schema: a value of type ${value.type} needs '${field}'`);
  return given;
}
