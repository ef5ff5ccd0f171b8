import { NudState, type GetneighReply } from '../../families/rt-neigh.js';
import type { MetricFamily } from '../text/metric-family.js';
import type { Device } from './devices.js';

/** The properties of a neighbour that the metric needs. */
export const NEIGHBOUR_PROPERTIES = ['ndmIfindex', 'ndmState'] as const;

/** A neighbour as the kernel lists it. */
export type NeighbourRow = Pick<GetneighReply, (typeof NEIGHBOUR_PROPERTIES)[number]>;

/** Returns the number of ARP entries of each link that has some, as node_exporter counts them: without those that need no ARP, and without proxies. */
export function arpEntries(rows: readonly NeighbourRow[], devices: ReadonlyMap<number, Device>): MetricFamily {
  const counts = new Map<number, number>();
  for (const { ndmIfindex, ndmState } of rows)
    if ((ndmState & NudState.Noarp) === 0) counts.set(ndmIfindex, (counts.get(ndmIfindex) ?? 0) + 1);
  return {
    name: 'node_arp_entries',
    type: 'gauge',
    help: 'The number of ARP entries of the link.',
    samples: [...counts].flatMap(([index, count]) => {
      const device = devices.get(index);
      return device === undefined ? [] : [[device.labels, count] as const];
    }),
  };
}
