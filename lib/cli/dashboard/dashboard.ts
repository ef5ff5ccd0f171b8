import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { concatMap, defer, finalize, ignoreElements, tap } from 'rxjs';
import { dashboard, linkRates, watchNamespace, watchTopology } from '../../dashboard/index.js';
import { network } from '../../network/index.js';
import type { Action } from '../command.js';
import { portOption } from '../run/port-option.js';
import { dashboardTables } from './tables.js';

/** The root of the package: three folders above this file in `lib/`, and above its bundle in `dist/`. */
const ROOT = new URL('../../../', import.meta.url);

/** Options of the command. */
interface DashboardCall {
  readonly netns?: string;
  readonly port?: string;
}

/** `rxnetlink dashboard`: serves a page until Ctrl-C. */
export const action: Action = ({ options, output }) => {
  const { netns, port = '0' } = options as DashboardCall;
  const number = portOption(port);
  const { version } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { readonly version: string };
  return defer(() => {
    const namespace = netns === undefined ? {} : { netns };
    const net = network(namespace);
    const rows = watchNamespace(net);
    const { tables, close } = dashboardTables(net, rows, namespace);
    const path = netns === undefined ? '/proc/self/ns/net' : netns.includes('/') ? netns : join('/run/netns', netns);
    let isFirst = true;
    // A namespace that does not exist, or may not be entered, is an error of the command and not of the page.
    return net.links.list({ name: 'lo' }).pipe(
      concatMap(() =>
        dashboard({
          port: number,
          assets: new URL('dist/dashboard/page/', ROOT),
          hello: { version, host: hostname(), namespace: netns ?? null },
          tables,
          rates: linkRates(net),
          topology: watchTopology({ name: netns ?? 'this namespace', path, net, rows }),
        }),
      ),
      tap((address) => {
        output.lines([isFirst ? `Open ${address} (for one login; Ctrl-C ends the dashboard)` : `For another login: ${address}`]);
        isFirst = false;
      }),
      ignoreElements(),
      finalize(() => {
        net.close();
        close();
      }),
    );
  });
};
