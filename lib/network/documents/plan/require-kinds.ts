import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { catchError, concat, concatMap, EMPTY, forkJoin, from, ignoreElements, map, of, type Observable } from 'rxjs';
import { FamilyClient } from '../../../client/index.js';
import { rtLinkSchema } from '../../../families/rt-link.js';
import type { NetworkClients } from '../../clients.js';
import { FieldError } from '../../common/field-error.js';
import { kinds } from '../../links/kinds/kinds.js';
import { isKernelError } from '../../../errors/index.js';
import type { SiteChange } from '../site.js';
import type { State } from './planned-change.js';

/** LOOPBACK_IFINDEX */
const LOOPBACK = 1;

/** TC_H_ROOT */
const ROOT = 0xffff_ffff;

/** RTEXT_FILTER_SKIP_STATS (uapi/linux/rtnetlink.h). */
const SKIP_STATS = 8;

/**
 * Emits if the kernel may have the kinds of all links that a plan creates.
 *
 * @param changes - The changes that create links.
 * @throws FieldError `unsupported` as the error signal, if the kernel has no such kind, and no module with it.
 * @internal
 */
export function requireKinds(changes: readonly SiteChange[]): Observable<void> {
  const places = new Map<string, { readonly path: string; readonly client: NetworkClients['link'] }>();
  for (const { site, change } of changes) {
    const kind = change.wanted?.['kind'] as string | undefined;
    // The device of a tunnel of user space is not created by netlink.
    if (kind !== undefined && kinds.get(kind)?.device === undefined && !places.has(kind))
      places.set(kind, { path: `${change.path}.kind`, client: site.clients.link });
  }
  if (places.size === 0) return of(undefined);
  return forkJoin(
    [...places].map(([kind, { path, client }]) => isMissing(client, kind).pipe(map((missing) => ({ kind, path, missing })))),
  ).pipe(
    map((found) => {
      const lacking = found.find(({ missing }) => missing);
      if (lacking === undefined) return;
      const { kind, path } = lacking;
      throw new FieldError(path, `this kernel has no links of kind '${kind}', and no module rtnl-link-${kind}`, 'unsupported');
    }),
  );
}

/**
 * Emits true if a kind is not registered, and no module can register it.
 *
 * A dump by a kind that the kernel does not know is a dump of all links, the loopback link included.
 */
function isMissing(client: NetworkClients['link'], kind: string): Observable<boolean> {
  // This client does not filter by itself what the kernel has not filtered.
  const unfiltered = new FamilyClient(rtLinkSchema, client.socket);
  const request = { linkinfo: { kind: kind as never }, extMask: SKIP_STATS };
  return unfiltered
    .list('getlink', request, { pick: ['linkinfo'] })
    .pipe(map((rows) => rows.some(({ linkinfo }) => linkinfo?.kind !== kind) && !mayLoad(kind)));
}

/** Returns true if the kernel may load a module for a kind. */
function mayLoad(kind: string): boolean {
  // Without this file, the kernel loads no modules.
  if (!existsSync('/proc/modules')) return false;
  try {
    const aliases = readFileSync(`/lib/modules/${release()}/modules.alias`, 'utf8');
    return new RegExp(`^alias rtnl-link-${kind.replaceAll(/[^\w-]/g, '.')} `, 'm').test(aliases);
  } catch {
    // In a container, the modules of the host cannot be seen.
    return true;
  }
}

/**
 * Asks for the kinds of qdiscs and actions that a plan writes and that the kernel does not show in use. Emits nothing, then completes.
 *
 * The kernel looks up a kind first, and each request fails in any case. There is no such request for kinds of filters.
 *
 * @param states - The states of all namespaces, that of the client first.
 * @throws FieldError `unsupported` as the error signal, if the kernel has no such kind, and cannot load it.
 * @internal
 */
export function requireTrafficKinds({ tc }: NetworkClients, changes: readonly SiteChange[], states: readonly State[]): Observable<never> {
  const links = states[0]!.objects.links as readonly { readonly index: number; readonly txQueueLength?: number }[];
  // A new qdisc makes the kernel correct a queue without a length.
  const hasQueue = links.some(({ index, txQueueLength = 0 }) => index === LOOPBACK && txQueueLength > 0);
  const qdiscs = new Map<string, string>();
  const actions = new Map<string, string>();
  for (const { change } of changes) {
    const { table, wanted, path } = change;
    if (wanted === undefined) continue;
    if (table === 'qdiscs' && hasQueue) note(qdiscs, wanted, `${path}.kind`);
    if (table === 'filters') for (const [index, action] of actionsOf(wanted).entries()) note(actions, action, `${path}.actions[${index}]`);
  }
  for (const { objects } of states) {
    for (const { kind } of (objects.qdiscs ?? []) as readonly Kinded[]) qdiscs.delete(kind);
    for (const { kind } of (objects.filters ?? []).flatMap(actionsOf)) actions.delete(kind);
  }
  return concat(
    requireEach(qdiscs, 'qdiscs', 'sch_', (kind) => {
      // The index 0 of a block makes it fail, before Linux 4.16 the empty size table.
      const request = { family: 0, ifindex: LOOPBACK, handle: 0, parent: ROOT, info: 0, kind: kind as never, ingressBlock: 0, stab: {} };
      return tc.do('newqdisc', request, { create: true, exclusive: true });
    }),
    // An action without options is incomplete.
    requireEach(actions, 'actions', 'act_', (kind) => tc.do('newaction', { tab: [{ kind: kind as never }] }, { create: true })),
  );
}

function requireEach(
  places: ReadonlyMap<string, string>,
  what: string,
  module: string,
  ask: (kind: string) => Observable<unknown>,
): Observable<never> {
  return from(places).pipe(
    concatMap(([kind, path]) =>
      ask(kind).pipe(
        catchError((error: unknown) => {
          if (isKernelError(error, 'ENOENT'))
            throw new FieldError(path, `this kernel has no ${what} of kind '${kind}', and no module ${module}${kind}`, 'unsupported');
          if (isKernelError(error)) return EMPTY;
          throw error;
        }),
      ),
    ),
    ignoreElements(),
  );
}

interface Kinded {
  readonly kind: string;
}

const actionsOf = (filter: object): readonly Kinded[] => (filter as { readonly actions?: readonly Kinded[] }).actions ?? [];

/** Keeps the first place of a kind. */
function note(places: Map<string, string>, object: object, path: string): void {
  const { kind } = object as Partial<Kinded>;
  if (kind !== undefined && !places.has(kind)) places.set(kind, path);
}
