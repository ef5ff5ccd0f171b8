/**
 * The descriptor of a family: what the generator writes, what codecs are compiled from, what the client is driven by.
 *
 * It is plain data, as JSON would hold it (a few numbers beyond 2^53 are bigint): no functions, no classes, no undefined.
 * Optional fields are left out where they do not apply, never set to false. Lists keep the specification's order. Things
 * refer to each other by the kernel's names, which are unique within a list; a family may hold tens of sets that a program
 * never meets, so index the lists once and compile a set when it is first needed. Sets may be recursive.
 */

import type { EnumSchema, ValueFields } from '../codec/value-fields.js';
import type { ValueType } from '../kinds/table.js';

export type {
  AddressSchema,
  BareAddress,
  CheckSchema,
  DisplayHint,
  EnumSchema,
  SelectorSchema,
  ValueFields,
} from '../codec/value-fields.js';
export type { ValueType } from '../kinds/table.js';

/** A value: the fields that attributes, array elements and struct members share. @public */
export interface ValueSchema extends ValueFields {
  readonly type: ValueType;
  readonly element?: ValueSchema;
}

/**
 * Limits what a request carries of a value: the kernel reports more than it accepts.
 *
 * It applies to requests of a do without a reply: those that change something. Properties are those of the attribute's own set; header fields count.
 *
 * @public
 */
export interface WriteRule {
  /** The value is never written: the kernel only reports it. */
  readonly never?: true;
  /** Zero is not written: the kernel reports it, and accepts other numbers only. */
  readonly notZero?: true;
  /** Bits that are written; the kernel sets the others itself. */
  readonly mask?: number | bigint;
  /** Numbers that are written as others. */
  readonly replace?: readonly { readonly read: number; readonly written: number }[];
  /** Added to the number: the kernel converts it to a coarser unit and back, and rounds down both times. */
  readonly add?: number;
  /** The value is written only beside one of these properties. */
  readonly with?: readonly string[];
  /** The value is not written beside any of these properties. */
  readonly without?: readonly string[];
  /** This number is not written beside a property with one of these values: the kernel reports a default there, and refuses to be told it. */
  readonly omit?: { readonly value: number; readonly property: string; readonly values: readonly (number | string)[] };
  /** Another property is written instead, if it is not given: one member of this struct, divided and rounded up. Zero and less are not written. */
  readonly instead?: { readonly property: string; readonly member: string; readonly divisor: number };
  /**
   * Another property is written instead, if it is not given: the last byte of this address. The kernel sets the bytes in front of it to `base`; an
   * address with other bytes is refused.
   */
  readonly lastByte?: { readonly property: string; readonly base: string };
  /** Another property is written in front if neither it nor one of `without` is given: the kernel ignores or refuses the value without them. */
  readonly beside?: { readonly property: string; readonly value: number; readonly without?: readonly string[] };
  readonly fill?: FillSchema;
  /** The path of a struct's member that repeats bits of this bitfield: the member is written as 0, because the kernel accepts one of the two. */
  readonly alsoIn?: readonly string[];
}

/** Bytes of an omitted attribute that the kernel needs and does not report. @public */
export interface FillSchema {
  /** Path of the value that needs them: nothing is written if it is omitted or 0. */
  readonly beside: readonly string[];
  readonly size: number;
  /** Byte `i` is the integer part of `i * to / over`, at most `to`; the last byte is `to`. Without a ramp all bytes are 0. */
  readonly ramp?: { readonly to: number; readonly over: number };
  /** A number that is written with them instead of 0. */
  readonly member?: { readonly path: readonly string[]; readonly value: number };
}

/** What a request carries of an integer in a struct. @public */
export interface MemberWriteRule extends Pick<WriteRule, 'mask' | 'replace'> {
  /** Of a message's header: bits that the kernel needs beside a property, and does not report. */
  readonly bitsWith?: { readonly property: string; readonly bits: number };
}

