// Names that other rooms need and that no entry point exports.

export { checkSelection, selectingProperties } from './request/check-selection.js';
export { requestCheck, suits } from './request/dump-filter.js';
export { rejectedOperations } from './request/transaction.js';
export { encodeSends } from './request/send.js';
export { isSettleRequest, queueBarrier, rtnlSettled } from './request/order.js';
export { familyAdvice } from './advice/family-advice.js';
export { namedError } from './advice/named-error.js';
export { readGenericFamily, type GenericFamily } from './generic-family.js';
