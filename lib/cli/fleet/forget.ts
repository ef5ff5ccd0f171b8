import { catchError, ignoreElements, tap, throwError } from 'rxjs';
import { FleetError, forgetHost, type ForgottenHost } from '../../fleet/index.js';
import { checkHostName } from '../../fleet/internal.js';
import { jsonText } from '../output/json-text.js';
import type { Output } from '../output/output.js';
import { printable } from '../output/printable.js';
import { UsageError } from '../run/usage-error.js';
import type { FleetAction, FleetOptions } from './fleet-call.js';

/** `rxnetlink fleet forget`: removes a host that does not exist any more. */
export const forget: FleetAction = ({ words, options, output }) => {
  const [host, ...others] = words;
  if (host === undefined || others.length > 0) throw new UsageError('fleet forget: expected the name of one host, such as web-1');
  const { force = false, json, hosts } = options as FleetOptions;
  if (hosts !== undefined) throw new UsageError('fleet forget: --hosts selects several hosts; name one host instead');
  try {
    checkHostName('host', host);
  } catch (error) {
    throw new UsageError(`fleet forget: ${(error as Error).message}`);
  }
  return ({ connection, selection: { cells } }) =>
    forgetHost(connection, host, { cells, force }).pipe(
      tap((forgotten) => {
        if (json === true) output.lines([jsonText(forgotten)]);
        else print(forgotten, output);
      }),
      catchError((error: unknown) => throwError(() => inWords(error))),
      ignoreElements(),
    );
};

function print({ host, tables, wasRunning }: ForgottenHost, output: Output): void {
  const count = tables.length === 1 ? '1 table' : `${String(tables.length)} tables`;
  output.lines([`${output.style.bold(printable(host))}: removed with ${count}${wasRunning ? '; its agent ends' : ''}`]);
}

/** Returns an error in the words of the command line. */
function inWords(error: unknown): unknown {
  if (!(error instanceof FleetError)) return error;
  const text = error.message.replace('forgetHost: ', 'fleet forget: ').replace('or use force', 'or use --force');
  const list = error.reason === 'unknown' ? '; `rxnetlink fleet hosts` lists the hosts' : '';
  return new Error(`${text.replace(', and the number of cells', ', and --cells')}${list}`, { cause: error });
}
