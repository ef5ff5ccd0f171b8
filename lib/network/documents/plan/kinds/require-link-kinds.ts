import { forkJoin, map, of, type Observable } from 'rxjs';
import { suggestion } from '../../../../check/index.js';
import { FamilyClient } from '../../../../client/index.js';
import { rtLinkSchema } from '../../../../families/rt-link.js';
import type { NetworkClients } from '../../../clients.js';
import { FieldError } from '../../../common/field-error.js';
import { kinds } from '../../../links/kinds/kinds.js';
import type { SiteChange } from '../../site.js';
import { mayLoad } from './modules.js';

/** RTEXT_FILTER_SKIP_STATS (uapi/linux/rtnetlink.h). */
const SKIP_STATS = 8;

/**
 * Emits if the kernel may have the kinds of all links that a plan creates.
 *
 * @param changes - The changes that create links.
 * @throws FieldError `unsupported` as the error signal, if the kernel has no such kind, and no module with it.
 * @internal
 */
export function requireLinkKinds(changes: readonly SiteChange[]): Observable<void> {
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
      const hint = kinds.has(kind) ? '' : suggestion(kind, kinds.keys(), '; ');
      throw new FieldError(path, `this kernel has no links of kind '${kind}', and no module rtnl-link-${kind}${hint}`, 'unsupported');
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
    .pipe(map((rows) => rows.some(({ linkinfo }) => linkinfo?.kind !== kind) && !mayLoad('modules.alias', aliasOf(kind))));
}

const aliasOf = (kind: string): RegExp => new RegExp(`^alias rtnl-link-${kind.replaceAll(/[^\w-]/g, '.')} `, 'm');
