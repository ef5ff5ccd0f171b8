// Names that other rooms need and that no entry point exports.

export { findAddon } from './native/find-addon.js';
export { loadAddon, type NativeAddon, type SystemFailure } from './native/load-addon.js';
export { openNamespaceFile } from './native/native-namespace.js';
export { operationName } from './session/operation-name.js';
export { checkBatchOptions } from './session/batch.js';
export { rejectedPositions } from './session/transaction.js';
export { untilAborted } from './session/abort.js';
export type { RequestOutcome } from './session/request-observer.js';
export { checkRequestOptions, checkRequestValues } from './session/request-options.js';
export { Queue } from './queue.js';
export { type MessageDescriber, type MessageDescription, type TunDevice } from './transport/transport.js';
