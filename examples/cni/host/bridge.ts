import { concat, defer, ignoreElements, mergeMap, type Observable } from 'rxjs';
import type { Network } from 'rxnetlink/network';
import type { Configuration } from '../input/configuration.js';
import { bridgeMac } from './names.js';

/** Makes the bridge, with the gateway's address if it is the gateway. Another ADD may do the same at the same time. */
export function ensureBridge(host: Network, { bridge: name, mtu, isGateway, pool }: Configuration): Observable<never> {
  const fresh = { mac: bridgeMac(name), ...(mtu === undefined ? {} : { mtu }) };
  const bridge = host.links.find(name).pipe(
    // A bridge that exists keeps its MAC address and its MTU: it may be that of an administrator.
    mergeMap((found) => host.links.ensure({ name, kind: 'bridge', up: true, ...(found === undefined ? fresh : {}) })),
    ignoreElements(),
  );
  if (!isGateway) return bridge;
  const address = host.addresses
    .ensure({ link: name, address: `${pool.gateway}/${pool.prefix}`, broadcast: pool.broadcast })
    .pipe(ignoreElements());
  return concat(bridge, address, enableForwarding(host, name));
}

/** Lets the bridge and the links of default routes forward packets, the former to the network and the latter the replies. */
function enableForwarding(host: Network, bridge: string): Observable<never> {
  return defer(() => host.routes.list({ to: 'default', family: 4, table: 'main' })).pipe(
    mergeMap((routes) => {
      const uplinks = routes
        .flatMap(({ link, hops }) => [link, ...(hops ?? []).map((hop) => hop.link)])
        .filter((link) => link !== undefined);
      const links = [...new Set([bridge, ...uplinks])];
      return concat(...links.map((link) => host.links.change(link, { ipv4: { forwarding: true } })));
    }),
    ignoreElements(),
  );
}
