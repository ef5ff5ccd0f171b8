/* A kernel that does as told */
export {
  fakeKernel,
  type DatagramInit,
  type FakeContext,
  type FakeHandler,
  type FakeKernel,
  type FakeKernelOptions,
  type NotifyOptions,
} from './fake-kernel.js';
export type { FakeSocket, Replies, Reply, ReplyBuilder } from './reply.js';
export { UnexpectedRequestError, type Expectation } from './expectations.js';

/* What it replies */
export { ack, done, errorReply, type AckOptions } from './ack.js';
export { multipart } from './multipart.js';
export { notification } from './notification.js';
