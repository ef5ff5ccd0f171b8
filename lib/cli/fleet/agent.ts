import { hostname } from 'node:os';
import type { NatsConnection } from '@nats-io/nats-core';
import { catchError, concat, defer, EMPTY, finalize, ignoreElements, merge, switchMap, tap, throwError } from 'rxjs';
import { agent, serveRemote, type AgentEvent, type AgentOptions, type RemoteEvent, type ServeRemoteOptions } from '../../fleet/index.js';
import { checkAgentOptions } from '../../fleet/internal.js';
import { network } from '../../network/index.js';
import type { Action } from '../command.js';
import { jsonText } from '../output/json-text.js';
import type { Output } from '../output/output.js';
import { printable } from '../output/printable.js';
import { timeOption } from '../run/time-option.js';
import { UsageError } from '../run/usage-error.js';
import { beatOption, cellOption, cellsOption } from './fleet-call.js';
import { readPolicy } from './read-policy.js';
import { withServer, type ServerOptions } from './connect/server.js';

/** Options of the command. */
interface AgentCall extends ServerOptions {
  readonly host?: string;
  readonly tables?: string;
  readonly sample?: string;
  readonly netns?: string;
  readonly beat?: string;
  readonly cells?: string;
  readonly cell?: string;
  readonly serveRemote?: boolean;
  readonly policy?: string;
  readonly json?: boolean;
}

/** `rxnetlink agent`: keeps the state of this host in the server until Ctrl-C. */
export const action: Action = ({ options, output }) =>
  defer(() => {
    const { host = hostname(), tables, sample, netns, beat, cells, cell, policy, json, ...call } = options as AgentCall;
    const common = { host, ...(netns !== undefined && { netns }) };
    const followed = {
      ...common,
      ...(tables !== undefined && { tables: tables.split(',') }),
      ...(sample !== undefined && { sample: timeOption('--sample', sample) }),
      ...(beat !== undefined && { beat: beatOption(beat) }),
      ...(cells !== undefined && { cells: cellsOption(cells) }),
      ...(cell !== undefined && { cell: cellOption(cell) }),
    };
    if (policy !== undefined && call.serveRemote !== true)
      throw new UsageError('--policy is the policy of --serve-remote, which is missing');
    checkOptions(followed);
    const work = (connection: NatsConnection, served: Pick<ServeRemoteOptions, 'policy'>) =>
      merge(
        agent(connection, followed).pipe(
          catchError((error: unknown) => throwError(() => usageError(error))),
          tap((event) => {
            if (json === true) output.lines([jsonText(event)]);
            else printAgent(event, output);
          }),
        ),
        call.serveRemote !== true
          ? EMPTY
          : serveRemote(connection, { ...common, ...served }).pipe(
              tap((event) => {
                if (json === true) output.lines([jsonText({ remote: true, ...event })]);
                else printRemote(event, output);
              }),
            ),
      );
    const net = network(netns === undefined ? {} : { netns });
    // An agent takes the place of the one that runs for the host: it must not do so for a namespace that it cannot read.
    const readable = net.links.list({ name: 'lo' }).pipe(ignoreElements());
    return defer(async () => (policy === undefined ? {} : { policy: await readPolicy(host, policy) })).pipe(
      switchMap((served) =>
        concat(
          readable,
          withServer(call, `rxnetlink agent ${host}`, (connection) => work(connection, served)),
        ),
      ),
      ignoreElements(),
      finalize(() => net.close()),
    );
  });

/** Checks the options before the connection is made. @throws UsageError */
function checkOptions(options: AgentOptions): void {
  try {
    checkAgentOptions(options);
  } catch (error) {
    throw usageError(error);
  }
}

/** Returns an error of the options of `agent()` in the words of the command line; another error as it is. */
function usageError(error: unknown): unknown {
  const text = error instanceof TypeError || error instanceof RangeError ? error.message : '';
  const wrong = /^agent: (host|beat|sample|cell|(?:unknown )?table)(?![a-z])/.exec(text);
  if (wrong === null) return error;
  const [, option = ''] = wrong;
  const rest = text.slice('agent: '.length);
  return new UsageError(option.endsWith('table') ? `--tables: ${rest}` : `--${rest}`);
}

/** Prints what a person needs to know: not each message. */
function printAgent(event: AgentEvent, output: Output): void {
  const { type } = event;
  if (type === 'started') output.lines([`Agent of ${printable(event.host)}: ${event.tables.join(', ')} (Ctrl-C ends it)`]);
  else if (type === 'synced') output.lines([`${event.table}: ${String(event.entries)} read from the kernel`]);
  else if (type === 'unread')
    output.note(`rxnetlink: ${event.table} cannot be read, and readers take its rows for stale: ${printable(event.reason)}`);
  else if (type === 'waiting') output.note(`rxnetlink: ${event.reason}; changes are collected`);
  else if (type === 'skipped')
    output.note(
      `rxnetlink: ${event.table}: ${printable(event.name ?? event.key)} has ${String(event.bytes)} bytes, more than a message may have; it is not published`,
    );
  else if (type === 'connected') output.note('rxnetlink: connected to the server again');
  else if (type === 'retrying') output.note(`rxnetlink: ${event.table}: ${printable(event.reason)}; trying again`);
}

function printRemote(event: RemoteEvent, output: Output): void {
  if (event.type === 'started') output.lines([`Serves netlink sockets of ${printable(event.host)}`]);
  else if (event.type === 'refused') output.note(`rxnetlink: refused a request of another host: ${printable(event.reason)}`);
}
