import { type Observable, using } from 'rxjs';
import { closeClients, networkClients, type NetworkClients } from '../clients.js';
import type { Netns } from '../common/netns.js';
import { openNetns } from '../namespaces/open-netns.js';

/** Runs requests in another network namespace, on sockets of their own. @internal */
export function inNamespace<T>(netns: Netns, run: (clients: NetworkClients) => Observable<T>): Observable<T> {
  return using(
    () => {
      const clients = networkClients({ netns });
      return { clients, unsubscribe: () => closeClients(clients) };
    },
    (resource) => run((resource as unknown as { readonly clients: NetworkClients }).clients),
  );
}

/** Opens a descriptor of a network namespace for requests; of no namespace, runs them without one. @internal */
export function withDescriptor<T>(netns: Netns | undefined, run: (descriptor: number | undefined) => Observable<T>): Observable<T> {
  if (netns === undefined) return run(undefined);
  return using(
    () => {
      const { descriptor, close } = openNetns(netns);
      return { descriptor, unsubscribe: close };
    },
    (resource) => run((resource as unknown as { readonly descriptor: number }).descriptor),
  );
}
