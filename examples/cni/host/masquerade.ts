import { ignoreElements, retry, throwError, timer, type Observable } from 'rxjs';
import { isNetworkError, type Network, type NetworkDocument } from 'rxnetlink/network';
import type { Configuration } from '../input/configuration.js';

/** Returns the firewall of a network: packets that leave its subnet get the address of the link by which they leave the host. */
export function masqueradeDocument({ name, pool: { subnet } }: Configuration): NetworkDocument {
  const rule = {
    comment: `network ${name}`,
    when: [{ 'ip.saddr': subnet }, { 'ip.daddr': { not: subnet } }, { 'ip.daddr': { not: '224.0.0.0/4' } }],
    then: 'masquerade',
  } as const;
  const chain = { name: 'postrouting', type: 'nat', hook: 'postrouting', priority: 'srcnat', rules: [rule] } as const;
  return { version: 1, firewall: { tables: [{ family: 'ip', name: `cni-${name}`, chains: [chain] }] } };
}

/** Writes the table of the network, unless it is there. It belongs to the network, as the bridge does, and stays after `DEL`. */
export function ensureMasquerade(host: Network, configuration: Configuration): Observable<never> {
  return host.apply(masqueradeDocument(configuration)).pipe(
    // Another program, also another ADD, has written the firewall at the same time.
    retry({
      count: 10,
      delay: (error: unknown) =>
        isNetworkError(error) && (error.reason === 'conflict' || error.reason === 'stale')
          ? timer(20 + Math.random() * 80)
          : throwError(() => error),
    }),
    ignoreElements(),
  );
}
