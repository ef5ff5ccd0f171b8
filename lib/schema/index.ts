/* Descriptors, the types of a family, unknown attributes */
export * from './v1.js';

/* Codecs */
export { OperationCodec, operationCodec, type BackEndKind, type OperationMode } from './operation-codec.js';

/* Values */
export { Indexes, type WithIndexes } from './value/indexes.js';
export { unknownAttributes, type LocatedAttribute } from './value/unknown-attributes.js';
export { stringify, type StringifyOptions } from './value/stringify.js';
export { encodeValue, type EncodeValueOptions } from './value/encode-value.js';
export { decodeValue } from './value/decode-value.js';
export { AddressFamily } from './codec/address/address-family.js';

/* Operations */
export { isRead } from './explain/is-read.js';

/* Names of attributes */
export { attributePathAt, describeAttributes, missingAttributePath, secretRanges } from './explain/attribute-path.js';
export { type WalkedAttribute } from './codec/walker.js';
