import type { GetrouteReply, GetnexthopReply } from '../../../families/rt-route.js';
import type { LinkStates } from '../link-states.js';
import { notes, verbOf, words, type Sentence } from './sentence.js';

/** RT_TABLE_* and the names of `ip route`. */
const TABLES: Readonly<Record<number, string>> = { 253: 'default', 254: 'main', 255: 'local' };
/** RTNL_FAMILY_IPMR, RTNL_FAMILY_IP6MR: routes of multicast packets. */
const MULTICAST_ROUTES: ReadonlySet<number> = new Set([128, 129]);
/** RTM_F_CLONED: an entry of the cache. */
const CLONED = 0x200;

/** Returns the name of a routing table. */
export function tableName(table: number): string {
  return TABLES[table] ?? String(table);
}

/** `route 10.0.0.0/8 via 10.1.0.1 on eth0 added`. */
export const route: Sentence<GetrouteReply> = (value, event, { links }) => {
  const { rtmType, rtmDstLen, dst, rtmTable, table = rtmTable, priority, rtmFamily, rtmFlags, nhId, prefsrc, iif } = value;
  return words(
    MULTICAST_ROUTES.has(rtmFamily) ? 'multicast route' : (rtmFlags & CLONED) !== 0 ? 'cached route' : 'route',
    rtmType !== 'unicast' && String(rtmType),
    dst === undefined ? (rtmDstLen === 0 ? 'default' : `/${String(rtmDstLen)}`) : `${dst}/${String(rtmDstLen)}`,
    MULTICAST_ROUTES.has(rtmFamily) && iif !== undefined && `from ${links.nameOf(iif)}`,
    value.multipath === undefined
      ? hop(value, links)
      : value.multipath.map((part) => hop({ ...part, oif: part.rtnhIfindex }, links)).join(' and '),
    nhId !== undefined && `nexthop ${String(nhId)}`,
    priority !== undefined && priority !== 0 && `metric ${String(priority)}`,
    table !== 254 && `in table ${tableName(table)}`,
    verbOf(event),
    notes([prefsrc !== undefined && `source ${prefsrc}`]),
  );
};

function hop({ gateway, via, oif }: Pick<GetrouteReply, 'gateway' | 'via' | 'oif'>, links: LinkStates): string {
  const gate = gateway ?? via?.rtviaAddr;
  return words(gate !== undefined && `via ${gate}`, oif !== undefined && `on ${links.nameOf(oif)}`);
}

/** `nexthop 7 via 10.0.0.1 on eth0 added`. */
export const nexthop: Sentence<GetnexthopReply> = (value, event, { links }) => {
  const { id = 0, group, blackhole, fdb, resBucket } = value;
  return words(
    event.operation.includes('bucket') ? 'bucket of nexthop' : 'nexthop',
    id,
    blackhole === true && 'blackhole',
    fdb === true && 'fdb',
    hop(value, links),
    group !== undefined &&
      group.length > 0 &&
      `of group ${group.map((member) => `${String(member.id)} x ${String(member.weight + 1)}`).join(', ')}`,
    resBucket?.nhId !== undefined && `to ${String(resBucket.nhId)}`,
    verbOf(event),
  );
};
