/* Fake kernel */
export { fakeKernel } from './fake-kernel/fake-kernel.js';
export type { FakeContext, FakeHandler, FakeKernel, FakeKernelOptions, NotifyOptions } from './fake-kernel/fake-kernel-interface.js';
export type { FakeSocket, Replies, Reply, ReplyBuilder } from './reply/reply.js';
export { UnexpectedRequestError, type Expectation } from './fake-kernel/expectations.js';

/* Fake network */
export { fakeNetwork, type FakeNetwork, type FakeNetworkOptions } from './network/fake-network.js';
export type { FakeNetworkTable } from './network/operations.js';

/* Captures */
export type { Capture, CaptureByteOrder, CapturedDatagram } from './capture/capture.js';
export { readCapture, writeCapture } from './capture/capture-file.js';
export { decodePcap, encodePcap } from './capture/pcap.js';
export { decodeFixture, encodeFixture } from './capture/hex-fixture.js';
export { record, type RecordOptions } from './capture/record.js';
export { replay, type ReplayOptions } from './capture/replay.js';
export { replayKernel, type ReplayKernelOptions } from './capture/replay-kernel.js';
export { notificationGroup } from './capture/notification-group.js';

/* Marbles */
export {
  NetlinkTestScheduler,
  netlinkTestScheduler,
  type AssertEqual,
  type ColdObservable,
  type DatagramMarbles,
  type HotObservable,
  type MessageMarbles,
  type NetlinkRunHelpers,
} from './marble/netlink-test-scheduler.js';
export type { DatagramInit, DatagramWithOrigin } from './reply/datagram-init.js';
export { printValue } from './marble/print-value.js';

/* Typed families */
export {
  FakeFamily,
  fakeFamily,
  type Draft,
  type FamilyHandlers,
  type AnyFakeFamily,
  type TypedReplies,
  type TypedRequest,
} from './family/fake-family.js';
export { fakeFamilies } from './family/fake-families.js';

/* Replies */
export { ack, done, errorReply, type AckOptions } from './reply/ack.js';
export { multipart } from './reply/multipart.js';
export { notification } from './reply/notification.js';
