/** The form in which a value is shown. Integers wider than an address, and values with `hex`, stay numbers or bytes. @public */
export type DisplayHint =
  | 'mac'
  | 'ipv4'
  | 'ipv6'
  /** The length selects the form: 4 or 16 bytes. */
  | 'ipv4-or-v6'
  /** Of 4 bytes: the mask of an IPv4 address as text, or the prefix length of an IPv6 address as a number. `address.family` has the family. */
  | 'netmask'
  | 'uuid'
  | 'hex'
  | 'fddi'
  /** `struct sockaddr_in` (16 bytes) or `sockaddr_in6` (28 bytes): `'192.0.2.1:51820'`, `'[2001:db8::1]:51820'`. */
  | 'sockaddr_in-or-sockaddr_in6'
  /** Decoded as bytes; encoded from bytes or from base64 text (the keys that `wg genkey` prints). */
  | 'base64';

/** Limits, enforced only when a request is encoded. Names of the specification are resolved to numbers. @public */
export interface CheckSchema {
  /** The smallest number that the kernel accepts. */
  readonly min?: number | bigint;
  /** The largest number that the kernel accepts. */
  readonly max?: number | bigint;
  /** The fewest bytes of a binary, or characters of a string without its NUL. */
  readonly minLength?: number;
  /** The most bytes of a binary, or characters of a string without its NUL. */
  readonly maxLength?: number;
  /** The only number of bytes that the kernel accepts. */
  readonly exactLength?: number;
  /** The numbers of bytes that a binary may have. */
  readonly lengths?: readonly number[];
  /** The bits that may be set. */
  readonly flagsMask?: number | bigint;
  /** The kernel may send the string without a NUL. It is encoded with a NUL if it has fewer than `maxLength` characters. */
  readonly unterminatedOk?: true;
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
  /**
   * The address always takes 16 bytes (`xfrm_address_t`), of which an IPv4 address fills the first 4. The field `family` decides its form: text for AF_INET
   * and AF_INET6, else the 16 bytes.
   */
  readonly width?: 16;
  /** Paths of other fields with the address family. They are tried in this order in each object that has no field `family`. */
  readonly elsewhere?: readonly (readonly string[])[];
}

/** `full`: the length of a single address is filled in. `unset`: no length is sent. `ipv4-unset`: the same, for IPv4 only. @public */
export type BareAddress = 'full' | 'unset' | 'ipv4-unset';

/** The attribute, or the member of a struct, whose value selects a sub-message's format. @public */
export interface SelectorSchema {
  /** The kernel's name of the attribute or the member. */
  readonly name: string;
  /** Its property. */
  readonly property: string;
  /**
   * True: the selector is not in the attribute's own set but in the nearest enclosing set that has it. It precedes the nest.
   * A selector in the own set usually precedes the sub-message, but may follow it (`encap-type` of a route).
   */
  readonly outer?: true;
}

/** Names for numbers. @public */
export interface EnumSchema {
  /** The kernel's name, unique among the family's enums. */
  readonly name: string;
  /** The form of the entries' numbers: `flags` holds masks (1, 2, 4 ...), `enum` plain values (bit numbers if they are used as flags). */
  readonly kind: 'enum' | 'flags';
  /** In the order of the kernel's header; several names may have one number. */
  readonly entries: readonly (readonly [name: string, value: number | bigint])[];
}

/** A value of any type: the fields that attributes, array elements and struct members share. @public */
export interface ValueFields {
  /** A name in the table of kinds; a descriptor from outside may hold any other text. */
  readonly type: string;
  /** Byte order of an integer, or of the elements of a scalar array; if omitted, the host's. */
  readonly byteOrder?: 'big' | 'little';
  /** Name of an {@link EnumSchema}: the value is the entry's name; a number without an entry stays a number (or bigint). */
  readonly enum?: string;
  /** Name of an {@link EnumSchema} whose bits the value holds: it stays a number (or bigint). Never together with `enum`. */
  readonly flags?: string;
  /** The form in which the value is shown; if omitted, that of its type. */
  readonly hint?: DisplayHint;
  /**
   * Name of the {@link StructSchema} in a binary or a record. A nest has it as the header in front of its attributes (the peer of a veth); the fields are
   * in the same object.
   */
  readonly struct?: string;
  /** With `struct`: an array of as many structs as fit. */
  readonly repeated?: true;
  /** Name of the {@link AttributeSetSchema} of a nest, an ordered nest or a record. */
  readonly set?: string;
  /** The element of an indexed array, a nest-type-value or a scalar array in a binary. */
  readonly element?: ValueFields;
  /** Properties that hold the attribute types of a nest-type-value, outermost first. */
  readonly typeValue?: readonly string[];
  /** The kernel's name of the struct's member with a length in bytes: of the whole record, or of the struct's last member ({@link MemberSchema.lengthUnit}). */
  readonly lengthMember?: string;
  /** Name of a {@link SubMessageSchema}. */
  readonly subMessage?: string;
  /** The attribute, or for a member of a struct the member beside it, that selects the sub-message's format. */
  readonly selector?: SelectorSchema;
  /** Limits of the value in a request. */
  readonly checks?: CheckSchema;
  /** Key material: errors, traces and `stringify` show only its length. Attributes and struct members that are bytes, text or integers may have it. */
  readonly secret?: true;
  /** Rules for the value in a request if it is an address. */
  readonly address?: AddressSchema;
}
