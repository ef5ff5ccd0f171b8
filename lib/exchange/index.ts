export { Exchange, type ExchangeOptions } from './exchange.js';
export { PendingRequest, Step } from './pending-request.js';
export { type DatagramEntries, type RequestBlock } from './request-block.js';
export { requestCost, requestTraits, usualReplies, type RequestTraits, type SubmitOptions } from './request-traits.js';
export { Trust, isAddressed, isTrusted, trustOf } from './reply-trust.js';
export { answersAfterAck, isDumpRequest } from './protocol-profile.js';
export { isInterrupted } from './is-interrupted.js';
export { kernelErrorOf } from './kernel-error-of.js';
export { SequenceCounter } from './sequence-counter.js';
