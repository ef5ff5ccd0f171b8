/**
 * The descriptor of a family. The generator writes it; codecs and clients are made from it.
 *
 * It is plain data, as JSON would hold it (a few numbers beyond 2^53 are bigint): no functions, no classes, no undefined.
 * An optional field that does not apply is omitted, never false. Lists keep the specification's order. Parts refer to each other by
 * the kernel's names, which are unique within a list. A program never receives most of a family's sets, so codecs index the lists
 * once and compile a set when it is first needed. Sets may contain themselves.
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
  /** The kind of the value; it selects the codec, and the other fields that apply. */
  readonly type: ValueType;
  /** The element of an indexed array, a nest-type-value or a scalar array in a binary. */
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
  /** This number is not written beside a property with one of these values: the kernel reports a default there, and rejects it in requests. */
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
  /** Bytes that are written for this attribute if the request omits it. */
  readonly fill?: FillSchema;
  /** The path of a struct's member that repeats bits of this bitfield: the member is written as 0, because the kernel accepts one of the two. */
  readonly alsoIn?: readonly string[];
}

/** Bytes of an omitted attribute that the kernel needs and does not report. @public */
export interface FillSchema {
  /** Path of the value that needs them: nothing is written if it is omitted or 0. */
  readonly beside: readonly string[];
  /** The number of bytes to write. */
  readonly size: number;
  /** Byte `i` is the integer part of `i * to / over`, at most `to`; the last byte is `to`. Without a ramp all bytes are 0. */
  readonly ramp?: { readonly to: number; readonly over: number };
  /** A number that is written with them instead of 0. */
  readonly member?: { readonly path: readonly string[]; readonly value: number };
}

/** Limits what a request carries of an integer in a struct. @public */
export interface MemberWriteRule extends Pick<WriteRule, 'mask' | 'replace'> {
  /** Of a message's header: bits that the kernel needs beside a property, and does not report. */
  readonly bitsWith?: { readonly property: string; readonly bits: number };
}

/**
 * A case in which the kernel silently ignores an attribute of a request: the encoder rejects it. The case applies if all its conditions do.
 *
 * @public
 */
export interface IgnoredRule {
  /** The request has one of these properties beside it; `ip.ipv4` is one in a nest beside it. */
  readonly beside?: readonly string[];
  /** The request has none of these properties beside it. */
  readonly without?: readonly string[];
  /** A property beside it has one of the `values`, or a value other than those of `except`. */
  readonly when?: {
    readonly property: string;
    readonly values?: readonly (number | string)[];
    readonly except?: readonly (number | string)[];
  };
  /** The number has one of these bits. */
  readonly bits?: number;
  /** The number is not 0. */
  readonly notZero?: true;
}

/** One attribute of a set. @public */
export interface AttributeSchema extends ValueSchema {
  /** The kernel's name, also used in error paths. */
  readonly name: string;
  /** The key in values: the name in camelCase. It is unique among the set's attributes, except pad and unused, and may not be an identifier. */
  readonly property: string;
  /** Number on the wire, without the flags NESTED and NET_BYTEORDER. */
  readonly id: number;
  /** The attribute may come many times: the value is an array. */
  readonly multi?: true;
  /** Messages carry the flag NET_BYTEORDER in the attribute's type; a family may ignore an attribute without it (ipset). */
  readonly netByteOrder?: true;
  /** The form in requests, if it differs from the form in replies (inet `conf`). */
  readonly input?: ValueSchema;
  /** Limits what a request carries of the value. */
  readonly write?: WriteRule;
  /** The number in requests that omit the attribute; `position`: that of the enclosing nest in its list, from 1. */
  readonly default?: number | 'position';
  /** The numbers that requests may have. */
  readonly only?: readonly number[];
  /** Properties of the set that a request cannot have beside this one: the kernel would ignore one of the two. */
  readonly excludes?: readonly string[];
  /** The cases in which the kernel would silently ignore the attribute. */
  readonly ignored?: readonly IgnoredRule[];
}

