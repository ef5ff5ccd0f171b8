import { type Observable, forkJoin, map, of } from 'rxjs';
import type { Address } from '../addresses/address.js';
import { addressOf } from '../addresses/address-rows.js';
import type { NetworkClients } from '../clients.js';
import { LinkNames } from '../names/link-names.js';
import type { Link, LinkParts, WatchedPart } from './link.js';
import { statisticsOf, type LinkStatistics } from './link-statistics.js';

/** The name of a part. @internal */
export type PartName = keyof LinkParts;

const PARTS: Readonly<Record<PartName, true>> = { addresses: true, statistics: true };

/** Checks the names of parts. @throws TypeError if one is unknown. @internal */
export function partNames(verb: string, given: PartName | readonly PartName[] | undefined): readonly PartName[] {
  const names = given === undefined ? [] : typeof given === 'string' ? [given] : given;
  const unknown = names.find((name) => !Object.hasOwn(PARTS, name));
  if (unknown !== undefined) throw new TypeError(`${verb}: with: '${unknown}' is not a part; expected ${Object.keys(PARTS).join(', ')}`);
  return names;
}

/** Checks the names of the parts that `watch` follows. @throws TypeError if the kernel sends no events for one, or it is unknown. @internal */
export function watchedParts(given: PartName | readonly PartName[] | undefined): readonly WatchedPart[] {
  const names = partNames('watch', given);
  const other = names.find((name) => name !== 'addresses');
  if (other !== undefined) throw new TypeError(`watch: with: '${other}' cannot be watched; read it with list() at an interval`);
  return names as readonly WatchedPart[];
}

/** Reads the parts of links and adds them to the links. @internal */
export function addParts(
  { link, addr }: Pick<NetworkClients, 'link' | 'addr'>,
  links: readonly Link[],
  parts: readonly PartName[],
): Observable<readonly Link[]> {
  if (parts.length === 0 || links.length === 0) return of(links);
  // The parts of one link are selected by the kernel.
  const ifiIndex = links.length === 1 ? links[0]!.index : undefined;
  const counters = (): Observable<ReadonlyMap<number, LinkStatistics>> => {
    const options = { pick: ['ifiIndex' as const, 'stats64' as const] };
    const rows =
      ifiIndex === undefined ? link.list('getlink', {}, options) : link.do('getlink', { ifiIndex }, options).pipe(map((row) => [row]));
    return rows.pipe(
      map((all) => new Map(all.flatMap((row) => (row.stats64 === undefined ? [] : [[row.ifiIndex, statisticsOf(row.stats64)]])))),
    );
  };
  const addresses = (): Observable<ReadonlyMap<number, readonly Address[]>> => {
    const names = new LinkNames(links.map(({ index, name }) => ({ ifiIndex: index, ifname: name })));
    return addr.list('getaddr', ifiIndex === undefined ? {} : { ifaIndex: ifiIndex }).pipe(
      map((rows) => {
        const groups = new Map<number, Address[]>();
        for (const address of rows.flatMap((row) => addressOf(row, names) ?? [])) {
          const group = groups.get(address.linkIndex);
          if (group === undefined) groups.set(address.linkIndex, [address]);
          else group.push(address);
        }
        return groups;
      }),
    );
  };
  return forkJoin({
    statistics: parts.includes('statistics') ? counters() : of(undefined),
    addresses: parts.includes('addresses') ? addresses() : of(undefined),
  }).pipe(
    map((read) => {
      for (const each of links) {
        if (read.addresses !== undefined) Object.assign(each, { addresses: read.addresses.get(each.index) ?? [] });
        // A link that was deleted in between has no counters.
        if (read.statistics !== undefined) Object.assign(each, { statistics: read.statistics.get(each.index) });
      }
      return read.statistics === undefined ? links : links.filter((each) => read.statistics?.has(each.index));
    }),
  );
}
