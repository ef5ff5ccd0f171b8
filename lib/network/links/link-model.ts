import { type Observable, catchError, forkJoin, map, mergeMap, of, throwError } from 'rxjs';
import { omitUndefined } from '../../check/index.js';
import { isKernelError } from '../../errors/index.js';
import type { GetlinkReply, rtLink } from '../../families/rt-link.js';
import { inSlices, translated } from '../common/slices.js';
import { FieldError } from '../common/field-error.js';
import type { NetworkClients } from '../clients.js';
import { fixedOptions, type OptionTable } from '../fields/option-table.js';
import { LinkNames } from '../names/link-names.js';
import { step } from '../tables/step.js';
import type { TableModel, Update, Wanted } from '../tables/table-model.js';
import { kinds } from './kinds/kinds.js';
import type { Link } from './link.js';
import { explainLinkError } from './kinds/link-errors.js';
import { linkOf, relatedIndexes } from './link-rows.js';
import { checkKind, checkLink, checkNewLink, LINK_FILTERS, LINK_KEY, LINK_SHAPE, LINK_STATE, linkKey } from './link-shape.js';
import { LinkWriter, canBeFirst, type Origin } from './link-writer.js';
import { addParts, type PartName } from './parts/link-parts.js';
import { addPeer, peerOf } from './parts/remote-peer.js';
import { sameVfs } from './parts/vf.js';

type LinkClient = ReturnType<typeof rtLink>;

/** RTEXT_FILTER_SKIP_STATS (uapi/linux/rtnetlink.h). */
const SKIP_STATS = 8;

/** IFNAMSIZ - 1. */
const NAME_LENGTH = 15;

/** Properties that the kernel accepts at the creation only. */
const FIXED: readonly string[] = ['kind', 'parent', 'txQueues', 'rxQueues'];

/** The parts that writers compare. */
const WRITTEN_PARTS: readonly PartName[] = ['vlans', 'vfs', 'wireguard'];

/** Links that the kernel creates with a module in each namespace. It acknowledges their deletion and ignores it. @internal */
export const FALLBACK: ReadonlySet<string> = new Set([
  'gre0',
  'gretap0',
  'erspan0',
  'tunl0',
  'sit0',
  'ip6tnl0',
  'ip6gre0',
  'ip_vti0',
  'ip6_vti0',
]);

/**
 * Returns what the verbs need to know about links.
 *
 * @param origin - The namespace from which new links are created, if it is another one.
 * @internal
 */
export function linkModel(clients: NetworkClients, origin?: Origin): TableModel<Link> {
  const { link: client } = clients;
  const writer = new LinkWriter(clients, origin);
  return {
    table: 'links',
    noun: 'link',
    typical: { spec: '{ name, kind }', number: 'index' },
    shape: LINK_SHAPE,
    key: LINK_KEY,
    state: LINK_STATE,
    always: ['index', 'carrier', 'state'],
    keyNeeds: [],
    identity: ['name'],
    missing: ['ENODEV'],
    explain: explainLinkError,
    identityRemedy: 'use rename() to change it',
    textKeys: true,
    readKey: linkKey,
    check: checkLink,
    checkPart: checkKind,
    nameOf: ({ name, index }) => (typeof name === 'string' ? name : `index ${String(index)}`),
    slot: ({ name, index }) => String(name ?? index),
    matches: (link, { name, index }) => (index === undefined ? isNamed(link, name) : link.index === index),
    keyOf: ({ name, index }) => omitUndefined({ name, index }),
    linkFields: ['master', 'parent'],
    moreLinks: linksInOptions,
    namesByKey: false,
    readsNames: true,
    read: (names, { name, index } = {}) =>
      typeof name === 'string' || typeof index === 'number'
        ? readOne(client, omitUndefined({ name, index }), names)
        : readAll(client, names),
    withParts: (link, wanted) =>
      addParts(
        clients,
        [link],
        WRITTEN_PARTS.filter((part) => wanted[part] !== undefined),
      ).pipe(mergeMap(([complete]) => (complete === undefined ? of(undefined) : addPeer(clients, complete, wanted)))),
    fromRow: (row, names) => linkOf(row as GetlinkReply, names),
    watchRequest: () => ({}),
    filter: { name: (wanted, _found, link) => (wanted === null ? false : isNamed(link, wanted)) },
    filterChecks: LINK_FILTERS,
    equal: EQUAL,
    create: (wanted, names) => {
      checkNewLink(wanted, typeof wanted['parent'] === 'string' || origin?.parent !== undefined);
      return [{ task: () => writer.create(wanted, names) }];
    },
    creation: (wanted) => {
      if (origin !== undefined || !canBeFirst(wanted) || linksInOptions(wanted).length > 0) return undefined;
      checkNewLink(wanted, false);
      const [request, ...others] = writer.requests(wanted, new LinkNames());
      return others.length > 0 ? undefined : step(client, 'newlink', request!, { create: true, exclusive: true });
    },
    update: (link, wanted, changed, names, paths): Update => {
      const { kind } = link as { readonly kind?: string };
      const inside = paths.filter((path) => path.startsWith(`${kind}.`)).map((path) => path.slice(path.indexOf('.') + 1));
      const fixed = [
        ...changed.filter((name) => FIXED.includes(name)),
        ...inside
          .filter((path) => path === 'peer.netns' || (path === 'peer.name' && peerOf(wanted)?.netns === undefined))
          .map((path) => `${kind}.${path}`),
        ...fixedOptions(kinds.get(kind ?? '')?.options ?? {}, inside).map((name) => `${kind}.${name}`),
      ];
      if (fixed.length > 0) return { recreate: fixed };
      return { steps: [{ task: () => writer.update(link, wanted, new Set(paths), names) }] };
    },
    remove: ({ name, index, ...link }) => {
      if (link.kind === undefined)
        throw new FieldError('', 'a driver created the link, so that only the driver can delete it', 'unsupported');
      if (FALLBACK.has(name)) throw new FieldError('', 'the kernel creates it with the module, and ignores its deletion', 'unsupported');
      return [step(client, 'dellink', { ifiIndex: index })];
    },
  };
}

