import type { FamilyOptions } from '../client/index.js';
import type { Address, AddressFilter, AddressKey, AddressSpec } from './addresses/address.js';
import { addressModel } from './addresses/address-model.js';
import { networkClients, type NetworkClients } from './clients.js';
import { Names } from './names/names.js';
import type { Readers, Writers } from './tables/verbs.js';
import { WritableTable } from './tables/writable-table.js';

/** The network of one namespace: its tables, in words. @public */
export interface Network extends Disposable {
  /** The IP addresses of links. */
  readonly addresses: Readers<Address, AddressKey, AddressFilter> & Writers<Address, AddressSpec, AddressKey>;
  /** The typed clients beneath. */
  readonly clients: NetworkClients;
  /** Closes the sockets. */
  close(): void;
}

/**
 * Opens the network of one namespace. No socket is opened before the first subscription.
 *
 * @public
 */
export function network(options: FamilyOptions = {}): Network {
  const clients = networkClients(options);
  const names = new Names(clients.link);
  const close = (): void => clients.link.close();
  return {
    addresses: new WritableTable<Address, AddressSpec, AddressKey, AddressFilter>(addressModel(clients), names),
    clients,
    close,
    [Symbol.dispose]: close,
  };
}
