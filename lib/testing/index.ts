/* A kernel that does as told */
export {
  fakeKernel,
  type FakeContext,
  type FakeHandler,
  type FakeKernel,
  type FakeKernelOptions,
  type NotifyOptions,
} from './fake-kernel.js';
export type { FakeSocket, Replies, Reply, ReplyBuilder } from './reply.js';
export { UnexpectedRequestError, type Expectation } from './expectations.js';

/* Captures */
export type { CaptureByteOrder } from './capture-order.js';
export { readCapture, writeCapture, type Capture, type CapturedDatagram } from './capture.js';
export { decodePcap, encodePcap } from './pcap.js';
export { decodeFixture, encodeFixture } from './hex-fixture.js';
export { record, type RecordOptions } from './record.js';
export { replay, type ReplayOptions } from './replay.js';
export { replayKernel, type ReplayKernelOptions } from './replay-kernel.js';
export { notificationGroup } from './notification-group.js';

/* Marbles */
export {
  NetlinkTestScheduler,
  netlinkTestScheduler,
  type AssertEqual,
  type DatagramMarbles,
  type MessageMarbles,
  type NetlinkRunHelpers,
} from './netlink-test-scheduler.js';
export type { DatagramInit, DatagramWithOrigin } from './datagram-init.js';
export { printValue } from './print-value.js';

/* Typed families */
export {
  FakeFamily,
  fakeFamily,
  type Draft,
  type FamilyHandlers,
  type PlayedFamily,
  type TypedReplies,
  type TypedRequest,
} from './fake-family.js';
export { fakeFamilies } from './fake-families.js';

/* What it replies */
export { ack, done, errorReply, type AckOptions } from './ack.js';
export { multipart } from './multipart.js';
export { notification } from './notification.js';