/** One attribute of a set. @public */
export interface AttributeSchema extends ValueSchema {
  /** The kernel's name, also used in error paths. */
  readonly name: string;
  /** The key in values: the name in camelCase, unique among the set's attributes but for pad and unused; may be no identifier. */
  readonly property: string;
  /** Number on the wire, without the flags NESTED and NET_BYTEORDER. */
  readonly id: number;
  /** The attribute may come many times: the value is an array. */
  readonly multi?: true;
  /** How it is written, where that differs from how it is read (inet `conf`). */
  readonly input?: ValueSchema;
  readonly write?: WriteRule;
}

/** A numbering space of attributes. @public */
export interface AttributeSetSchema {
  readonly name: string;
  /** The set that lends its numbers; the attributes here are complete all the same. */
  readonly subsetOf?: string;
  /** In the specification's order; ids may have gaps, and only pad and unused ones may share theirs. May be empty. */
  readonly attributes: readonly AttributeSchema[];
}

/** One member of a struct. @public */
export interface MemberSchema extends ValueSchema {
  /** The kernel's name. */
  readonly name: string;
  /** The key in values; there is none for type pad. */
  readonly property: string;
  /** Where it starts in the struct; no alignment is implied. */
  readonly offset: number;
  /**
   * Bytes that it takes; of a nested struct that struct's size. Left out on a last member that takes all the rest:
   * `repeated` structs, an array of `element`s, or bytes. An array of elements with a size always has `size / width` of them.
   */
  readonly size?: number;
  /** What a request carries of an integer. */
  readonly write?: MemberWriteRule;
  readonly maskOf?: MaskOfSchema;
}

/** Makes a header field the mask of another one: it selects the bits that a request changes. @public */
export interface MaskOfSchema {
  /** The field with the bits; if the mask is omitted, it is set to these bits. */
  readonly property: string;
  /** Operations that refuse bits of 0 without a mask if the object exists already: the kernel would change nothing. */
  readonly operations: readonly string[];
}

/** A C struct. Pads are written as zeros, members that the caller leaves out too. @public */
export interface StructSchema {
  readonly name: string;
  /**
   * Bytes, trailing padding included, without a last member that takes the rest. A payload that is longer decodes what is
   * described here; a shorter one does not decode. As a fixed header it takes this size rounded up to a multiple of 4.
   */
  readonly size: number;
  readonly members: readonly MemberSchema[];
}

/** What a sub-message holds for one value of its selector: header fields, then attributes, in one object; or `{}`. @public */
export interface FormatSchema {
  /** The selector's value as decoded: its text, or the name of its enum's entry. */
  readonly value: string;
  /** Name of the {@link StructSchema} in front. */
  readonly fixedHeader?: string;
  /** Name of the {@link AttributeSetSchema} behind it. */
  readonly set?: string;
  /** Instead of both: a plain value (a binary, a struct array ...). */
  readonly content?: ValueSchema;
}

/** Formats by selector value; a value without a format leaves the attribute with the unknown ones. @public */
export interface SubMessageSchema {
  readonly name: string;
  readonly formats: readonly FormatSchema[];
}

/** Numbers of one way to run an operation: generic netlink commands, or message types of the other protocols. @public */
export interface ModeSchema {
  readonly request: number;
  /** What replies carry; left out where the kernel gives none (an echo of the request's object carries the notification's number). */
  readonly reply?: number;
  /** Of a do: a reply always comes. */
  readonly replySure?: true;
}

/** The attribute set of messages whose header says so, instead of the operation's (bridge ports among links). @public */
export interface VariantSchema {
  /** Kernel name of the fixed header's member. */
  readonly member: string;
  /** The value that it must have. */
  readonly value: number;
  readonly set: string;
}

/**
 * How one object that comes in several messages is put together again: parts follow one another in a dump (or in the
 * multipart reply of a do). Properties of later parts are added to the object; nests are merged in depth, the same way;
 * of scalars the first part's stays. Lists go by `lists`, those not named there are replaced if the later part has them.
 *
 * @public
 */
