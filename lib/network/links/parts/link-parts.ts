import { type Observable, catchError, forkJoin, map, of, throwError } from 'rxjs';
import { isKernelError } from '../../../errors/index.js';
import type { GetlinkReply } from '../../../families/rt-link.js';
import { addressOf } from '../../addresses/address-rows.js';
import type { Address } from '../../addresses/address.js';
import type { NetworkClients } from '../../clients.js';
import { Row } from '../../common/written.js';
import { LinkNames } from '../../names/link-names.js';
import { readDevices } from '../../wireguard/read-device.js';
import type { Link, LinkParts, WatchedPart } from '../link.js';
import { statisticsOf, type LinkStatistics } from './link-statistics.js';
import { VF_MASK, vfOf } from './vf.js';
import { rangesOf } from './vlan-range.js';
import { readVlans } from './vlans.js';

/** The name of a part. @internal */
export type PartName = keyof LinkParts;

type Clients = Pick<NetworkClients, 'link' | 'addr' | 'vlan' | 'wireguard'>;

/** Reads one part of some links; undefined for a link that does not exist any more. */
type ReadPart<Part> = (clients: Clients, links: readonly Link[]) => Observable<(index: number) => Part | undefined>;

const READERS: { readonly [Name in PartName]-?: ReadPart<LinkParts[Name]> } = {
  addresses: readAddresses,
  statistics: readStatistics,
  vfs: (clients, links) =>
    readRows(clients, links, { extMask: VF_MASK }).pipe(
      map((rows) => byIndex(rows, ({ vfinfoList }) => vfinfoList?.info?.map(vfOf) ?? [])),
    ),
  vlans: (clients, links) =>
    readVlans(
      clients,
      links.map((link) => link[Row]),
    ).pipe(map((found) => (index) => rangesOf(found.get(index) ?? new Map()))),
  wireguard: (clients, links) => readDevices(clients, links).pipe(map((devices) => (index) => devices.get(index))),
};

/** Parts that only links of one kind have. */
const OPTIONAL: ReadonlySet<PartName> = new Set<PartName>(['wireguard']);

/** Checks the names of parts. @throws TypeError if one is unknown. @internal */
export function partNames(verb: string, given: PartName | readonly PartName[] | undefined): readonly PartName[] {
  const names = given === undefined ? [] : typeof given === 'string' ? [given] : given;
  const unknown = names.find((name) => !Object.hasOwn(READERS, name));
  if (unknown !== undefined) throw new TypeError(`${verb}: with: '${unknown}' is not a part; expected ${Object.keys(READERS).join(', ')}`);
  return names;
}

/**
 * Checks an argument that is an object with `with`, where a caller may write the part alone.
 *
 * @param call - Returns the right call: `get(key, { with: 'statistics' })`.
 * @param mayBeName - True if a text that is not a part is most likely the name of a link.
 * @throws TypeError that shows the right call.
 * @internal
 */
export function refusePart(verb: string, argument: unknown, call: (given: string) => string, mayBeName = false): void {
  const parts = Array.isArray(argument) ? (argument as readonly unknown[]) : [argument];
  if (parts.length === 0 || !parts.every((part) => typeof part === 'string')) return;
  const written = parts.map((part) => `'${part}'`).join(', ');
  const given = Array.isArray(argument) ? `[${written}]` : written;
  const isName = mayBeName && typeof argument === 'string' && !Object.hasOwn(READERS, argument);
  const named = `${verb}({ name: ${given} })${verb === 'list' ? `, or get(${given})` : ''}`;
  throw new TypeError(`${verb}: expected an object, not ${given}; write ${isName ? named : call(`{ with: ${given} }`)}`);
}

/** Checks the names of the parts that `watch` follows. @throws TypeError if the kernel sends no events for one, or it is unknown. @internal */
export function watchedParts(given: PartName | readonly PartName[] | undefined): readonly WatchedPart[] {
  const names = partNames('watch', given);
  const other = names.find((name) => name !== 'addresses');
  if (other !== undefined) throw new TypeError(`watch: with: '${other}' cannot be watched; read it with list() at an interval`);
  return names as readonly WatchedPart[];
}

/** Reads the parts of links and adds them to the links. A link that was deleted in between is omitted, if the kernel shows it. @internal */
export function addParts(clients: Clients, links: readonly Link[], parts: readonly PartName[]): Observable<readonly Link[]> {
  if (parts.length === 0 || links.length === 0) return of(links);
  return forkJoin(parts.map((part) => READERS[part](clients, links))).pipe(
    map((readers) =>
      links.filter((link) => {
        const values = readers.map((valueOf, position) => [parts[position]!, valueOf(link.index)] as const);
        Object.assign(link, Object.fromEntries(values.filter(([, value]) => value !== undefined)));
        return values.every(([part, value]) => value !== undefined || OPTIONAL.has(part));
      }),
    ),
    // The parts of a single link are read by its index.
    catchError((error: unknown) => (links.length === 1 && isKernelError(error, 'ENODEV') ? of([]) : throwError(() => error))),
  );
}

function readAddresses({ addr }: Clients, links: readonly Link[]): Observable<(index: number) => readonly Address[]> {
  const names = new LinkNames(links.map(({ index, name }) => ({ ifiIndex: index, ifname: name })));
  // The addresses of one link are selected by the kernel.
  return addr.list('getaddr', links.length === 1 ? { ifaIndex: links[0]!.index } : {}).pipe(
    map((rows) => {
      const groups = new Map<number, Address[]>();
      for (const address of rows.flatMap((row) => addressOf(row, names) ?? [])) {
        const group = groups.get(address.linkIndex);
        if (group === undefined) groups.set(address.linkIndex, [address]);
        else group.push(address);
      }
      return (index) => groups.get(index) ?? [];
    }),
  );
}

function readStatistics(clients: Clients, links: readonly Link[]): Observable<(index: number) => LinkStatistics | undefined> {
  return readRows(clients, links, {}, ['ifiIndex', 'stats64']).pipe(
    map((rows) => byIndex(rows, ({ stats64 }) => (stats64 === undefined ? undefined : statisticsOf(stats64)))),
  );
}

function readRows(
  { link }: Clients,
  links: readonly Link[],
  request: { readonly extMask?: number },
  pick: ('ifiIndex' | 'stats64' | 'vfinfoList')[] = ['ifiIndex', 'vfinfoList'],
): Observable<readonly Pick<GetlinkReply, 'ifiIndex' | 'stats64' | 'vfinfoList'>[]> {
  if (links.length > 1) return link.list('getlink', request, { pick });
  return link.do('getlink', { ...request, ifiIndex: links[0]!.index }, { pick }).pipe(map((row) => [row]));
}

function byIndex<R extends { readonly ifiIndex: number }, Part>(
  rows: readonly R[],
  partOf: (row: R) => Part | undefined,
): (index: number) => Part | undefined {
  const parts = new Map(rows.map((row) => [row.ifiIndex, partOf(row)]));
  return (index) => parts.get(index);
}
