import { omitUndefined } from '../../../lib/check/index.js';
import type { RtRouteFamily } from '../../../lib/families/rt-route.js';
import { encapOf, labelsText } from './encapsulations.js';
import { compareFields, within, type Fields, type Shown } from './fields.js';
import type { LinkNames } from './link-names.js';

export type RouteRow = RtRouteFamily['dump']['getroute']['reply'];
type Nexthop = NonNullable<RouteRow['multipath']>[number];
export type NexthopObject = RtRouteFamily['dump']['getnexthop']['reply'];

const AF_INET = 2;
const AF_INET6 = 10;
const AF_MPLS = 28;
/** The library shows the four bytes of a label like an address. */
const entryOf = (text: string): number => text.split('.').reduce((number, part) => number * 256 + Number(part), 0);
/** RTM_F_CLONED: the route to one address. */
const CLONED = 0x200;
// RT_TABLE_*, RTPROT_*, RT_SCOPE_*, RTNH_F_* of uapi/linux/rtnetlink.h
export const TABLE: Readonly<Record<number, string>> = { 253: 'default', 254: 'main', 255: 'local' };
const PROTOCOL: Readonly<Record<number, string>> = { 2: 'kernel', 3: 'boot', 4: 'static', 99: 'openr' };
const SCOPE: Readonly<Record<number, string>> = { 0: 'global', 200: 'site', 253: 'link', 254: 'host' };
const FLAGS = [
  ['dead', 1],
  ['pervasive', 2],
  ['onlink', 4],
  ['offload', 8],
  ['linkdown', 16],
] as const;

const flags = (bits: number) => FLAGS.filter(([, bit]) => (bits & bit) !== 0).map(([name]) => name);
export const destination = ({ rtmFamily, rtmDstLen, dst }: RouteRow): string => {
  if (rtmFamily === AF_MPLS) return labelsText([entryOf(String(dst))]);
  if (dst === undefined) return 'default';
  return rtmDstLen === (rtmFamily === AF_INET ? 32 : 128) ? dst : `${dst}/${String(rtmDstLen)}`;
};

const nexthop = (names: LinkNames): Fields<Nexthop> => ({
  to: ({ newdst }) => labelsText(newdst),
  gateway: ({ gateway }) => gateway,
  via: ({ via }) => via && { family: via.rtviaFamily === AF_INET6 ? 'inet6' : 'inet', host: via.rtviaAddr },
  dev: ({ rtnhIfindex }) => names.of(rtnhIfindex),
  weight: ({ rtnhHops }) => rtnhHops + 1,
  flags: ({ rtnhFlags }) => flags(rtnhFlags),
});

/** The properties of a route in `ip -d route`. */
export const route = (names: LinkNames): Fields<RouteRow> => ({
  type: ({ rtmType }) => rtmType,
  dst: destination,
  from: ({ rtmFamily, src, rtmSrcLen }) => (rtmSrcLen === (rtmFamily === AF_INET ? 32 : 128) ? src : `${src ?? '?'}/${String(rtmSrcLen)}`),
  to: ({ newdst }) => labelsText(newdst),
  tos: ({ rtmTos }) => `0x${rtmTos.toString(16).padStart(2, '0')}`,
  gateway: ({ gateway }) => gateway,
  via: ({ via }) => via && { family: via.rtviaFamily === AF_INET6 ? 'inet6' : 'inet', host: via.rtviaAddr },
  dev: ({ oif }) => names.of(oif),
  nhid: ({ nhId }) => nhId,
  table: ({ table }) => TABLE[table ?? 0] ?? String(table),
  protocol: ({ rtmProtocol }) => PROTOCOL[rtmProtocol],
  scope: ({ rtmScope }) => SCOPE[rtmScope],
  prefsrc: ({ prefsrc }) => prefsrc,
  metric: ({ priority }) => priority,
  flags: ({ rtmFlags }) => flags(rtmFlags),
  flow: ({ flow }) => ({ from: String((flow ?? 0) >> 16), to: String((flow ?? 0) & 0xffff) }),
  pref: ({ pref }) => pref,
  expires: ({ cacheinfo }, shown) => within(1, shown, (cacheinfo?.rtaExpires ?? 0) / 100),
  metrics: ({ metrics }) => [metrics === undefined ? {} : metricsOf(metrics)],
  uid: ({ uid }) => uid,
  cache: ({ rtmFlags }) => ((rtmFlags & CLONED) === 0 ? undefined : []),
  encap: ({ encap, encapType }) => encapOf(encapType, encap, names),
  nexthops: ({ multipath }, shown) => {
    (multipath ?? []).forEach((hop, index) => {
      compareFields(`nexthop ${String(index)}`, (shown as Shown[])[index]!, hop, nexthop(names));
    });
    return (shown as Shown[]).slice(0, multipath?.length ?? 0);
  },
});

