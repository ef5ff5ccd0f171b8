import { type Observable, catchError, map, of, throwError } from 'rxjs';
import { isKernelError } from '../../../errors/index.js';
import type { NetworkClients } from '../../clients.js';
import type { Firewall } from '../../firewall/index.js';
import { describeFirewall } from '../../firewall/state/describe-firewall.js';
import { readFirewall } from '../../firewall/state/firewall-state.js';
import type { ExportTable } from './export.js';

/** The codes of a kernel without nftables, and of a process that may not read it. */
const UNREADABLE: readonly string[] = ['EPERM', 'EACCES', 'EINVAL', 'EOPNOTSUPP', 'EPROTONOSUPPORT'];

/** Emits all tables of the firewall as a document; undefined if there are none. @internal */
export function exportFirewall(
  { nftables }: Pick<NetworkClients, 'nftables'>,
  only: readonly ExportTable[] | undefined,
): Observable<Firewall | undefined> {
  if (only?.includes('firewall') === false) return of(undefined);
  return readFirewall(nftables).pipe(
    map((state) => describeFirewall(state)),
    map((firewall) => (firewall.tables.length === 0 ? undefined : firewall)),
    catchError((error: unknown) => {
      const isMissing = only === undefined && UNREADABLE.some((code) => isKernelError(error, code));
      return isMissing ? of(undefined) : throwError(() => error);
    }),
  );
}
