/**
 * The descriptor of a family: what the generator writes, what codecs are compiled from, what the client is driven by.
 *
 * It is plain data, as JSON would hold it (a few numbers beyond 2^53 are bigint): no functions, no classes, no undefined.
 * Optional fields are left out where they do not apply, never set to false. Lists keep the specification's order. Things
 * refer to each other by the kernel's names, which are unique within a list; a family may hold tens of sets that a program
 * never meets, so index the lists once and compile a set when it is first needed. Sets may be recursive.
 */

/** How an attribute's payload, an element of it, or a member of a struct is laid out. @public */
export type ValueType =
  /** Integers of fixed width. 64-bit ones are `bigint`, the others `number`. */
  | 'u8'
  | 'u16'
  | 'u32'
  | 'u64'
  | 's8'
  | 's16'
  | 's32'
  | 's64'
  /** Integers of 4 or 8 bytes, told by the payload's length; always `bigint`. Written in 4 bytes if the value fits, else in 8. */
  | 'uint'
  | 'sint'
  /** Text up to the first NUL; written with one (`unterminatedOk` says that it may lack). */
  | 'string'
  /** Present or absent, no payload: `true`. Written if true, left out if false. */
  | 'flag'
  /** Bytes. With `hint` text, with `struct` an object (with `repeated` an array of them), with `element` an array of scalars. */
  | 'binary'
  /** Attributes of the set `set`. */
  | 'nest'
  /**
   * A nest in which attributes come again and their order means something (the actions of a flow). An array of objects with one property each, in the
   * order of the wire: an attribute of `set`, or one that the set does not know under `Unknown`.
   */
  | 'ordered-nest'
  /** A nest whose attribute types are indexes and whose payloads are `element`s; an array, in the order of the wire. */
  | 'indexed-array'
  /**
   * Nests inside each other whose attribute types are values themselves: `typeValue` names those, outermost first; the innermost payload is an `element`. An array,
   * one object for each innermost payload, collected over all attributes of that type in the set: `{ [typeValue[0]]: type, ..., }` and, for an element of type
   * nest, its attributes; for any other element its value as `value`.
   */
  | 'nest-type-value'
  /** What it is depends on another attribute: see `subMessage` and `selector`. */
  | 'sub-message'
  /** `struct nla_bitfield32`: `{ value, selector }`, two numbers in the host's order. */
  | 'bitfield32'
  /**
   * Records one after the other, each a struct whose member `lengthMember` counts the whole record, then attributes of `set`;
   * the next starts at the following multiple of 4 (multipath routes). An array of objects: the struct's members (without that length), then the attributes.
   */
  | 'records'
  /** Filler: never shown, never written. */
  | 'pad'
  /** A number without a meaning: never written; where it is met it is an unknown attribute. */
  | 'unused';

/** How a value is shown. On integers wider than the address and with `hex` it changes nothing: they stay numbers or bytes. @public */
export type DisplayHint =
  | 'mac'
  | 'ipv4'
  | 'ipv6'
  /** Told by the length, 4 or 16. */
  | 'ipv4-or-v6'
  | 'uuid'
  | 'hex'
  | 'fddi'
  /** `struct sockaddr_in` or `sockaddr_in6`, told by the length, 16 or 28: `'192.0.2.1:51820'`, `'[2001:db8::1]:51820'`. */
  | 'sockaddr_in-or-sockaddr_in6'
  /** Read as bytes; written as bytes or as base64 text (the keys that `wg genkey` prints). */
  | 'base64';

/** Limits, enforced when writing only; names of the specification's are resolved to numbers. @public */
export interface CheckSchema {
  readonly min?: number | bigint;
  readonly max?: number | bigint;
  /** Bytes of a binary, or characters of a string without its NUL. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly exactLength?: number;
  /** Bits that may be set. */
  readonly flagsMask?: number | bigint;
  /** The string may come without a NUL; it is written with one if it has less than `maxLength` characters. */
  readonly unterminatedOk?: true;
}

