import { type Observable, using } from 'rxjs';
import { omitUndefined } from '../../check/index.js';
import { closeClients, networkClients, type NetworkClients } from '../clients.js';
import { FieldError } from '../common/field-error.js';
import type { Netns } from '../common/netns.js';
import { openNetnsOfRequest, type OpenNetns } from '../namespaces/open-netns.js';

/** A client of the namespace of a verb. */
type Here = Pick<NetworkClients, 'link'>;

/** Runs requests in another network namespace, on sockets of their own, with the transport of a client. @internal */
export function inNamespace<T>({ link }: Here, netns: Netns, run: (clients: NetworkClients) => Observable<T>): Observable<T> {
  return using(
    () => {
      const clients = networkClients(omitUndefined({ netns, transport: link.socket.ownTransport }));
      return { clients, unsubscribe: () => closeClients(clients) };
    },
    (resource) => run((resource as unknown as { readonly clients: NetworkClients }).clients),
  );
}

/** Opens a descriptor of a network namespace for requests; of no namespace, runs them without one. @internal */
export function withDescriptor<T>(
  here: Here,
  netns: Netns | undefined,
  run: (descriptor: number | undefined) => Observable<T>,
): Observable<T> {
  if (netns === undefined) return run(undefined);
  return using(
    () => {
      const { descriptor, close } = open(here, netns);
      return { descriptor, unsubscribe: close };
    },
    (resource) => run((resource as unknown as { readonly descriptor: number }).descriptor),
  );
}

/** A fake kernel has namespaces of its own. @throws FieldError */
function open({ link }: Here, netns: Netns): OpenNetns {
  const transport = link.socket.ownTransport;
  if (transport === undefined) return openNetnsOfRequest(netns);
  if (transport.openNamespace === undefined)
    throw new FieldError('netns', 'the transport of the socket has no network namespaces', 'unsupported');
  const handle = transport.openNamespace(netns, () => undefined);
  return { descriptor: handle.descriptor, close: () => handle.close() };
}
