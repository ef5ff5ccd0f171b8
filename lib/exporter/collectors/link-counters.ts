import type { RtnlLinkStats64 } from '../../families/rt-link.js';
import { familiesOf, type Labelled, type MetricDefinition, type MetricFamily } from '../text/metric-family.js';
import type { Device } from './devices.js';

interface CountedDevice extends Labelled {
  readonly counters: RtnlLinkStats64;
}

const counter = (name: string, help: string, value: (counters: RtnlLinkStats64) => bigint): MetricDefinition<CountedDevice> => ({
  name: `node_network_${name}_total`,
  type: 'counter',
  help,
  value: ({ counters }) => value(counters),
});

/** The counters of /proc/net/dev, each the sum of the same counters of the kernel as there (`dev_seq_printf_stats`), and one more. */
const DEFINITIONS: readonly MetricDefinition<CountedDevice>[] = [
  counter('receive_bytes', 'Received bytes.', ({ rxBytes }) => rxBytes),
  counter('receive_packets', 'Received packets.', ({ rxPackets }) => rxPackets),
  counter('receive_errs', 'Received packets with an error.', ({ rxErrors }) => rxErrors),
  counter(
    'receive_drop',
    'Received packets that were dropped, and those that the device had no memory for.',
    ({ rxDropped, rxMissedErrors }) => rxDropped + rxMissedErrors,
  ),
  counter('receive_fifo', 'Received packets that were lost in a full queue of the device.', ({ rxFifoErrors }) => rxFifoErrors),
  counter(
    'receive_frame',
    'Received packets with a wrong length, a wrong checksum or a wrong alignment.',
    ({ rxLengthErrors, rxOverErrors, rxCrcErrors, rxFrameErrors }) => rxLengthErrors + rxOverErrors + rxCrcErrors + rxFrameErrors,
  ),
  counter('receive_compressed', 'Received packets that were compressed.', ({ rxCompressed }) => rxCompressed),
  counter('receive_multicast', 'Received multicast packets.', ({ multicast }) => multicast),
  counter('receive_nohandler', 'Received packets of a protocol that the kernel does not handle.', ({ rxNohandler }) => rxNohandler),
  counter('transmit_bytes', 'Sent bytes.', ({ txBytes }) => txBytes),
  counter('transmit_packets', 'Sent packets.', ({ txPackets }) => txPackets),
  counter('transmit_errs', 'Packets that could not be sent because of an error.', ({ txErrors }) => txErrors),
  counter('transmit_drop', 'Packets that were dropped instead of sent.', ({ txDropped }) => txDropped),
  counter('transmit_fifo', 'Packets that were lost in a full queue of the device instead of sent.', ({ txFifoErrors }) => txFifoErrors),
  counter('transmit_colls', 'Collisions.', ({ collisions }) => collisions),
  counter(
    'transmit_carrier',
    'Packets that could not be sent because of the carrier, a collision or a missing heartbeat.',
    ({ txCarrierErrors, txAbortedErrors, txWindowErrors, txHeartbeatErrors }) =>
      txCarrierErrors + txAbortedErrors + txWindowErrors + txHeartbeatErrors,
  ),
  counter('transmit_compressed', 'Sent packets that were compressed.', ({ txCompressed }) => txCompressed),
];

/** Returns the counters of links, with the names and the values of node_exporter's collector `netdev`. */
export function linkCounters(devices: readonly Device[]): readonly MetricFamily[] {
  const counted = devices.flatMap(({ labels, row: { stats64 } }) => (stats64 === undefined ? [] : [{ labels, counters: stats64 }]));
  return familiesOf(DEFINITIONS, counted);
}
