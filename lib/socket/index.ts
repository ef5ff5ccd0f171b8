export { netlink } from './netlink.js';
export { NetlinkSocket, type Lease } from './netlink-socket.js';
export { type NetlinkSocketOptions } from './options.js';
export { type RequestOptions, type SyncRequestOptions } from './request/request-options.js';
export { type BatchOptions, type BatchResult } from './session/batch.js';
export { type TransactionMessage, type TransactionOptions } from './session/transaction.js';
export { type SocketCounters, type TraceEvent } from './session/trace.js';
export { type SocketOwner } from './owners/read-owners.js';
export { withOwners, type SocketRow } from './owners/with-owners.js';
export { bpf, type FilterCondition, type MessageFilter } from './filter/bpf.js';
export { type SocketFilter } from './filter/socket-filter.js';
export { type FilterInstruction, type FilterProgram } from './filter/filter.js';
export {
  type Destination,
  type NamespaceHandle,
  type NetworkNamespace,
  type SocketOption,
  type Transport,
  type TransportConnection,
  type BlockingConnection,
  type TransportOptions,
} from './transport/transport.js';
export { decodeSlab, encodeSlab, type DecodedSlab, type SlabDatagram, type SlabStatus } from './transport/slab.js';
export { nativeTransport } from './native/native-transport.js';
