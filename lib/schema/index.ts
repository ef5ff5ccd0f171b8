/* Descriptors */
export type * from './descriptor.js';
export type * from './family-types.js';

/* Codecs */
export { OperationCodec, operationCodec, type BackEndKind, type OperationMode } from './operation-codec.js';

/* What values are made of */
export { Unknown, type UnknownAttribute, type WithUnknown } from './unknown.js';
export { Indexes, type WithIndexes } from './indexes.js';
export { unknownAttributes, type LocatedAttribute } from './unknown-attributes.js';
export { stringify, type StringifyOptions } from './stringify.js';
export { concealBytes, isConcealed, isSecret, secretText } from './secret.js';
export { AddressFamily } from './decode-primitives.js';

/* Names for bytes */
export { propertyAt, requestObject } from './request-object.js';
export { attributePathAt, describeAttributes, missingAttributePath, secretRanges } from './attribute-path.js';
export { type WalkedAttribute } from './walk.js';
export { suggestion } from './suggestion.js';
