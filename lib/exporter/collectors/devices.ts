import type { GetlinkReply } from '../../families/rt-link.js';
import type { DeviceFilter } from '../device-filter.js';
import { labelText, type Labelled } from '../text/metric-family.js';

/** The properties of a link that metrics need. The decoder skips all others. */
export const LINK_PROPERTIES = [
  'address',
  'allmulti',
  'broadcast',
  'carrier',
  'carrierChanges',
  'carrierDownCount',
  'carrierUpCount',
  'group',
  'ifalias',
  'ifiFlags',
  'ifiIndex',
  'ifiType',
  'ifname',
  'link',
  'linkmode',
  'mtu',
  'operstate',
  'promiscuity',
  'stats64',
  'txqlen',
] as const;

/** A link as the kernel lists it. */
export type LinkRow = Pick<GetlinkReply, (typeof LINK_PROPERTIES)[number]>;

/** A link whose metrics are wanted. */
export interface Device extends Labelled {
  /** Unique in a reading. */
  readonly name: string;
  readonly row: LinkRow;
}

/**
 * Returns the wanted links by index.
 *
 * A name of the kernel is bytes. Names that are not UTF-8 can become the same text: the second one gets its index in addition, after a blank, which no name has.
 */
export function devicesOf(rows: readonly LinkRow[], isWanted: DeviceFilter): ReadonlyMap<number, Device> {
  const names = new Set<string>();
  const devices = new Map<number, Device>();
  for (const row of rows) {
    const { ifiIndex, ifname = '' } = row;
    const name = names.has(ifname) ? `${ifname} (index ${String(ifiIndex)})` : ifname;
    names.add(name);
    if (isWanted(ifname)) devices.set(ifiIndex, { name, row, labels: labelText({ device: name }) });
  }
  return devices;
}
