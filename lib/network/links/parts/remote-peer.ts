import { type Observable, catchError, defer, EMPTY, forkJoin, ignoreElements, map, mergeMap, of, throwError } from 'rxjs';
import { omitUndefined } from '../../../check/index.js';
import { isKernelError } from '../../../errors/index.js';
import { IfinfoFlags, type GetlinkReply, type NewlinkRequest } from '../../../families/rt-link.js';
import { rtNsid } from '../../../families/rt-nsid.js';
import type { NetworkClients } from '../../clients.js';
import { FieldError } from '../../common/field-error.js';
import type { Netns } from '../../common/netns.js';
import { Row } from '../../common/written.js';
import type { Wanted } from '../../tables/table-model.js';
import type { LinkPeer } from '../kinds/pairs/peer.js';
import { kinds } from '../kinds/kinds.js';
import type { Link } from '../link.js';
import { inNamespace, withDescriptor } from '../namespace.js';

type Client = Pick<NetworkClients, 'link'>;

/** Returns the peer of a wanted pair; undefined for another kind, and if the peer is not wanted. @internal */
export function peerOf(wanted: Wanted): LinkPeer | undefined {
  const { kind = '' } = wanted as { readonly kind?: string };
  return kinds.get(kind)?.peerIn === undefined ? undefined : (wanted[kind] as { readonly peer?: LinkPeer } | undefined)?.peer;
}

/** Opens a descriptor of the namespace of a peer. An error names the property of the pair. @internal */
export function withPeerDescriptor<T>(
  client: Client,
  kind: string,
  netns: Netns | undefined,
  run: (descriptor: number | undefined) => Observable<T>,
): Observable<T> {
  return defer(() => withDescriptor(client, netns, run)).pipe(
    catchError((error: unknown) => {
      const isOpening = error instanceof FieldError && error.path === 'netns';
      return throwError(() => (isOpening ? new FieldError(`${kind}.peer.netns`, error.message, error.reason) : error));
    }),
  );
}

/** The properties of a peer that writers compare, besides its name and its namespace. */
const SETTINGS = ['mac', 'mtu', 'up'] as const;

/** Returns the first property of a wanted peer for which the peer must be read; undefined if there is none. @internal */
export function peerSetting(wanted: Wanted): (typeof SETTINGS)[number] | undefined {
  const peer = peerOf(wanted);
  return SETTINGS.find((name) => peer?.[name] !== undefined);
}

/**
 * Adds the peer of a pair to it, if properties of the wanted peer have to be compared; undefined if the peer does not exist any more.
 *
 * If the peer is in another namespace, only its `netns` differs from the wanted one: the rest is not compared.
 *
 * @throws FieldError as the error signal, if the peer is in another namespace, which the wanted pair does not name.
 * @internal
 */
export function addPeer(client: Client, link: Link, wanted: Wanted): Observable<Link | undefined> {
  const { kind, [Row]: row } = link;
  if (kind === undefined || kind !== wanted['kind']) return of(link);
  const { netns, name } = peerOf(wanted) ?? {};
  const setting = peerSetting(wanted);
  if (netns === undefined) return setting === undefined ? of(link) : addNearPeer(client, link, setting);
  return withPeerDescriptor(client, kind, netns, (fd) =>
    inNamespace(client, { fd: fd! }, (there) => rowIn(there, row.link!)).pipe(
      mergeMap((peer) => forkJoin([of(peer), isNamespaceOf(client, row, fd!, peer)])),
      map(([peer, isThere]): Link | undefined => {
        if (isThere && peer === undefined) return undefined;
        return isThere ? withPeerOf(link, { ...peerFrom(peer!, name), netns }) : withPeerElsewhere(link, wanted);
      }),
    ),
  );
}

/** Adds the peer of a pair in the same namespace. */
function addNearPeer(client: Client, link: Link, setting: string): Observable<Link | undefined> {
  const { kind, [Row]: row } = link;
  if (row.linkNetnsid !== undefined) {
    const text = `the peer is in another network namespace${numberOf(row)}; name it with peer.netns, or omit ${setting}`;
    return throwError(() => new FieldError(`${kind!}.peer.${setting}`, text, 'unsupported'));
  }
  return rowIn(client, row.link!).pipe(map((peer) => (peer === undefined ? undefined : withPeerOf(link, peerFrom(peer, undefined)))));
}

/** Adds a peer to a pair that is in another namespace than the wanted one. @internal */
export function withPeerElsewhere(link: Link, wanted: Wanted): Link {
  return withPeerOf(link, { name: peerOf(wanted)?.name, netns: `another namespace${numberOf(link[Row])}` });
}

function withPeerOf(link: Link, peer: object): Link {
  const kind = link.kind!;
  return Object.assign(link, { [kind]: { ...(link as unknown as Record<string, object | undefined>)[kind], peer } });
}

/** Changes the peer of a pair in its namespace. @param paths - The changed properties of the pair. @internal */
export function writePeer(client: Client, { kind, [Row]: row }: Link, wanted: Wanted, paths: ReadonlySet<string>): Observable<never> {
  const { netns, name, mac, mtu, up } = peerOf(wanted) ?? {};
  const has = (property: string): boolean => paths.has(`${kind}.peer.${property}`);
  // The name of a peer in the same namespace is not changed by its pair.
  if (![...(netns === undefined ? [] : ['name']), ...SETTINGS].some(has)) return EMPTY;
  const request = omitUndefined({
    ifiIndex: row.link!,
    ifname: has('name') ? name : undefined,
    address: has('mac') ? mac : undefined,
    mtu: has('mtu') ? mtu : undefined,
    ...(has('up') && { ifiFlags: up === true ? IfinfoFlags.Up : 0, ifiChange: IfinfoFlags.Up }),
  }) as NewlinkRequest;
  const write = ({ link }: Client): Observable<never> => link.do('newlink', request).pipe(ignoreElements());
  return netns === undefined ? write(client) : inNamespace(client, netns, write);
}

/** Returns true if the peer of a pair is in an open namespace. */
function isNamespaceOf(client: Client, row: GetlinkReply, fd: number, there: GetlinkReply | undefined): Observable<boolean> {
  const { linkNetnsid, ifiIndex } = row;
  // The row with a number has assigned it: no other namespace has it.
  if (linkNetnsid !== undefined) {
    const numbers = rtNsid(client.link.socket);
    return numbers.do('getnsid', { fd }).pipe(map(({ nsid }) => nsid === linkNetnsid));
  }
  if (there?.link !== ifiIndex || there.linkNetnsid !== undefined) return of(false);
  return rowIn(client, row.link!).pipe(map((here) => here?.ifname === there.ifname && here?.address === there.address));
}

function rowIn({ link }: Client, ifiIndex: number): Observable<GetlinkReply | undefined> {
  return link
    .do('getlink', { ifiIndex })
    .pipe(catchError((error: unknown) => (isKernelError(error, 'ENODEV') ? of(undefined) : throwError(() => error))));
}

/** Translates the row of a peer. The wanted name may be an alternative name. */
function peerFrom({ ifname, propList, address, mtu, ifiFlags }: GetlinkReply, wanted: string | undefined): object {
  const isAlternative = wanted !== undefined && propList?.altIfname?.includes(wanted) === true;
  return omitUndefined({ name: isAlternative ? wanted : ifname, mac: address, mtu, up: (ifiFlags & IfinfoFlags.Up) !== 0 });
}

function numberOf({ linkNetnsid }: GetlinkReply): string {
  return linkNetnsid === undefined ? '' : ` (netnsid ${linkNetnsid})`;
}
