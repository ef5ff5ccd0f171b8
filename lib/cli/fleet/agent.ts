import { hostname } from 'node:os';
import { concat, defer, EMPTY, finalize, ignoreElements, merge, tap } from 'rxjs';
import { agent, serveRemote, type AgentEvent, type RemoteEvent } from '../../fleet/index.js';
import { network } from '../../network/index.js';
import type { Action } from '../command.js';
import { jsonText } from '../output/json-text.js';
import type { Output } from '../output/output.js';
import { printable } from '../output/printable.js';
import { timeOption } from '../run/time-option.js';
import { UsageError } from '../run/usage-error.js';
import { cellsOption } from './fleet-call.js';
import { readPolicy } from './read-policy.js';
import { withServer, type ServerOptions } from './server.js';

/** Options of the command. */
interface AgentCall extends ServerOptions {
  readonly host?: string;
  readonly tables?: string;
  readonly sample?: string;
  readonly netns?: string;
  readonly beat?: string;
  readonly cells?: string;
  readonly serveRemote?: boolean;
  readonly policy?: string;
  readonly json?: boolean;
}

/** `rxnetlink agent`: keeps the state of this host in the server until Ctrl-C. */
export const action: Action = ({ options, output }) =>
  defer(() => {
    const { host = hostname(), tables, sample, netns, beat, cells, policy, json, ...call } = options as AgentCall;
    const common = { host, ...(netns !== undefined && { netns }) };
    const followed = {
      ...common,
      ...(tables !== undefined && { tables: tables.split(',') }),
      ...(sample !== undefined && { sample: timeOption('--sample', sample) }),
      ...(beat !== undefined && { beat: timeOption('--beat', beat) }),
      cells: cellsOption(cells),
    };
    if (policy !== undefined && call.serveRemote !== true)
      throw new UsageError('--policy is the policy of --serve-remote, which is missing');
    const served = call.serveRemote === true ? { ...common, ...(policy !== undefined && { policy: readPolicy(policy) }) } : undefined;
    const run = withServer(call, `rxnetlink agent ${host}`, (connection) =>
      merge(
        agent(connection, followed).pipe(
          tap((event) => {
            if (json === true) output.lines([jsonText(event)]);
            else printAgent(event, output);
          }),
        ),
        served === undefined
          ? EMPTY
          : serveRemote(connection, served).pipe(
              tap((event) => {
                if (json === true) output.lines([jsonText({ remote: true, ...event })]);
                else printRemote(event, output);
              }),
            ),
      ),
    ).pipe(ignoreElements());
    // An agent takes the place of the one that runs for the host: it must not do so for a namespace that it cannot read.
    const net = network(netns === undefined ? {} : { netns });
    return concat(net.links.list({ name: 'lo' }).pipe(ignoreElements()), run).pipe(finalize(() => net.close()));
  });

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