function isNamed({ name, altnames }: Link, wanted: unknown): boolean {
  return name === wanted || altnames?.includes(wanted as string) === true;
}

/** Reads one link, and the names of the links that it names. */
function readOne(client: LinkClient, { name, index }: Wanted, names: LinkNames): Observable<readonly Link[]> {
  return select(client, index === undefined ? { ifname: name as string } : { ifiIndex: index as number }).pipe(
    mergeMap((row) => {
      if (row === undefined) return of([]);
      names.add(row);
      const related = relatedIndexes(row).map((ifiIndex) => select(client, { ifiIndex }));
      return (related.length === 0 ? of([]) : forkJoin(related)).pipe(
        map((rows) => {
          for (const other of rows) if (other !== undefined) names.add(other);
          return [linkOf(row, names)];
        }),
      );
    }),
  );
}

function select(
  client: LinkClient,
  key: { readonly ifname: string } | { readonly ifiIndex: number },
): Observable<GetlinkReply | undefined> {
  const long = 'ifname' in key && Buffer.byteLength(key.ifname) > NAME_LENGTH;
  const name = long ? { altIfname: key.ifname } : key;
  return withoutCounters((mask) => client.do('getlink', { ...name, ...mask }), hasIpv6Settings).pipe(
    catchError((error: unknown) => (isKernelError(error, 'ENODEV') ? of(undefined) : throwError(() => error))),
  );
}

function readAll(client: LinkClient, names: LinkNames): Observable<readonly Link[]> {
  const list = (mask: object): Observable<readonly GetlinkReply[]> => client.list('getlink', mask);
  return withoutCounters(list, (rows) => rows.every(hasIpv6Settings)).pipe(
    mergeMap((rows) =>
      inSlices(() => {
        for (const row of rows) names.add(row);
        return translated(rows, (row) => linkOf(row, names));
      }),
    ),
  );
}

/** Reads rows without counters. Linux 5.10 omits the IPv6 settings together with them: incomplete rows are read again, with both. */
function withoutCounters<R>(
  request: (mask: { readonly extMask?: number }) => Observable<R>,
  isComplete: (reply: R) => boolean,
): Observable<R> {
  return request({ extMask: SKIP_STATS }).pipe(mergeMap((reply) => (isComplete(reply) ? of(reply) : request({}))));
}

function hasIpv6Settings({ afSpec }: GetlinkReply): boolean {
  return afSpec?.inet6 === undefined || afSpec.inet6.addrGenMode !== undefined;
}

/** Returns the links that the options of a kind or of a port name. */
function linksInOptions(wanted: Wanted): readonly string[] {
  const port = wanted['bridgePort'] as { readonly backupPort?: string | null } | undefined;
  const kind = wanted['kind'] as string | undefined;
  const options = kind === undefined ? undefined : (wanted[kind] as Wanted | undefined);
  const table: OptionTable = kinds.get(kind ?? '')?.options ?? {};
  const named = Object.entries(options ?? {}).flatMap(([name, value]) => (table[name]?.names === 'link' ? [value] : []));
  return [port?.backupPort, ...named].filter((name) => typeof name === 'string');
}

/** The properties of a peer. What was not read is not compared. */
const PEER_FIELDS = ['name', 'netns', 'mac', 'mtu', 'up'] as const;
const samePart = (wanted: unknown, found: unknown): boolean => found === undefined || found === wanted;

const EQUAL: NonNullable<TableModel<Link>['equal']> = {
  name: (wanted, _found, link) => isNamed(link, wanted),
  vfs: sameVfs,
  altnames: (wanted, found) => sorted(wanted) === sorted(found),
  ...Object.fromEntries(
    [...kinds].flatMap(([kind, { options, peerIn }]) => [
      ...(peerIn === undefined ? [] : PEER_FIELDS.map((name) => [`${kind}.peer.${name}`, samePart] as const)),
      ...Object.entries(options).flatMap(([name, { same }]) => (same === undefined ? [] : [[`${kind}.${name}`, same] as const])),
    ]),
  ),
};

function sorted(list: unknown): string {
  return [...((list ?? []) as readonly string[])].sort().join(' ');
}
