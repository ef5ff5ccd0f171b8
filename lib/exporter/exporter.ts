import { concatMap, defer, finalize, map, merge, Subject, tap, type Observable } from 'rxjs';
import type { NetworkOptions } from '../network/index.js';
import { openClients, socketCounters } from './collectors/clients.js';
import { collectorsFor, type CollectorName } from './collectors/collectors.js';
import { deviceFilter, type DevicePatterns } from './device-filter.js';
import type { Place } from './http/listen.js';
import { serveMetrics } from './http/serve-metrics.js';
import type { Outcome } from './scrape/collector.js';
import { outcomeMetrics } from './scrape/outcome-metrics.js';
import { runCollectors } from './scrape/run-collectors.js';
import { labelText, type MetricFamily } from './text/metric-family.js';
import { metricsText } from './text/metrics-text.js';

/** The options of an exporter. */
export interface ExporterOptions extends Place {
  readonly network: NetworkOptions;
  readonly devices: DevicePatterns;
  readonly collectors: readonly CollectorName[];
  /** The time in milliseconds after which a collector has failed. */
  readonly timeout: number;
  /** The version of this package. */
  readonly version: string;
}

/** An event of an exporter. */
export type ExporterEvent =
  | { readonly kind: 'listening'; readonly address: string }
  /** A collector has failed, for another reason than before. */
  | { readonly kind: 'failed'; readonly collector: string; readonly reason: string }
  | { readonly kind: 'recovered'; readonly collector: string };

/**
 * Serves metrics of a network namespace until it is unsubscribed from. Each scrape reads the kernel; nothing is read between scrapes.
 *
 * @throws TypeError if a pattern of devices is not valid; NetworkError if the namespace cannot be entered; Error if the address is not free.
 */
export function exporter({ network, devices, collectors, timeout, version, ...place }: ExporterOptions): Observable<ExporterEvent> {
  return defer(() => {
    const isWanted = deviceFilter(devices);
    const clients = openClients(network);
    const metricsOf = outcomeMetrics();
    const changes = new Subject<ExporterEvent>();
    const eventsOf = outcomeEvents();
    const metrics = defer(() => runCollectors(collectorsFor(clients, collectors, isWanted), timeout)).pipe(
      tap((outcomes) => {
        for (const event of eventsOf(outcomes)) changes.next(event);
      }),
      map((outcomes) =>
        metricsText([
          ...outcomes.flatMap(({ families }) => families),
          ...metricsOf(outcomes),
          ...socketCounters(clients),
          buildInfo(version),
        ]),
      ),
    );
    // A namespace that does not exist, or may not be entered, is an error of the command and not of each scrape.
    return clients.net.links.list({ name: 'lo' }).pipe(
      concatMap(() => merge(serveMetrics(place, metrics).pipe(map((address): ExporterEvent => ({ kind: 'listening', address }))), changes)),
      finalize(clients.close),
    );
  });
}

/** Returns a function that returns how the outcomes of a scrape differ from those of the scrape before. */
export function outcomeEvents(): (outcomes: readonly Outcome[]) => readonly ExporterEvent[] {
  const reasons = new Map<string, string | undefined>();
  return (outcomes) =>
    outcomes.flatMap(({ collector, error }): readonly ExporterEvent[] => {
      const before = reasons.get(collector);
      reasons.set(collector, error);
      if (error === before) return [];
      return [error === undefined ? { kind: 'recovered', collector } : { kind: 'failed', collector, reason: error }];
    });
}

function buildInfo(version: string): MetricFamily {
  return {
    name: 'rxnetlink_build_info',
    type: 'gauge',
    help: 'The versions of the exporter and of Node.js. The value is always 1.',
    samples: [[labelText({ version, node: process.version }), 1]],
  };
}
