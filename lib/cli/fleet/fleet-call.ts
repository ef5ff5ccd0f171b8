import type { NatsConnection } from '@nats-io/nats-core';
import type { Observable } from 'rxjs';
import { hostFilter } from '../../fleet/internal.js';
import { timeOption } from '../run/time-option.js';
import type { Call } from '../command.js';
import type { ExitCode } from '../run/exit-code.js';
import { UsageError } from '../run/usage-error.js';
import type { ServerOptions } from './connect/server.js';

/** The options of `rxnetlink fleet`, as the command line has them. */
export interface FleetOptions extends ServerOptions {
  readonly cells?: string;
  readonly beat?: string;
  readonly hosts?: string;
  readonly watch?: boolean;
  readonly force?: boolean;
  readonly timeout?: string;
  readonly json?: boolean;
}

/** A call of `rxnetlink fleet` with a connection. */
export interface FleetCall {
  readonly connection: NatsConnection;
  /** The options of `fleet()`. */
  readonly selection: { readonly cells: number; readonly hosts?: readonly string[] };
  /** Milliseconds to wait for a host. */
  readonly timeout: number;
  readonly call: Call;
}

/** A part of `rxnetlink fleet`: it checks its words before the connection is made. */
export type FleetAction = (call: Call) => (fleet: FleetCall) => Observable<ExitCode>;

/**
 * Reads the options that all parts of the command have.
 *
 * @param wait - The time to wait for a host without `--timeout`.
 * @throws UsageError
 */
export function fleetCall(call: Call, wait: string): Omit<FleetCall, 'connection'> {
  const { hosts, cells, timeout = wait } = call.options as FleetOptions;
  return {
    selection: { cells: cellsOption(cells), ...(hosts !== undefined && { hosts: hostsOption(hosts) }) },
    timeout: timeOption('--timeout', timeout),
    call,
  };
}

function hostsOption(text: string): readonly string[] {
  const hosts = text.split(',');
  if (hosts.includes('')) throw new UsageError(`--hosts ${text}: expected names, or patterns with *, separated by commas`);
  try {
    hostFilter(hosts);
  } catch (error) {
    throw new UsageError(`--hosts: ${(error as Error).message.replace('fleet: hosts: ', '')}`);
  }
  return hosts;
}

const MOST_CELLS = 1024;

/** Returns the number of streams that an option names; 1 if it is omitted. @throws UsageError */
export function cellsOption(text = '1'): number {
  const cells = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (cells < 1 || cells > MOST_CELLS) throw new UsageError(`--cells ${text}: expected a number from 1 to ${String(MOST_CELLS)}`);
  return cells;
}

/** Returns the number of the stream that an option names. @throws UsageError */
export function cellOption(text: string): number {
  const cell = /^\d{1,4}$/.test(text) ? Number(text) : MOST_CELLS;
  if (cell >= MOST_CELLS) throw new UsageError(`--cell ${text}: expected a number from 0 to ${String(MOST_CELLS - 1)}`);
  return cell;
}

const SHORTEST_BEAT = 10;
const LONGEST_BEAT = 3_600_000;

/** Returns the milliseconds between two beats that an option names. @throws UsageError */
export function beatOption(text: string): number {
  const beat = timeOption('--beat', text);
  if (beat < SHORTEST_BEAT || beat > LONGEST_BEAT) throw new UsageError(`--beat ${text}: expected a time from 10ms to 1h`);
  return beat;
}
