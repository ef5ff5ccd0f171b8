/** The two high bits of an attribute's type field, and the mask of what is left (`NLA_F_*`, `NLA_TYPE_MASK`). @public */
export const AttributeFlags = {
  /** The payload is attributes (`NLA_F_NESTED`); older families leave it off their nests. */
  Nested: 0x8000,
  /** Integers in the payload are big-endian (`NLA_F_NET_BYTEORDER`); ipset sets it, most big-endian attributes go without. */
  NetworkByteOrder: 0x4000,
  /** The bits of the type itself (`NLA_TYPE_MASK`). */
  TypeMask: 0x3fff,
} as const;
Object.freeze(AttributeFlags);

/** Size of `struct nlattr` in bytes. @public */
export const ATTRIBUTE_HEADER_SIZE = 4;

/** The longest payload of an attribute: its length field has 16 bits and counts the header too. @public */
export const ATTRIBUTE_PAYLOAD_LIMIT: number = 0xffff - ATTRIBUTE_HEADER_SIZE;

/** How deep nests may lie in one another. @public */
export const NEST_DEPTH_LIMIT = 32;