/** A value: what attributes, array elements and struct members have in common. @public */
export interface ValueSchema {
  readonly type: ValueType;
  /** Of integers, also of a scalar array's elements; the host's where left out. */
  readonly byteOrder?: 'big' | 'little';
  /** Name of an {@link EnumSchema}: the value is the entry's name; a number without an entry stays a number (or bigint). */
  readonly enum?: string;
  /** Name of an {@link EnumSchema} whose bits the value holds: it stays a number (or bigint). Never together with `enum`. */
  readonly flags?: string;
  readonly hint?: DisplayHint;
  /** Name of the {@link StructSchema} in a binary or a record; of a nest, the header in front of its attributes (a veth's peer), whose fields stand in the same object. */
  readonly struct?: string;
  /** With `struct`: as many of them as fit, an array. */
  readonly repeated?: true;
  /** Name of the {@link AttributeSetSchema} of a nest, an ordered one too, or a record. */
  readonly set?: string;
  /** What an indexed array, a nest-type-value or a scalar array in a binary is made of. */
  readonly element?: ValueSchema;
  /** Properties that take the attribute types of a nest-type-value, outermost first. */
  readonly typeValue?: readonly string[];
  /** Kernel name of the record's member that holds its length. */
  readonly lengthMember?: string;
  /** Name of a {@link SubMessageSchema}. */
  readonly subMessage?: string;
  /** Which attribute chooses the sub-message's format. */
  readonly selector?: SelectorSchema;
  readonly checks?: CheckSchema;
  /** Key material: errors, traces and `stringify` show its length only. Of attributes and struct members that are bytes, text or integers. */
  readonly secret?: true;
  readonly address?: AddressSchema;
}

/**
 * Rules for an address in a request, beyond its `hint`. They apply to text only; bytes are sent as they are.
 *
 * Fields are properties of the body that holds the address, or of the nearest enclosing one: header fields or attributes.
 *
 * @public
 */
export interface AddressSchema {
  /**
   * Field that holds the address family. It fixes the width of the address; if it is omitted, the first address sets it. Families other than IPv4
   * and IPv6 carry addresses of any width (forwarding entries of AF_BRIDGE, labels of AF_MPLS).
   */
  readonly family?: string;
  /** Field that holds the prefix length. The text may include the length instead: `'10.60.0.0/16'`. */
  readonly prefix?: string;
  /** Result of an address without any prefix length, by operation; `*` stands for all others. Without an entry the request is refused. */
  readonly bare?: Readonly<Record<string, BareAddress>>;
  /** Attribute of the same set that takes addresses of the other family; named in errors. */
  readonly other?: string;
  /** The device decides the width of a `mac` (tunnels, InfiniBand); without this it is 6 bytes. */
  readonly anyWidth?: true;
  /**
   * Kinds of links whose `mac` is an IPv6 address, as `linkinfo.kind` beside the attribute names them. Without the kind, IPv6 text is refused: an
   * Ethernet device would use its first 6 bytes.
   */
  readonly ipv6Kinds?: readonly string[];
}

/** `full`: the length of a single address is filled in. `unset`: no length is sent. `ipv4-unset`: the same, for IPv4 only. @public */
export type BareAddress = 'full' | 'unset' | 'ipv4-unset';

/** Where the value that chooses a sub-message's format stands. @public */
export interface SelectorSchema {
  /** Kernel name of the attribute. */
  readonly name: string;
  /** Its property. */
  readonly property: string;
  /**
   * True: it is not in the attribute's own set but in the nearest enclosing one that has it, where it stands before the nest.
   * In its own set it usually stands before the sub-message, but may stand behind it (a route's encap-type).
   */
  readonly outer?: true;
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
  /** Another property is written in front, if it is not given: the kernel ignores the value without it. */
  readonly beside?: { readonly property: string; readonly value: number };
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

/** Names for numbers. @public */
export interface EnumSchema {
  readonly name: string;
  /** What the entries' numbers are: of `flags` masks (1, 2, 4 ...), of `enum` plain values (used as flags, they are bit numbers). */
  readonly kind: 'enum' | 'flags';
  readonly entries: readonly (readonly [name: string, value: number | bigint])[];
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