/** A numbering space of attributes. @public */
export interface AttributeSetSchema {
  /** The kernel's name, unique among the family's sets. */
  readonly name: string;
  /** The set from which the numbers come; the attributes here are complete nevertheless. */
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
  /** Its offset in the struct; it need not be aligned. */
  readonly offset: number;
  /**
   * Its size in bytes; for a nested struct that struct's size. It is omitted for a last member of variable size: `repeated` structs, an array of
   * `element`s, text or bytes. Such a member has the length in its `lengthMember`, or extends to the end of the payload. An array of elements with a size
   * always has `size / width` of them.
   */
  readonly size?: number;
  /** Unit of the number in `lengthMember`, if it is not bytes: bits of a key, elements of an array. */
  readonly lengthUnit?: 'bits' | 'elements';
  /** Limits what a request carries of an integer. */
  readonly write?: MemberWriteRule;
  /** Makes the member the mask of another header field. */
  readonly maskOf?: MaskOfSchema;
  /** The number, or the numbers of an array, in requests that omit the member. */
  readonly default?: number | readonly number[];
  /** The numbers that requests may have. */
  readonly only?: readonly number[];
}

/** Makes a header field the mask of another one: it selects the bits that a request changes. @public */
export interface MaskOfSchema {
  /** The field with the bits; if the mask is omitted, it is set to these bits. */
  readonly property: string;
  /** Operations that reject bits of 0 without a mask if the object exists already: the kernel would change nothing. */
  readonly operations: readonly string[];
}

/** A C struct. Padding and members that the caller omits are written as zeros. @public */
export interface StructSchema {
  /** The kernel's name, unique among the family's structs. */
  readonly name: string;
  /**
   * Bytes with trailing padding, without a last member of variable size. Of a longer payload the decoder reads what is
   * described here; a shorter one does not decode unless it has the `minimum`. A fixed header occupies this size rounded up to a multiple of 4.
   */
  readonly size: number;
  /** Bytes that the oldest kernels send in an attribute. Members that a shorter payload lacks are 0, if the struct does not grow. */
  readonly minimum?: number;
  /** Newer kernels append members. A member that a shorter payload does not contain completely is absent; those in the `minimum` are always there. */
  readonly grows?: true;
  /** In the order of their offsets. */
  readonly members: readonly MemberSchema[];
}

/** The contents of a sub-message for one value of its selector: header fields, then attributes, in one object; or `{}`. @public */
export interface FormatSchema {
  /** The selector's value as decoded: its text, or the name of its enum's entry. */
  readonly value: string;
  /** Name of the {@link StructSchema} of the header. */
  readonly fixedHeader?: string;
  /** Name of the {@link AttributeSetSchema} after the header. */
  readonly set?: string;
  /** Instead of both: a plain value (a binary, a struct array ...). */
  readonly content?: ValueSchema;
}

/** Formats by selector value. For a value without a format the attribute is kept as an unknown one. @public */
export interface SubMessageSchema {
  /** The kernel's name, unique among the family's sub-messages. */
  readonly name: string;
  /** One entry for each value of the selector that has contents. */
  readonly formats: readonly FormatSchema[];
}

/** The numbers of an operation in one mode: generic netlink commands, or message types of the other protocols. @public */
export interface ModeSchema {
  /** The number of the request. */
  readonly request: number;
  /** The number of replies; omitted if the kernel sends none (an echo of the request's object has the notification's number). */
  readonly reply?: number;
  /** Paths of properties that a request must have: the kernel answers a request without them with an error without a text, or with nothing. */
  readonly needs?: readonly (readonly string[])[];
  /** A do always receives a reply. */
  readonly replySure?: true;
  /** The property of the reply that the kernel sends as a positive number in the ack, and in no message (simulated radios). */
  readonly ackNumber?: string;
  /** The shape of requests, if it differs from that of the operation's other messages. */
  readonly input?: ShapeSchema;
}

