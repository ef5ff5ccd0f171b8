import type { LinkmodesGetReply } from '../../families/ethtool.js';
import type { MetricFamily } from '../text/metric-family.js';
import type { Device } from './devices.js';

/** The properties of a row of `linkmodes-get` that metrics need. */
export const MODE_PROPERTIES = ['header', 'speed', 'duplex'] as const;

/** The speed and the duplex mode of a link. */
export interface LinkModes {
  /** In Mbit/s; absent if it is unknown. */
  readonly speed?: number;
  readonly duplex: string;
}

/** SPEED_UNKNOWN (uapi/linux/ethtool.h). */
const UNKNOWN_SPEED = 0xffff_ffff;
/** DUPLEX_HALF and DUPLEX_FULL; all others are unknown. */
const DUPLEX = ['half', 'full'] as const;
/** The bytes a second of one Mbit/s. */
const BYTES = 125_000;

/** Returns the modes of links by index. */
export function linkModesOf(rows: readonly Pick<LinkmodesGetReply, (typeof MODE_PROPERTIES)[number]>[]): ReadonlyMap<number, LinkModes> {
  return new Map(
    rows.map(({ header, speed = UNKNOWN_SPEED, duplex = UNKNOWN_SPEED }): [number, LinkModes] => [
      header?.devIndex ?? 0,
      { ...(speed !== UNKNOWN_SPEED && { speed }), duplex: DUPLEX[duplex] ?? 'unknown' },
    ]),
  );
}

/** Returns the speed of links, with the name that node_exporter has for it. */
export function linkSpeeds(devices: readonly Device[], modes: ReadonlyMap<number, LinkModes>): MetricFamily {
  return {
    name: 'node_network_speed_bytes',
    type: 'gauge',
    help: 'The speed of the link in bytes a second.',
    samples: devices.flatMap(({ labels, row }) => {
      const speed = modes.get(row.ifiIndex)?.speed;
      return speed === undefined ? [] : [[labels, speed * BYTES] as const];
    }),
  };
}
