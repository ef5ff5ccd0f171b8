/* Descriptors */
export type * from './descriptor/descriptor.js';
export type * from './descriptor/family-types.js';

/* Codecs */
export { OperationCodec, operationCodec, type BackEndKind, type OperationMode } from './operation-codec.js';

/* What values are made of */
export { Unknown, type UnknownAttribute, type WithUnknown } from './value/unknown.js';
export { Indexes, type WithIndexes } from './value/indexes.js';
export { unknownAttributes, type LocatedAttribute } from './value/unknown-attributes.js';
export { stringify, type StringifyOptions } from './value/stringify.js';
export { concealBytes, isConcealed, isSecret, secretText } from './value/secret.js';
export { AddressFamily } from './decode/decode-primitives.js';

/* Names for bytes */
export { propertyAt, requestObject } from './explain/request-object.js';
export { attributePathAt, describeAttributes, missingAttributePath, secretRanges } from './explain/attribute-path.js';
export { type WalkedAttribute } from './explain/walk.js';
export { suggestion } from '../check/suggestion.js';
