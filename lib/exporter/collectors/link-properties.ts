import type { IfLinkMode } from '../../families/rt-link.js';
import { familiesOf, labelText, type MetricDefinition, type MetricFamily } from '../text/metric-family.js';
import type { Device, LinkRow } from './devices.js';
import type { LinkModes } from './link-modes.js';

/** Flags of a link (uapi/linux/if.h). */
const UP = 0x1;
const RUNNING = 0x40;
const PROMISCUOUS = 0x100;
const ALL_MULTICAST = 0x200;
const LOWER_UP = 0x1_0000;
const DORMANT = 0x2_0000;

/** The flags that netlink adds or computes (`dev_get_flags`): those of sysfs, which node_exporter reads, are the flags in the kernel's object. */
const COMPUTED = RUNNING | PROMISCUOUS | ALL_MULTICAST | LOWER_UP | DORMANT;

/** The numbers of the link modes (`IF_LINK_MODE_*`). */
const LINK_MODES: Readonly<Record<string, number>> = { default: 0, dormant: 1, testing: 2 };

type Value = (row: LinkRow) => number | undefined;

const property = (type: 'counter' | 'gauge', name: string, help: string, value: Value): MetricDefinition<Device> => ({
  name: `node_network_${name}`,
  type,
  help,
  value: ({ row }) => value(row),
});
const gauge = (name: string, help: string, value: Value) => property('gauge', name, help, value);
const counter = (name: string, help: string, value: Value) => property('counter', name, help, value);

const DEFINITIONS: readonly MetricDefinition<Device>[] = [
  gauge('up', '1 if the operational state of the link is up, otherwise 0.', ({ operstate }) => Number(operstate === 'up')),
  gauge('carrier', '1 if the link has a carrier, otherwise 0.', ({ carrier }) => carrier),
  counter('carrier_changes_total', 'How often the carrier of the link appeared or was lost.', ({ carrierChanges }) => carrierChanges),
  counter('carrier_up_changes_total', 'How often the carrier of the link appeared.', ({ carrierUpCount }) => carrierUpCount),
  counter('carrier_down_changes_total', 'How often the carrier of the link was lost.', ({ carrierDownCount }) => carrierDownCount),
  gauge('dormant', '1 if the link waits for an external event, otherwise 0.', ({ ifiFlags }) => Number((ifiFlags & DORMANT) !== 0)),
  gauge('flags', 'The flags of the link (IFF_*) as a number.', flagsOf),
  gauge('iface_id', 'The index of the link.', ({ ifiIndex }) => ifiIndex),
  gauge('iface_link', 'The index of the link below this one, its own index if there is none.', ({ link, ifiIndex }) => link ?? ifiIndex),
  gauge('iface_link_mode', 'How the state follows the carrier: 0 default, 1 dormant, 2 testing.', ({ linkmode }) => numberOf(linkmode)),
  gauge('mtu_bytes', 'The maximum size of a packet.', ({ mtu }) => mtu),
  gauge('net_dev_group', 'The number of the group of the link.', ({ group }) => group),
  gauge('transmit_queue_length', 'The maximum number of packets in the transmit queue.', ({ txqlen }) => txqlen),
  gauge('protocol_type', 'The type of the hardware address (ARPHRD_*).', ({ ifiType }) => ifiType),
];

/** Returns the metrics of the properties of links, with the names and the values of node_exporter's collector `netclass`. */
export function linkProperties(devices: readonly Device[], modes: ReadonlyMap<number, LinkModes>): readonly MetricFamily[] {
  return [
    {
      name: 'node_network_info',
      type: 'gauge',
      help: 'The properties of the link that are texts. The value is always 1.',
      samples: devices.map((device) => [labelText(textsOf(device, modes.get(device.row.ifiIndex))), 1]),
    },
    ...familiesOf(DEFINITIONS, devices),
  ];
}

function textsOf({ name, row }: Device, modes: LinkModes | undefined): Readonly<Record<string, string>> {
  const { address = '', broadcast = '', ifalias = '', ifiFlags, operstate = 'unknown' } = row;
  const adminstate = (ifiFlags & UP) === 0 ? 'down' : 'up';
  return { device: name, address, adminstate, broadcast, duplex: modes?.duplex ?? '', ifalias, operstate: String(operstate) };
}

/** Bits of a 32-bit number, without the sign that JavaScript's operators give them. */
function flagsOf({ ifiFlags, promiscuity = 0, allmulti = 0 }: LinkRow): number {
  const counted = (promiscuity > 0 ? PROMISCUOUS : 0) | (allmulti > 0 ? ALL_MULTICAST : 0);
  return ((ifiFlags & ~COMPUTED) | counted) >>> 0;
}

function numberOf(mode: IfLinkMode | undefined): number | undefined {
  return typeof mode === 'string' ? LINK_MODES[mode] : mode;
}
