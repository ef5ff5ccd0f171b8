/* The network of a namespace */
export { network, type Network, type NetworkOptions } from './network.js';
export { type NetworkClients } from './clients.js';
export { namespaces, type Namespaces } from './namespaces/namespaces.js';
export { type Namespace, type NamespaceOptions } from './namespaces/namespace.js';

/* Tables */
export {
  type Address,
  type AddressFields,
  type AddressFilter,
  type AddressKey,
  type AddressProtocol,
  type AddressSpec,
  type AddressState,
} from './addresses/address.js';
export {
  type Neighbour,
  type NeighbourFields,
  type NeighbourFilter,
  type NeighbourKey,
  type NeighbourSpec,
  type NeighbourState,
  type NeighbourStateName,
} from './neighbours/neighbour.js';
export {
  type ForwardingEntry,
  type ForwardingFields,
  type ForwardingFilter,
  type ForwardingKey,
  type ForwardingSpec,
  type ForwardingState,
} from './fdb/forwarding-entry.js';

/* Verbs */
export {
  type Difference,
  type Ensured,
  type EnsureOptions,
  type Many,
  type Readers,
  type TableKey,
  type VerbOptions,
  type Where,
  type Writers,
} from './tables/verbs.js';

/* Words and units */
export { type ScopeName } from './names/scopes.js';
export { Row, type Cidr, type Read, type Written } from './common/written.js';
export { parsePercent, parseRate, parseSize, parseTime, type Percent, type Rate, type Size, type Time } from './units/index.js';

/* Errors */
export { NetworkError, isNetworkError, type NetworkErrorOptions, type NetworkReason } from './common/network-error.js';