/** The parts of a message: a header, attributes, both, or neither. @public */
export interface ShapeSchema {
  /** Name of the {@link StructSchema} before the attributes. */
  readonly fixedHeader?: string;
  /** Name of the {@link AttributeSetSchema}; if it is omitted, there are no attributes. */
  readonly set?: string;
}

/** Identifies an operation among those of its number: a field of the header has one of these values. @public */
export interface WhenSchema {
  /** The field in replies, notifications and events. */
  readonly property: string;
  /** The field in requests, if its name differs. */
  readonly requestProperty?: string;
  /** The values of the field. Requests that omit it contain the first one; other values are an error. */
  readonly values: readonly number[];
}

/** The attribute set that replaces the operation's for messages with this header field (bridge ports among links). @public */
export interface VariantSchema {
  /** The kernel's name of the fixed header's member. */
  readonly member: string;
  /** The value that selects the set. */
  readonly value: number;
  /** Name of the {@link AttributeSetSchema} for these messages. */
  readonly set: string;
}

/**
 * Merges an object that the kernel sends in several messages. Its parts follow one another in a dump, or in the multipart reply of a do.
 *
 * Properties of later parts are added to the object; nests are merged recursively; a scalar keeps the value of the first part. `lists`
 * declares how arrays are merged; a later part replaces an array that is not declared.
 *
 * @public
 */
export interface MergeSchema {
  /** Properties that are equal in parts of one object; empty: all messages are one object. */
  readonly key: readonly string[];
  /** The arrays whose elements are merged; none if empty. */
  readonly lists: readonly MergeListSchema[];
}

/** Merges an array of an object that the kernel sends in several messages. @public */
export interface MergeListSchema {
  /** Properties that lead to the list; `*` stands for every property or element. */
  readonly path: readonly string[];
  /** Elements are appended; or merged with the element of the same index on the wire; or merged with the last element if the property is equal in both, else appended. */
  readonly by: 'append' | 'index' | { readonly property: string };
}

/** An operation, a notification or an event. @public */
export interface OperationSchema extends ShapeSchema {
  /** The kernel's name, unique in the family. */
  readonly name: string;
  /** The set of all its messages, except requests with an `input`. A notification has the set of its operation's replies. */
  readonly set?: string;
  /** Name of the {@link StructSchema} before the attributes of all its messages, except requests with an `input`. */
  readonly fixedHeader?: string;
  /** Set if other operations have the same number. */
  readonly when?: WhenSchema;
  /** Other sets, for messages with certain header fields; the first entry that matches applies. */
  readonly variants?: readonly VariantSchema[];
  /** The numbers of a request for one object, or of one that changes something; omitted if the operation has none. */
  readonly do?: ModeSchema;
  /** The numbers of a request for all objects (`NLM_F_DUMP`); omitted if the operation has none. */
  readonly dump?: ModeSchema;
  /** A notification: its messages have the contents of the replies of the operation named here. */
  readonly notify?: string;
  /** An unsolicited message with contents of its own. */
  readonly event?: true;
  /** The kernel sends the event to the one socket that asked for it, and to no group: a packet of a queue. */
  readonly unicast?: true;
  /** Number of the notification or event. */
  readonly command?: number;
  /** The groups to which the kernel sends the notification or event; if omitted, any of the family's groups, except for `unicast`. */
  readonly groups?: readonly string[];
  /** The request needs CAP_NET_ADMIN in the initial namespace, or (`uns-`) in the socket's. */
  readonly permission?: 'admin-perm' | 'uns-admin-perm';
  /** It changes things inside a transaction only: {@link FamilySchema.transaction}. */
  readonly transaction?: true;
  /** Merges replies that describe one object in several messages. */
  readonly merge?: MergeSchema;
  /**
   * Paths of properties that identify a row of a dump. A row that repeats the values of an earlier one is dropped: the kernel sends it again
   * if the dump continues in another datagram.
   */
  readonly distinct?: readonly (readonly string[])[];
  /** Properties that a dump request always has: empty nests if the caller omits them. */
  readonly emptyNests?: readonly string[];
  /** Members of the header that a `do` has if the caller omits them. */
  readonly defaults?: Readonly<Record<string, number>>;
  /** Properties of which a `do` must have one: without any, the kernel acts on all objects, or on the first. */
  readonly needsOne?: NeedsOneSchema;
}