export interface MergeSchema {
  /** Properties that are equal in parts of one object; empty: all messages are one object. */
  readonly key: readonly string[];
  readonly lists: readonly MergeListSchema[];
}

/** @public */
export interface MergeListSchema {
  /** Properties that lead to the list; `*` stands for every property or element. */
  readonly path: readonly string[];
  /** Elements are appended, or merged with the one of the same index on the wire, or with the last one where the property `by` is equal, else appended. */
  readonly by: 'append' | 'index' | { readonly property: string };
}

/** An operation, a notification or an event. @public */
export interface OperationSchema {
  /** The kernel's name, unique in the family. */
  readonly name: string;
  /** Set of all its messages; left out: they have no attributes. Notifications have it too, taken from their operation. */
  readonly set?: string;
  /** Name of the {@link StructSchema} in front of the attributes of all its messages, of the operation's or of the family's. */
  readonly fixedHeader?: string;
  readonly variants?: readonly VariantSchema[];
  readonly do?: ModeSchema;
  readonly dump?: ModeSchema;
  /** A notification: its messages have the contents of the replies of the operation named here. */
  readonly notify?: string;
  /** An unsolicited message with contents of its own. */
  readonly event?: true;
  /** Number of the notification or event. */
  readonly command?: number;
  /** Of a notification or event: where it is sent; left out: to any of the family's groups. */
  readonly groups?: readonly string[];
  /** The request needs CAP_NET_ADMIN: over the initial namespace, or (`uns-`) over the socket's. */
  readonly permission?: 'admin-perm' | 'uns-admin-perm';
  /** It changes things inside a transaction only: {@link FamilySchema.transaction}. */
  readonly transaction?: true;
  readonly merge?: MergeSchema;
  /**
   * Paths of properties by which rows of a dump differ. A row that repeats an earlier one's is dropped: the kernel sends it again
   * where a dump continues in another datagram.
   */
  readonly distinct?: readonly (readonly string[])[];
}

/** A multicast group. @public */
export interface GroupSchema {
  readonly name: string;
  /** Known for all protocols but generic netlink, where the kernel gives it by name. */
  readonly number?: number;
}

/** How errors name the object that operations act on, from their request. @public */
export interface ObjectSchema {
  /** The operations, by the kernel's names. */
  readonly operations: readonly string[];
  /**
   * Texts, each with the properties of which the first that the request has stands behind it (`linkinfo.kind`: in a nest). A text is left out if
   * the request has none of its properties, or only zeros; a text without properties always stands. A number behind a text that ends with `0x` is hexadecimal.
   */
  readonly words: readonly (readonly string[])[];
}

/** A whole family. Its messages: netlink header, generic netlink header if `generic`, fixed header, attributes. @public */
export interface FamilySchema {
  /** Version of this form. */
  readonly schema: 1;
  /** The kernel's name: of a generic family what it is resolved by, of others the specification's. */
  readonly name: string;
  /** Name of the specification's file without `.yaml`, as in the subpath. */
  readonly source: string;
  /** Last argument of socket(2); 16 for generic netlink. */
  readonly protocol: number;
  /** Only generic netlink: the version written into its header. */
  readonly generic?: { readonly version: number };
  readonly enums: readonly EnumSchema[];
  readonly structs: readonly StructSchema[];
  readonly sets: readonly AttributeSetSchema[];
  readonly subMessages: readonly SubMessageSchema[];
  readonly operations: readonly OperationSchema[];
  readonly groups: readonly GroupSchema[];
  /** How errors name the objects of its operations. */
  readonly objects?: readonly ObjectSchema[];
  /** The operations that frame a transaction, and what the begin's and end's fixed header must say, by property (nftables: resId 10). */
  readonly transaction?: { readonly begin: string; readonly end: string; readonly header: Readonly<Record<string, number>> };
}
