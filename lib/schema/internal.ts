// Names that other rooms need and that no entry point exports.

export { concealBytes, isConcealed, isSecret, secretText } from './value/secret.js';
export { propertyAt, requestObject } from './explain/request-object.js';
