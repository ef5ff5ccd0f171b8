export { netlink } from './netlink.js';
export { NetlinkSocket, type Lease } from './netlink-socket.js';
export { type NetlinkSocketOptions } from './options.js';
export { type RequestOptions, type SyncRequestOptions } from './request-options.js';
export { type BatchResult } from './batch.js';
export { type TransactionMessage, type TransactionOptions } from './transaction.js';
export { type SocketCounters, type TraceEvent } from './trace.js';
export { bpf, type FilterCondition, type MessageFilter } from './bpf.js';
export { type SocketFilter } from './setup.js';
export { type FilterInstruction, type FilterProgram } from './filter.js';
export {
  type Destination,
  type MessageDescriber,
  type MessageDescription,
  type NamespaceHandle,
  type NetworkNamespace,
  type SocketOption,
  type Transport,
  type TransportConnection,
  type BlockingConnection,
  type TransportOptions,
} from './transport.js';
export { encodeSlab, type SlabDatagram, type SlabStatus } from './slab.js';
export { nativeTransport } from './native-transport.js';