/** iproute2's names and units for RTAX_*: round trip times are in eighths and quarters of a millisecond. */
function metricsOf(metrics: NonNullable<RouteRow['metrics']>): object {
  const { rtt, rttvar, lock: _lock, ccAlgo, features, ...others } = metrics;
  return {
    ...Object.fromEntries(Object.entries(others).map(([key, value]) => [key === 'rtoMin' ? 'rto_min' : key, value])),
    ...(rtt === undefined ? {} : { rtt: rtt / 8 }),
    ...(rttvar === undefined ? {} : { rttvar: rttvar / 4 }),
    ...omitUndefined({ congestion: ccAlgo }),
    // RTAX_FEATURE_ECN of linux/rtnetlink.h
    ...(((features ?? 0) & 1) === 0 ? {} : { ecn: null }),
  };
}

/** The properties of an object in `ip -d nexthop`. */
export const nexthopObject = (names: LinkNames): Fields<NexthopObject> => ({
  id: ({ id }) => id,
  gateway: ({ gateway }) => gateway,
  dev: ({ oif }) => names.of(oif),
  encap: ({ encap, encapType }) => encapOf(encapType, encap, names),
  scope: ({ nhScope }) => SCOPE[nhScope],
  protocol: ({ nhProtocol }) => (nhProtocol === 0 ? 'unspec' : (PROTOCOL[nhProtocol] ?? String(nhProtocol))),
  flags: ({ nhFlags }) => flags(nhFlags),
  blackhole: ({ blackhole }) => (blackhole === true ? null : undefined),
  fdb: ({ fdb }) => (fdb === true ? null : undefined),
  type: ({ groupType }) => ({ 1: 'resilient' })[groupType ?? 0],
  resilient_args: ({ resGroup }) => ({
    buckets: resGroup?.buckets,
    idle_timer: (resGroup?.idleTimer ?? 0) / 100,
    unbalanced_timer: (resGroup?.unbalancedTimer ?? 0) / 100,
    unbalanced_time: Number(resGroup?.unbalancedTime),
  }),
  hw_stats: ({ hwStatsEnable, hwStatsUsed }) => ({ enabled: hwStatsEnable === 1, used: hwStatsUsed === 1 }),
  group_stats: ({ groupStats }) => groupStats?.entry?.map(({ id, packets }) => ({ id, packets: Number(packets) })),
  group: ({ group }) => group?.map(({ id, weight }) => ({ id, ...(weight === 0 ? {} : { weight: weight + 1 }) })),
});

/** The properties of a bucket of a resilient group in `ip nexthop bucket`. */
export const bucket = (names: LinkNames): Fields<NexthopObject> => ({
  id: ({ id }) => id,
  flags: ({ nhFlags }) => flags(nhFlags),
  bucket: ({ resBucket, oif }, shown) => ({
    ...{ index: resBucket?.index, idle_time: within(1, (shown as Shown)['idle_time'], Number(resBucket?.idleTime) / 100) },
    nhid: resBucket?.nhId,
    ...(oif === undefined ? {} : { dev: names.of(oif) }),
  }),
});

/** The properties of a multicast route in `ip -s mroute`; a resolved entry has counters. */
export const multicast = (names: LinkNames): Fields<RouteRow> => ({
  src: ({ src }) => src,
  dst: ({ dst }) => dst,
  iif: ({ iif }) => names.of(iif),
  multipath: ({ multipath }) => multipath?.map(({ rtnhIfindex }) => ({ oif: names.of(rtnhIfindex) })),
  // RTNH_F_UNRESOLVED
  state: ({ rtmFlags }) => ((rtmFlags & 32) === 0 ? 'resolved' : 'unresolved'),
  packets: ({ mfcStats }) => Number(mfcStats?.mfcsPackets),
  bytes: ({ mfcStats }) => Number(mfcStats?.mfcsBytes),
  expires: ({ expires }) => Number(expires) / 100,
});
