import { map } from 'rxjs';
import { nftables } from '../../../families/nftables.js';
import { readCounters } from '../../../network/internal.js';
import type { FirewallCount } from '../sampled-rows.js';
import type { ReaderOptions, SampledReader } from './reader.js';

/** Reads the counters of nftables, as `net.firewall.counters` does. Needs CAP_NET_ADMIN. @internal */
export function open(options: ReaderOptions): SampledReader<FirewallCount> {
  const client = nftables(options);
  return {
    read: readCounters(client).pipe(
      map((counters) => [...counters].map(([name, { packets, bytes }]): FirewallCount => ({ name, packets, bytes }))),
    ),
    keyOf: ({ name }) => name,
    close: () => client.close(),
  };
}
