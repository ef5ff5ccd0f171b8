import type { GetqdiscReply } from '../../families/tc.js';
import type { TrafficStatistics } from '../../network/index.js';
import { trafficStatistics } from '../../network/internal.js';
import { familiesOf, labelText, type Labelled, type MetricDefinition, type MetricFamily } from '../text/metric-family.js';
import type { Device } from './devices.js';

/** The properties of a qdisc that metrics need. */
export const QDISC_PROPERTIES = ['ifindex', 'parent', 'kind', 'stats', 'stats2'] as const;

/** A qdisc as the kernel lists it. */
export type QdiscRow = Pick<GetqdiscReply, (typeof QDISC_PROPERTIES)[number]>;

type CountedQdisc = TrafficStatistics & Labelled;

/** TC_H_ROOT (uapi/linux/pkt_sched.h). */
const ROOT = 0xffff_ffff;

const DEFINITIONS: readonly MetricDefinition<CountedQdisc>[] = [
  { name: 'node_qdisc_bytes_total', type: 'counter', help: 'Sent bytes.', value: ({ bytes }) => bytes },
  { name: 'node_qdisc_packets_total', type: 'counter', help: 'Sent packets.', value: ({ packets }) => packets },
  { name: 'node_qdisc_drops_total', type: 'counter', help: 'Dropped packets.', value: ({ drops }) => drops },
  {
    name: 'node_qdisc_requeues_total',
    type: 'counter',
    help: 'Packets that the device returned to the qdisc.',
    value: ({ requeues }) => requeues,
  },
  {
    name: 'node_qdisc_overlimits_total',
    type: 'counter',
    help: 'How often a packet had to wait for the rate.',
    value: ({ overlimits }) => overlimits,
  },
  { name: 'node_qdisc_current_queue_length', type: 'gauge', help: 'Packets that wait now.', value: ({ queueLength }) => queueLength },
  { name: 'node_qdisc_backlog', type: 'gauge', help: 'Bytes that wait now.', value: ({ backlog }) => backlog },
];

/** Returns the counters of the root qdisc of each link, with the names of node_exporter's collector `qdisc`. */
export function qdiscCounters(rows: readonly QdiscRow[], devices: ReadonlyMap<number, Device>): readonly MetricFamily[] {
  const counted = rows.flatMap((row): CountedQdisc[] => {
    const device = devices.get(row.ifindex);
    if (device === undefined || row.parent >>> 0 !== ROOT) return [];
    return [{ ...trafficStatistics(row), labels: labelText({ device: device.name, kind: row.kind ?? '' }) }];
  });
  return familiesOf(DEFINITIONS, counted);
}
