// Names that other rooms need and that no entry point exports.

export { findAddon } from './native/find-addon.js';
export { loadAddon, type NativeAddon, type SystemFailure } from './native/load-addon.js';
export { openNamespaceFile } from './native/native-namespace.js';
export { operationName } from './request/operation-name.js';
export { checkBatchOptions } from './session/batch.js';
export { rejectedPositions } from './session/transaction.js';
export { untilAborted } from './request/abort.js';
export type { RequestOutcome } from './request/request-observer.js';
export { checkRequestOptions, checkRequestValues } from './request/request-options.js';
export { Queue } from './queue.js';
export { type MessageDescriber, type MessageDescription, type TunDevice } from './transport/transport.js';
