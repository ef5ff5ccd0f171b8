import { catchError, forkJoin, map, of, throwError } from 'rxjs';
import { isKernelError } from '../../../errors/index.js';
import { RtnhFlags, type GetnexthopReply, type GetrouteReply } from '../../../families/rt-route.js';
import type { GetruleReply } from '../../../families/rt-rule.js';
import { sameValue } from '../../../live/internal.js';
import { deleteRequest } from '../../routes/route-rows.js';
import { joined } from '../../common/joined.js';
import { step } from '../../tables/step.js';
import type { RowTable } from './row-table.js';

const [IPV4, IPV6] = [2, 10];

/** RTM_F_CLONED: a cached route for one destination. */
const CLONED = 0x200;

/** RTPROT_KERNEL. */
const KERNEL = 2;

/** RT_TABLE_LOCAL: the kernel alone writes it. */
const LOCAL = 255;

/** FIB_RULE_INVERT: the other flags are states. */
const INVERT = 2;

/** The part of a route that determines the way of packets. */
const wayOf = ({ oif, gateway, via, multipath, nhId, rtmType }: GetrouteReply): object => ({
  oif,
  gateway,
  via,
  nhId,
  rtmType,
  multipath: multipath?.map((hop) => ({ ...hop, rtnhFlags: hop.rtnhFlags & RtnhFlags.Onlink })),
});

/** The rows of routes, except those that the kernel keeps for its own addresses. @internal */
export const ROUTE_ROWS: RowTable<GetrouteReply> = {
  table: 'routes',
  read: ({ route }) =>
    forkJoin(
      [IPV4, IPV6].map((rtmFamily) =>
        route.list('getroute', { rtmFamily }).pipe(
          catchError((error: unknown) => (isKernelError(error, 'ENOENT') ? of([]) : throwError(() => error))),
          map((rows) => rows.filter((row) => (row.rtmFlags & CLONED) === 0 && !isOwn(row))),
        ),
      ),
    ).pipe(map(joined)),
  slot: ({ rtmFamily, rtmTable, table, dst, rtmDstLen, src, rtmSrcLen, rtmTos, priority }) =>
    `${rtmFamily} ${table ?? rtmTable} ${dst}/${rtmDstLen} ${src}/${rtmSrcLen} ${rtmTos} ${priority ?? 0}`,
  content: (row) => {
    const { cacheinfo: _cacheinfo, expires, rtmFlags, ...rest } = row;
    return { ...rest, ...wayOf(row), rtmFlags: rtmFlags & RtnhFlags.Onlink, isFinite: expires !== undefined };
  },
  returns: ({ rtmProtocol }) => rtmProtocol === KERNEL,
  isChanged: (before, now) => sameValue(wayOf(before), wayOf(now)),
  // IPv4: behind the others of the slot. IPv6: CREATE alone adds.
  add: ({ route }, row) => step(route, 'newroute', row, row.rtmFamily === IPV4 ? { create: true, append: true } : { create: true }),
  remove: ({ route }, row) => step(route, 'delroute', deleteRequest(row)),
};

/** Routes of the local table and of multicast come and go with addresses and links. */
function isOwn({ rtmProtocol, rtmTable, table, rtmType }: GetrouteReply): boolean {
  return (
    rtmProtocol === KERNEL && ((table ?? rtmTable) === LOCAL || rtmType === 'multicast' || rtmType === 'anycast' || rtmType === 'local')
  );
}

/** The rows of routing rules. @internal */
export const RULE_ROWS: RowTable<GetruleReply> = {
  table: 'rules',
  read: ({ rule }) => forkJoin([IPV4, IPV6].map((family) => rule.list('getrule', { family }))).pipe(map(joined)),
  // Equal rules may stand side by side.
  slot: (row) => `${row.family} ${row.priority ?? 0}`,
  content: ({ flags, ...row }) => ({ ...row, flags: flags & INVERT }),
  isChanged: () => false,
  add: ({ rule }, row) => step(rule, 'newrule', { ...row, flags: row.flags & INVERT }, { create: true }),
  remove: ({ rule }, row) => step(rule, 'delrule', { ...row, flags: row.flags & INVERT }),
};

/** The rows of nexthop objects; groups stand behind their members. @internal */
export const NEXTHOP_ROWS: RowTable<GetnexthopReply> = {
  table: 'nexthops',
  read: ({ route }) =>
    route.list('getnexthop', {}).pipe(
      catchError((error: unknown) => (isKernelError(error, 'EOPNOTSUPP') ? of([]) : throwError(() => error))),
      map((rows) => [...rows].sort((one, other) => Number(one.group !== undefined) - Number(other.group !== undefined))),
    ),
  slot: ({ id }) => String(id),
  content: ({ groupStats: _groupStats, nhFlags, resGroup, ...row }) => ({
    ...row,
    nhFlags: nhFlags & RtnhFlags.Onlink,
    buckets: resGroup?.buckets,
    idleTimer: resGroup?.idleTimer,
    unbalancedTimer: resGroup?.unbalancedTimer,
  }),
  add: ({ route }, row) =>
    step(route, 'newnexthop', { ...row, nhFlags: row.nhFlags & RtnhFlags.Onlink }, { create: true, exclusive: true }),
  remove: ({ route }, { id }) => step(route, 'delnexthop', { id: id! }),
  replace: ({ route }, before, now) =>
    (before.group === undefined) === (now.group === undefined)
      ? step(route, 'newnexthop', { ...before, nhFlags: before.nhFlags & RtnhFlags.Onlink }, { replace: true, create: true })
      : undefined,
};
