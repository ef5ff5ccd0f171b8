import { hostname } from 'node:os';
import { join } from 'node:path';
import { concatMap, defer, finalize } from 'rxjs';
import { linkRates, watchNamespace, watchTopology } from '../../dashboard/index.js';
import { network } from '../../network/index.js';
import type { Action } from '../command.js';
import { loadPart } from '../fleet/load-part.js';
import { packageVersion } from '../run/package-file.js';
import { UsageError } from '../run/usage-error.js';
import { pageServer } from './serve-page.js';
import { holdOpen } from './hold-open.js';
import { dashboardTables } from './tables.js';

/** `rxnetlink dashboard`: serves a page until Ctrl-C. */
export const action: Action = (call) => {
  const { netns, fleet } = call.options as { readonly netns?: string; readonly fleet?: string };
  if (fleet !== undefined) return defer(() => loadPart(import('./fleet-dashboard.js'))).pipe(concatMap((serve) => serve(call)));
  const { nkey, creds, tlsCa, cells } = call.options as Record<string, unknown>;
  if ([nkey, creds, tlsCa, cells].some((value) => value !== undefined))
    throw new UsageError('dashboard: --nkey, --creds, --tls-ca and --cells belong to --fleet, which is missing');
  const serve = pageServer(call);
  return defer(() => {
    const namespace = netns === undefined ? {} : { netns };
    const net = network(namespace);
    const rows = watchNamespace(net);
    const { tables, close } = dashboardTables(net, rows, namespace);
    const path = netns === undefined ? '/proc/self/ns/net' : netns.includes('/') ? netns : join('/run/netns', netns);
    // A namespace that does not exist, or may not be entered, is an error of the command and not of the page.
    return net.links.list({ name: 'lo' }).pipe(
      concatMap(() =>
        serve({
          hello: { version: packageVersion(), host: hostname(), namespace: netns ?? null },
          tables,
          rates: holdOpen(net.clients.link.socket, linkRates(net)),
          topology: watchTopology({ name: netns ?? 'this namespace', path, net, rows }),
        }),
      ),
      finalize(() => {
        net.close();
        close();
      }),
    );
  });
};
