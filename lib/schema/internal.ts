// Names that other rooms need and that no entry point exports.

export { decodeParsed } from './value/decode-value.js';
export { concealBytes, isConcealed, isSecret, secretText } from './value/secret.js';
export { modeOf, modeOfMessage, shapeOf } from './descriptor/message-shape.js';
export { messageCheck } from './decode/header-field.js';
export { operationNumber, operationsOf, type NumberedMessage } from './explain/operations-of.js';
export { requestLayout } from './explain/request-layout.js';
export { ofIdentifiedFamilies, requestedOperations } from './explain/requested-operations.js';
export { propertyAt, requestObject } from './explain/request-object.js';
export { KINDS, findKind, hasValue } from './kinds/table.js';
export { isAddressText } from './kinds/binary/address.js';
export type { Direction, SpecificationField, TypeTexts } from './codec/kind.js';
