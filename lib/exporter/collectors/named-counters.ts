import type { GetobjReply } from '../../families/nftables.js';
import { familyOf } from '../../network/internal.js';
import { familiesOf, labelText, type Labelled, type MetricDefinition, type MetricFamily } from '../text/metric-family.js';

interface NamedCounter extends Labelled {
  readonly packets: bigint;
  readonly bytes: bigint;
}

const DEFINITIONS: readonly MetricDefinition<NamedCounter>[] = [
  {
    name: 'rxnetlink_nftables_packets_total',
    type: 'counter',
    help: 'The packets of a counter of nftables that has a name.',
    value: ({ packets }) => packets,
  },
  {
    name: 'rxnetlink_nftables_bytes_total',
    type: 'counter',
    help: 'The bytes of a counter of nftables that has a name.',
    value: ({ bytes }) => bytes,
  },
];

/** Returns the counters of nftables that have a name. Those of rules have no name that stays. */
export function namedCounters(objects: readonly GetobjReply[]): readonly MetricFamily[] {
  const counters = objects.flatMap(({ nfgenFamily, table = '', name = '', type, data }): NamedCounter[] => {
    if (type !== 'counter') return [];
    const labels = labelText({ family: familyOf(nfgenFamily) ?? String(nfgenFamily), table, name });
    return [{ labels, packets: data?.packets ?? 0n, bytes: data?.bytes ?? 0n }];
  });
  return familiesOf(DEFINITIONS, counters);
}
