import { ignoreElements, tap, type Observable } from 'rxjs';
import { dashboard, type DashboardOptions } from '../../dashboard/index.js';
import type { Call } from '../command.js';
import { PACKAGE_ROOT } from '../run/package-file.js';
import { portOption } from '../run/port-option.js';

/** Returns a function that serves a page until it is unsubscribed from, and prints its addresses. @throws UsageError for a wrong port. */
export function pageServer({ options, output }: Call): (data: Omit<DashboardOptions, 'port' | 'assets'>) => Observable<never> {
  const port = portOption((options as { readonly port?: string }).port ?? '0');
  let isFirst = true;
  return (data) =>
    dashboard({ ...data, port, assets: new URL('dist/dashboard/page/', PACKAGE_ROOT) }).pipe(
      tap((address) => {
        output.lines([isFirst ? `Open ${address} (for one login; Ctrl-C ends the dashboard)` : `For another login: ${address}`]);
        isFirst = false;
      }),
      ignoreElements(),
    );
}
