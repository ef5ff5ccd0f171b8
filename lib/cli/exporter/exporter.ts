import { isIP } from 'node:net';
import { defer, ignoreElements, tap } from 'rxjs';
import { suggestion } from '../../check/index.js';
import {
  COLLECTOR_NAMES,
  deviceFilter,
  exporter,
  type CollectorName,
  type DevicePatterns,
  type ExporterEvent,
} from '../../exporter/index.js';
import { LOOPBACK } from '../../http/index.js';
import type { Action } from '../command.js';
import type { Output } from '../output/output.js';
import { printable } from '../output/printable.js';
import { packageVersion } from '../run/package-file.js';
import { portOption } from '../run/port-option.js';
import { timeOption } from '../run/time-option.js';
import { UsageError } from '../run/usage-error.js';

/** Prometheus has assigned all of its own ports, and scrapers need one that stays: that of node_exporter and 10,000. */
const DEFAULT_PORT = '19100';
/** Scrapers wait 10 seconds by default. */
const DEFAULT_TIMEOUT = '5s';

/** Options of the command. */
interface ExporterCall {
  readonly netns?: string;
  readonly port?: string;
  readonly listen?: string;
  readonly include?: string;
  readonly exclude?: string;
  readonly collectors?: string;
  readonly timeout?: string;
}

/** `rxnetlink exporter`: serves metrics until Ctrl-C. */
export const action: Action = ({ options, output }) => {
  const { netns, port = DEFAULT_PORT, listen = LOOPBACK, collectors, timeout = DEFAULT_TIMEOUT, ...patterns } = options as ExporterCall;
  const call = {
    network: netns === undefined ? {} : { netns },
    address: addressOf(listen),
    port: portOption(port),
    devices: patternsOf(patterns),
    collectors: collectors === undefined ? COLLECTOR_NAMES : collectors.split(',').map(collectorOf),
    timeout: timeOption('--timeout', timeout),
    version: packageVersion(),
  };
  return defer(() => exporter(call)).pipe(
    tap((event) => print(event, output)),
    ignoreElements(),
  );
};

function print(event: ExporterEvent, output: Output): void {
  switch (event.kind) {
    case 'listening':
      output.lines([`Metrics at ${event.address} (Ctrl-C ends the exporter)`]);
      break;
    case 'failed':
      output.note(`rxnetlink: no metrics of ${event.collector}: ${printable(event.reason)}`);
      break;
    case 'recovered':
      output.note(`rxnetlink: metrics of ${event.collector} again`);
  }
}

function addressOf(text: string): string {
  if (isIP(text) === 0) throw new UsageError(`--listen ${text}: expected an IP address, such as 192.0.2.1, or :: for all addresses`);
  return text;
}

function patternsOf(patterns: Pick<ExporterCall, 'include' | 'exclude'>): DevicePatterns {
  const lists = Object.entries(patterns).map(([name, text]: [string, string]) => {
    const list = text.split(',');
    try {
      deviceFilter({ include: list });
    } catch (error) {
      throw new UsageError(`--${name} ${text}: ${(error as TypeError).message}`);
    }
    return [name, list] as const;
  });
  return Object.fromEntries(lists);
}

function collectorOf(name: string): CollectorName {
  const found = COLLECTOR_NAMES.find((known) => known === name);
  if (found !== undefined) return found;
  const advice = suggestion(name, COLLECTOR_NAMES, '; ') || `; expected some of ${COLLECTOR_NAMES.join(', ')}`;
  throw new UsageError(`--collectors: there is no collector '${name}'${advice}`);
}
