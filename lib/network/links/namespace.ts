import { closeSync, openSync } from 'node:fs';
import { type Observable, using } from 'rxjs';
import { closeClients, networkClients, type NetworkClients } from '../clients.js';
import { FieldError } from '../common/field-error.js';
import type { Netns } from '../common/netns.js';

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
  if (typeof netns === 'object' && 'fd' in netns) return run(netns.fd);
  return using(
    () => {
      const descriptor = open(
        typeof netns === 'object' ? `/proc/${netns.pid}/ns/net` : netns.includes('/') ? netns : `/run/netns/${netns}`,
      );
      return { descriptor, unsubscribe: () => closeSync(descriptor) };
    },
    (resource) => run((resource as unknown as { readonly descriptor: number }).descriptor),
  );
}

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw new FieldError('netns', `${path} is not a network namespace: ${(error as Error).message}`, 'missing');
  }
}
