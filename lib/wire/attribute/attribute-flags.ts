/** The two high bits of an attribute's type field, and the mask of the type (`NLA_F_*`, `NLA_TYPE_MASK`). @public */
export const AttributeFlags = {
  /** The payload contains attributes (`NLA_F_NESTED`); older families omit the flag. */
  Nested: 0x8000,
  /** Integers in the payload are big-endian (`NLA_F_NET_BYTEORDER`); ipset sets the flag, most big-endian attributes lack it. */
  NetworkByteOrder: 0x4000,
  /** The bits of the type itself (`NLA_TYPE_MASK`). */
  TypeMask: 0x3fff,
} as const;
Object.freeze(AttributeFlags);

/** The size of `struct nlattr` in bytes. @public */
export const ATTRIBUTE_HEADER_SIZE = 4;

/** The maximum payload of an attribute in bytes: the 16-bit length field includes the header. @public */
export const ATTRIBUTE_PAYLOAD_LIMIT: number = 0xffff - ATTRIBUTE_HEADER_SIZE;

/** The maximum depth of nests. @public */
export const NEST_DEPTH_LIMIT = 32;