/** The properties that select the object of a request. @public */
export interface NeedsOneSchema {
  /** Attributes, or members of the header. A value of 0, an empty text and a prefix of length 0 do not count. */
  readonly properties: readonly string[];
  /** Those of them of which 0 counts. */
  readonly zeros?: readonly string[];
  /** Members of the header that must not be 0. */
  readonly nonzero?: readonly string[];
  /** Attributes beside which the kernel ignores the selection. */
  readonly without?: readonly string[];
  /** The action of the kernel without them, and the operation that is for it: `deletes all connections (flush does that)`. */
  readonly otherwise: string;
}

/** A multicast group. @public */
export interface GroupSchema {
  /** The kernel's name, unique in the family. */
  readonly name: string;
  /** Omitted for generic netlink: there the kernel assigns the number, and a name finds it. */
  readonly number?: number;
}

/** Names, in errors, the object that a request is about. @public */
export interface ObjectSchema {
  /** The operations, by the kernel's names. */
  readonly operations: readonly string[];
  /**
   * Texts with the properties that follow them: the first one that the request has is shown after the text (`linkinfo.kind`: in a nest). A text is omitted
   * if the request has none of its properties, or only zeros; a text without properties is always shown. A number after a text that ends with `0x` is
   * hexadecimal.
   */
  readonly words: readonly (readonly string[])[];
}

/**
 * An error number of the family's own, beyond those of Linux.
 *
 * Several errors can have one number: their conditions select those that are possible for a request.
 *
 * @public
 */
export interface ErrorSchema {
  /** The kernel's name: the `code` of the error. */
  readonly name: string;
  /** The number, positive; the kernel sends it negated. */
  readonly value: number;
  /** The meaning in words. */
  readonly text?: string;
  /** The operations that can fail with it; all if omitted. */
  readonly operations?: readonly string[];
  /** It needs a request with one of these properties, at any depth. */
  readonly with?: readonly string[];
  /** It needs a request without any of these properties, at any depth. */
  readonly without?: readonly string[];
}

/** A family. Its messages consist of the netlink header, a generic netlink header if `generic`, the fixed header, and attributes. @public */
export interface FamilySchema {
  /** Version of this form. */
  readonly schema: 1;
  /** The kernel's name: the name by which a generic family is resolved, or the specification's name. */
  readonly name: string;
  /** Name of the specification's file without `.yaml`, as in the subpath. */
  readonly source: string;
  /** Last argument of socket(2); 16 for generic netlink. */
  readonly protocol: number;
  /** Only generic netlink: the version written into its header. */
  readonly generic?: { readonly version: number };
  /** The enums and flags that values refer to by name. */
  readonly enums: readonly EnumSchema[];
  /** The C structs: fixed headers, and the contents of binary attributes. */
  readonly structs: readonly StructSchema[];
  /** The attribute sets of messages and nests. */
  readonly sets: readonly AttributeSetSchema[];
  /** The contents that another attribute selects. */
  readonly subMessages: readonly SubMessageSchema[];
  /** Operations, notifications and events. */
  readonly operations: readonly OperationSchema[];
  /** The multicast groups. */
  readonly groups: readonly GroupSchema[];
  /** Names the objects of its operations in errors. */
  readonly objects?: readonly ObjectSchema[];
  /** Names the error numbers of its own. */
  readonly errors?: readonly ErrorSchema[];
  /** The operations that begin and end a transaction, and the header fields of both, by property (nftables: resId 10). */
  readonly transaction?: { readonly begin: string; readonly end: string; readonly header: Readonly<Record<string, number>> };
}
