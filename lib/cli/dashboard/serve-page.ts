import { existsSync, readFileSync } from 'node:fs';
import { ignoreElements, tap, type Observable } from 'rxjs';
import { dashboard, type DashboardOptions } from '../../dashboard/index.js';
import type { Call } from '../command.js';
import { portOption } from '../run/port-option.js';

/** The root of the package: the bundler moves this file to a folder of another depth. */
const ROOT = packageRoot(import.meta.url);

function packageRoot(from: string): URL {
  const folder = new URL('./', from);
  return existsSync(new URL('package.json', folder)) ? folder : packageRoot(new URL('../', folder).href);
}

/** Returns the version of the package. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { readonly version: string }).version;
}

/** Returns a function that serves a page until it is unsubscribed from, and prints its addresses. @throws UsageError for a wrong port. */
export function pageServer({ options, output }: Call): (data: Omit<DashboardOptions, 'port' | 'assets'>) => Observable<never> {
  const port = portOption((options as { readonly port?: string }).port ?? '0');
  let isFirst = true;
  return (data) =>
    dashboard({ ...data, port, assets: new URL('dist/dashboard/page/', ROOT) }).pipe(
      tap((address) => {
        output.lines([isFirst ? `Open ${address} (for one login; Ctrl-C ends the dashboard)` : `For another login: ${address}`]);
        isFirst = false;
      }),
      ignoreElements(),
    );
}
