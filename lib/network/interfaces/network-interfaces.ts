import { EMPTY, type Observable, concatMap, distinctUntilChanged, forkJoin, map, using } from 'rxjs';
import { sameValue } from '../../live/internal.js';
import type { NetworkClients } from '../clients.js';
import { network, type NetworkOptions } from '../network.js';
import { interfacesOf, type NetworkInterfaces } from './interface-rows.js';

/** RTEXT_FILTER_SKIP_STATS (uapi/linux/rtnetlink.h). */
const SKIP_STATS = 8;

/**
 * Emits the network interfaces in the form of Node's `os.networkInterfaces()`: at once, and after each change.
 *
 * The names, the values and their order are those that Node.js would return in the network namespace. Several changes in one turn
 * of the event loop are one emission; a change that Node.js does not show is none. The socket is closed with the subscription.
 *
 * @param options - The options of `network()`.
 * @example The addresses of a host, as they change
 * ```ts
 * networkInterfaces().subscribe((interfaces) => console.log(Object.keys(interfaces)));
 * ```
 * @public
 */
export function networkInterfaces(options: NetworkOptions = {}): Observable<NetworkInterfaces> {
  return using(
    () => {
      const net = network(options);
      return { net, unsubscribe: () => net.close() };
    },
    (resource) => {
      const { net } = resource as unknown as { readonly net: ReturnType<typeof network> };
      return watchInterfaces(net.clients, net.view({ links: true, addresses: true }));
    },
  );
}

/**
 * Reads the interfaces at each change, in the kernel's order, which events do not have.
 *
 * @param changes - Emits at once, and when a link or an address has changed.
 */
function watchInterfaces(clients: Pick<NetworkClients, 'link' | 'addr'>, changes: Observable<unknown>): Observable<NetworkInterfaces> {
  let latest = 0;
  return changes.pipe(
    map(() => ++latest),
    // Changes during a reading cause one other reading.
    concatMap((version): Observable<NetworkInterfaces> => (version < latest ? EMPTY : read(clients))),
    distinctUntilChanged<NetworkInterfaces>(sameValue),
  );
}

function read({ link, addr }: Pick<NetworkClients, 'link' | 'addr'>): Observable<NetworkInterfaces> {
  return forkJoin([
    link.list('getlink', { extMask: SKIP_STATS }, { pick: ['ifiIndex', 'ifiFlags', 'ifname', 'address'] }),
    addr.list('getaddr', {}, { pick: ['ifaFamily', 'ifaPrefixlen', 'ifaIndex', 'address', 'local', 'label'] }),
  ]).pipe(map(([links, addresses]) => interfacesOf(links, addresses)));
}
