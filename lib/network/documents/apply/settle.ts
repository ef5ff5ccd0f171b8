import { concatMap, defer, filter, from, ignoreElements, map, mergeMap, race, take, tap, timer, type Observable } from 'rxjs';
import { IfaFlags, type GetaddrReply } from '../../../families/rt-addr.js';
import { IfinfoFlags } from '../../../families/rt-link.js';
import { watchTables } from '../../../live/index.js';
import { NetworkError } from '../../common/network-error.js';
import type { Site, SiteChange } from '../site.js';

const IPV6 = 10;

const flagsOf = ({ flags, ifaFlags }: GetaddrReply): number => flags ?? ifaFlags;
const isTentative = (row: GetaddrReply): boolean => (flagsOf(row) & (IfaFlags.Tentative | IfaFlags.Dadfailed)) === IfaFlags.Tentative;
const hasFailed = (row: GetaddrReply): boolean => (flagsOf(row) & IfaFlags.Dadfailed) !== 0;

/**
 * Completes when the kernel has tested all IPv6 addresses for duplicates, except those of links that have no carrier.
 *
 * @param limit - The longest time to wait in milliseconds; it completes after that too.
 * @param placeOf - Returns the place of an address in the document; undefined for one that need not be waited for.
 * @throws NetworkError as the error signal, if another host has an address.
 * @internal
 */
export function untilSettled(site: Site, limit: number, placeOf: (row: GetaddrReply) => string | undefined = () => ''): Observable<never> {
  const { addr, link } = site.clients;
  const running = link
    .list('getlink', { extMask: 8 }, { pick: ['ifiIndex', 'ifiFlags'] })
    .pipe(map((rows) => new Set(rows.filter(({ ifiFlags }) => (ifiFlags & IfinfoFlags.LowerUp) !== 0).map(({ ifiIndex }) => ifiIndex))));
  const rows = new Map<string, GetaddrReply>();
  const table = addr.tableOf('getaddr', { ifaFamily: IPV6 });
  const isSettled = watchTables({ rows: table }).pipe(
    map((change) => {
      if (change.type === 'synced') {
        rows.clear();
        for (const row of change.tables.rows) rows.set(table.keyOf(row), row);
      } else if (change.change.type === 'removed') rows.delete(table.keyOf(change.change.value));
      else rows.set(table.keyOf(change.change.value), change.change.value);
      return [...rows.values()].filter((row) => placeOf(row) !== undefined);
    }),
    tap((own) => {
      const failed = own.find(hasFailed);
      if (failed !== undefined) throw duplicate(site, failed, placeOf(failed)!);
    }),
  );
  return defer(() =>
    running.pipe(
      mergeMap((links) =>
        race(isSettled.pipe(filter((own) => !own.some((row) => isTentative(row) && links.has(row.ifaIndex)))), timer(limit)),
      ),
      take(1),
      ignoreElements(),
    ),
  );
}

/** Completes when the IPv6 addresses that changes have written are tested for duplicates. @internal */
export function writtenSettled(changes: readonly SiteChange[], limit: number): Observable<never> {
  const written = new Map<Site, Map<string, string>>();
  for (const { site, change } of changes.filter(({ change: { table } }) => table === 'addresses')) {
    if (change.wanted === undefined) continue;
    const { address, noDad } = change.wanted as { readonly address?: string; readonly noDad?: boolean };
    // The kernel does not test the others.
    if (address?.includes(':') !== true || noDad === true) continue;
    written.set(site, (written.get(site) ?? new Map<string, string>()).set(address.split('/')[0]!, change.path));
  }
  return from(written).pipe(
    concatMap(([site, addresses]) => untilSettled(site, limit, ({ local, address }) => addresses.get(local ?? address ?? ''))),
  );
}

/** Returns true for a route with a source address: it needs this address to be tested for duplicates. @internal */
export function needsSource({ change }: SiteChange): boolean {
  return change.table === 'routes' && change.wanted?.['source'] !== undefined && change.wanted['family'] === 6;
}

function duplicate({ netns }: Site, { address, local, ifaPrefixlen }: GetaddrReply, path: string): NetworkError {
  return new NetworkError({
    reason: 'conflict',
    verb: 'add',
    path,
    subject: `address ${local ?? address}/${ifaPrefixlen}${netns === undefined ? '' : ` in ${netns}`}`,
    text: 'another host has the address (duplicate address detection)',
  });
}
