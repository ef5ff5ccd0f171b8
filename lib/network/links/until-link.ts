import { Observable, timer } from 'rxjs';
import { watchTables, type LiveDifference } from '../../live/index.js';
import type { GetaddrReply } from '../../families/rt-addr.js';
import type { GetlinkReply } from '../../families/rt-link.js';
import { addressOf } from '../addresses/address-rows.js';
import type { NetworkClients } from '../clients.js';
import { NetworkError } from '../common/network-error.js';
import { time } from '../fields/check.js';
import { LinkNames } from '../names/link-names.js';
import { unmet, type LinkConditions } from './link-conditions.js';
import { linkOf } from './link-rows.js';
import type { Link, LinkParts } from './link.js';

/** The result of `until`. @internal */
export type Awaited = (Link & Pick<LinkParts, 'addresses'>) | undefined;

/** Emits a link as soon as it meets conditions, and completes. The link may appear, disappear and appear again before that. @internal */
export function untilLink({ link, addr }: NetworkClients, name: string, conditions: LinkConditions): Observable<Awaited> {
  const tables = { links: link.tableOf('getlink', {}), rows: addr.tableOf('getaddr', {}) };
  return new Observable((subscriber) => {
    const links = new Map<number, GetlinkReply>();
    const rows = new Map<string, GetaddrReply>();
    const keyOf = (row: GetaddrReply): string => tables.rows.keyOf(row);
    let left = 'the state of the link is not known yet';
    const check = (): void => {
      const row = [...links.values()].find(({ ifname, propList }) => ifname === name || propList?.altIfname?.includes(name) === true);
      const names = new LinkNames(links.values());
      const found = row === undefined ? undefined : linkOf(row, names);
      const addresses = [...rows.values()]
        .filter(({ ifaIndex }) => ifaIndex === row?.ifiIndex)
        .flatMap((each) => addressOf(each, names) ?? []);
      const problem = unmet(conditions, found, addresses);
      if (problem !== undefined) left = problem;
      else {
        subscriber.next(found === undefined ? undefined : Object.assign(found, { addresses }));
        subscriber.complete();
      }
    };
    subscriber.add(
      watchTables<Record<string, object>>(tables).subscribe({
        next: (change) => {
          if (change.type === 'synced') {
            links.clear();
            rows.clear();
            for (const row of (change.tables['links'] ?? []) as readonly GetlinkReply[]) links.set(row.ifiIndex, row);
            for (const row of (change.tables['rows'] ?? []) as readonly GetaddrReply[]) rows.set(keyOf(row), row);
          } else if (change.table === 'links') apply(links, change.change as LiveDifference<GetlinkReply>);
          else {
            const { type, value } = change.change as LiveDifference<GetaddrReply>;
            if (type === 'removed') rows.delete(keyOf(value));
            else rows.set(keyOf(value), value);
          }
          check();
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
    if (conditions.timeout === undefined) return;
    const limit = time(conditions.timeout, 'timeout');
    subscriber.add(timer(limit).subscribe(() => subscriber.error(tooLate(name, left, limit))));
  });
}

function apply(links: Map<number, GetlinkReply>, { type, value }: LiveDifference<GetlinkReply>): void {
  if (type === 'removed') links.delete(value.ifiIndex);
  else links.set(value.ifiIndex, value);
}

function tooLate(name: string, left: string, limit: number): NetworkError {
  return new NetworkError({ reason: 'timeout', verb: 'wait for', subject: `link ${name}`, text: `${left} after ${limit / 1000} s` });
}
