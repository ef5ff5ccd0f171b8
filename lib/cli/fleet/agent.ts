import { hostname } from 'node:os';
import { defer, ignoreElements, tap } from 'rxjs';
import { agent, type AgentEvent } from '../../fleet/index.js';
import type { Action } from '../command.js';
import { jsonText } from '../output/json-text.js';
import type { Output } from '../output/output.js';
import { printable } from '../output/printable.js';
import { timeOption } from '../run/time-option.js';
import { cellsOption } from './cells-option.js';
import { withServer, type ServerOptions } from './server.js';

/** Options of the command. */
interface AgentCall extends ServerOptions {
  readonly host?: string;
  readonly tables?: string;
  readonly netns?: string;
  readonly beat?: string;
  readonly cells?: string;
  readonly json?: boolean;
}

/** `rxnetlink agent`: keeps the state of this host in the server until Ctrl-C. */
export const action: Action = ({ options, output }) =>
  defer(() => {
    const { host = hostname(), tables, netns, beat, cells, json, ...call } = options as AgentCall;
    const followed = {
      host,
      ...(netns !== undefined && { netns }),
      ...(tables !== undefined && { tables: tables.split(',') }),
      ...(beat !== undefined && { beat: timeOption('--beat', beat) }),
      cells: cellsOption(cells),
    };
    return withServer(call, `rxnetlink agent ${host}`, (connection) => agent(connection, followed)).pipe(
      tap((event) => {
        if (json === true) output.lines([jsonText(event)]);
        else print(event, output);
      }),
      ignoreElements(),
    );
  });

/** Prints what a person needs to know: not each message. */
function print(event: AgentEvent, output: Output): void {
  const { type } = event;
  if (type === 'started') output.lines([`Agent of ${printable(event.host)}: ${event.tables.join(', ')} (Ctrl-C ends it)`]);
  else if (type === 'synced') output.lines([`${event.table}: ${String(event.entries)} read from the kernel`]);
  else if (type === 'waiting') output.note(`rxnetlink: ${event.reason}; changes are collected`);
  else if (type === 'connected') output.note('rxnetlink: connected to the server again');
  else if (type === 'retrying') output.note(`rxnetlink: ${event.table}: ${printable(event.reason)}; trying again`);
}
