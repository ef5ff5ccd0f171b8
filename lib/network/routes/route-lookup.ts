import { type Observable, catchError, map, mergeMap, throwError } from 'rxjs';
import { isKernelError } from '../../errors/index.js';
import { omitUndefined } from '../../check/index.js';
import type { GetrouteReply, GetrouteRequest } from '../../families/rt-route.js';
import { familyNumber } from '../fields/address-family.js';
import type { NetworkClients } from '../clients.js';
import { FieldError } from '../common/field-error.js';
import { ip, parseCidr } from '../fields/address-checks.js';
import { linkName, uint32 } from '../fields/check.js';
import { LinkNames } from '../names/link-names.js';
import type { Names } from '../names/names.js';
import type { RouteNames } from '../names/route-names.js';
import type { VerbOptions } from '../tables/verbs.js';
import type { Route } from './route.js';
import { linksOfRow, routeOf } from './route-rows.js';

/** The packet of a lookup. @public */
export interface LookupOptions extends VerbOptions {
  /** The source address of the packet. */
  readonly source?: string;
  /** The link from which the packet comes, by name: the lookup is that of a router. */
  readonly iif?: string;
  /** The firewall mark of the packet. */
  readonly mark?: number;
  /** The user who owns the socket. */
  readonly uid?: number;
}

/** The options of a lookup that are not options of every verb. @internal */
export const LOOKUP_OPTIONS: readonly string[] = ['source', 'iif', 'mark', 'uid'];

/** RTM_F_LOOKUP_TABLE: the reply has the table that the rules chose (uapi/linux/rtnetlink.h). */
const LOOKUP_TABLE = 0x1000;

/** The types of routes that cause these errors of a lookup. */
const REJECTED: Readonly<Record<string, string>> = {
  EACCES: 'a prohibit route or rule rejects it',
  EINVAL: 'a blackhole route or rule discards it',
};

/** The clients and names of a lookup. @internal */
export interface LookupContext {
  readonly clients: Pick<NetworkClients, 'route'>;
  readonly names: Names;
  readonly words: RouteNames;
}

/** Emits the route, the link and the source address that the kernel chooses for a packet. @internal */
export function lookupRoute(to: string, given: LookupOptions, { clients, names, words }: LookupContext): Observable<Route> {
  const { address, family } = parseCidr(ip(to, 'to'), 'to');
  const source = given.source === undefined ? undefined : ip(given.source, 'source');
  if (source !== undefined && parseCidr(source, 'source').family !== family)
    throw new FieldError('source', `expected an IPv${family} address, not '${source}'`);
  const iif = given.iif === undefined ? undefined : linkName(127)(given.iif, 'iif');
  const bits = family === 4 ? 32 : 128;
  return names.some(iif === undefined ? [] : [iif]).pipe(
    mergeMap((links) => {
      const index = iif === undefined ? undefined : links.indexOf(iif);
      if (iif !== undefined && index === undefined) return names.unknown(iif, 'iif');
      const request = omitUndefined({
        rtmFamily: familyNumber(family),
        // IPv6 rejects the flag, and reports the table in any case.
        rtmFlags: family === 4 ? LOOKUP_TABLE : 0,
        rtmDstLen: bits,
        dst: address,
        rtmSrcLen: source === undefined ? undefined : bits,
        src: source,
        iif: index,
        mark: given.mark === undefined ? undefined : uint32(given.mark, 'mark'),
        uid: given.uid === undefined ? undefined : uint32(given.uid, 'uid'),
      }) as GetrouteRequest;
      return clients.route.do('getroute', request);
    }),
    catchError((error: unknown) => throwError(() => rejection(error))),
    mergeMap((row: GetrouteReply) => names.including(new LinkNames(), linksOfRow(row)).pipe(map((found) => routeOf(row, found, words)))),
  );
}

function rejection(error: unknown): unknown {
  if (!isKernelError(error)) return error;
  const { code, extendedAck } = error;
  const text = extendedAck.message === undefined && Object.hasOwn(REJECTED, code) ? REJECTED[code] : undefined;
  return text === undefined ? error : new FieldError('', `${text} (${code})`, 'unreachable');
}
