import { catchError, forkJoin, map, of, shareReplay, type Observable } from 'rxjs';
import { HeaderFlags } from '../../families/ethtool.js';
import { NfProtocol } from '../../families/nftables.js';
import type { DeviceFilter } from '../device-filter.js';
import type { Collector } from '../scrape/collector.js';
import type { MetricFamily } from '../text/metric-family.js';
import type { Clients } from './clients.js';
import { devicesOf, LINK_PROPERTIES, type Device } from './devices.js';
import { linkCounters } from './link-counters.js';
import { linkModesOf, linkSpeeds, MODE_PROPERTIES, type LinkModes } from './link-modes.js';
import { linkProperties } from './link-properties.js';
import { namedCounters } from './named-counters.js';
import { arpEntries, NEIGHBOUR_PROPERTIES } from './neighbours.js';
import { QDISC_PROPERTIES, qdiscCounters } from './qdiscs.js';
import { readTcpStates } from './tcp-states.js';
import { trackingMetrics } from './tracking.js';

/** Tables that several collectors need. A scrape reads each of them once. */
interface Readings {
  readonly devices: Observable<ReadonlyMap<number, Device>>;
  readonly modes: Observable<ReadonlyMap<number, LinkModes>>;
}

type Read = (clients: Clients, readings: Readings) => Observable<readonly MetricFamily[]>;

const NAMES = ['links', 'ethtool', 'qdiscs', 'neighbours', 'tcp', 'conntrack', 'nftables'] as const;

/** The name of a collector. */
export type CollectorName = (typeof NAMES)[number];

/** The names of all collectors. */
export const COLLECTOR_NAMES: readonly CollectorName[] = NAMES;

/** AF_INET. */
const IPV4 = 2;

const COLLECTORS: Readonly<Record<CollectorName, Read>> = {
  links: (_, { devices, modes }) =>
    // Without ethtool, the duplex mode is unknown. The collector of that name reports the error.
    forkJoin([devices, modes.pipe(catchError(() => of(new Map<number, LinkModes>())))]).pipe(
      map(([found, speeds]) => {
        const all = [...found.values()];
        return [...linkProperties(all, speeds), ...linkCounters(all)];
      }),
    ),
  ethtool: (_, { devices, modes }) => forkJoin([devices, modes]).pipe(map(([found, speeds]) => [linkSpeeds([...found.values()], speeds)])),
  qdiscs: ({ net: { clients } }, { devices }) =>
    forkJoin([devices, clients.tc.list('getqdisc', {}, { pick: QDISC_PROPERTIES })]).pipe(
      map(([found, rows]) => qdiscCounters(rows, found)),
    ),
  neighbours: ({ net: { clients } }, { devices }) =>
    forkJoin([devices, clients.neigh.list('getneigh', { ndmFamily: IPV4 }, { pick: NEIGHBOUR_PROPERTIES })]).pipe(
      map(([found, rows]) => [arpEntries(rows, found)]),
    ),
  tcp: ({ net: { clients } }) => readTcpStates(clients).pipe(map((family) => [family])),
  conntrack: ({ tracking }) =>
    forkJoin([tracking.do('get-stats-global'), tracking.list('get-stats')]).pipe(map(([table, rows]) => trackingMetrics(table, rows))),
  nftables: ({ net: { clients } }) =>
    clients.nftables.list('getobj', { nfgenFamily: NfProtocol.Unspec, type: 'counter' }).pipe(map(namedCounters)),
};

/** Returns the collectors for one scrape. */
export function collectorsFor(clients: Clients, names: readonly CollectorName[], isWanted: DeviceFilter): readonly Collector[] {
  const { link } = clients.net.clients;
  const devices = link.list('getlink', {}, { pick: LINK_PROPERTIES }).pipe(map((rows) => devicesOf(rows, isWanted)));
  const modes = clients.ethtool
    .list('linkmodes-get', { header: { flags: HeaderFlags.CompactBitsets } }, { pick: MODE_PROPERTIES })
    .pipe(map(linkModesOf));
  const readings: Readings = {
    devices: devices.pipe(shareReplay({ bufferSize: 1, refCount: true })),
    modes: names.includes('ethtool') ? modes.pipe(shareReplay({ bufferSize: 1, refCount: true })) : of(new Map<number, LinkModes>()),
  };
  return names.map((name) => ({ name, read: COLLECTORS[name](clients, readings) }));
}
