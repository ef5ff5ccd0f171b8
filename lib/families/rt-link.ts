import { watchableFamily, type WatchDeclaration, type WatchableFamilyFactory } from '../live/index.js';
import { rtLinkSchema, type GetlinkReply, type RtLinkFamily } from './generated/rt-link.js';

export * from './generated/rt-link.js';

/** RTEXT_FILTER_SKIP_STATS (uapi/linux/rtnetlink.h): counters would be half of every row, and are old at once. */
const SKIP_STATS = 8;

/** Of a link that has just come, all flags are said to have changed. */
const ALL_FLAGS = 0xffff_ffff;

/** Timers and counts of a bridge that run by themselves. */
const BRIDGE_CLOCKS = ['helloTimer', 'tcnTimer', 'topologyChangeTimer', 'gcTimer', 'fdbNLearned'];

const links: WatchDeclaration<GetlinkReply, keyof RtLinkFamily['notifications'], keyof RtLinkFamily['groups']> = {
  groups: ['rtnlgrp-link'],
  set: ['newlink-ntf'],
  delete: ['dellink-ntf'],
  key: ({ ifiIndex }) => ifiIndex,
  // A bridge's view of a port comes in the same group, and leaving the bridge deletes that view, not the link.
  accepts: ({ ifiFamily }) => ifiFamily === 0,
  request: { extMask: SKIP_STATS },
  filters: { master: ({ master }) => master, linkinfo: ({ linkinfo }) => ({ kind: linkinfo?.kind }) },
  without: ['stats', 'stats64', 'event'],
  volatile: ['ifiChange', 'extMask', 'afSpec', 'carrierChanges', 'carrierUpCount', 'carrierDownCount'],
  silent: [
    'qdisc',
    'afSpec',
    'linkinfo',
    'promiscuity',
    'allmulti',
    'protinfo',
    // The alias, group, mode and carrier of a link that is down change in silence, until it goes up.
    'ifalias',
    'group',
    'linkmode',
    'carrier',
    // How much it takes at once, which ports and settings change.
    'gsoMaxSegs',
    'gsoMaxSize',
    'gsoIpv4MaxSize',
    'groMaxSize',
    'groIpv4MaxSize',
    'tsoMaxSegs',
    'tsoMaxSize',
  ],
  silentOn: {
    // Of a pair the first is told of before it has got its other end, and where that is from then on only while it is up.
    'newlink-ntf': ({ linkinfo, link, ifiChange }) => linkinfo?.kind === 'veth' && (link === 0 || ifiChange === ALL_FLAGS),
    'dellink-ntf': ({ newNetnsid }) => newNetnsid !== undefined,
  },
  waitsForLock: true,
  significant: withoutClocks,
};

/** A port's attributes and a bridge's clocks change without an event of the link. */
function withoutClocks(link: GetlinkReply): object {
  const { linkinfo } = link;
  if (linkinfo === undefined || (linkinfo.kind !== 'bridge' && !('slaveData' in linkinfo))) return link;
  const kept = Object.entries(linkinfo)
    .filter(([name]) => name !== 'slaveData')
    .map(([name, value]) => [name, name === 'data' ? omit(value as object, BRIDGE_CLOCKS) : value] as const);
  return { ...link, linkinfo: Object.fromEntries(kept) };
}

function omit(value: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

/** Network interfaces. @public */
export const rtLink: WatchableFamilyFactory<RtLinkFamily, 'getlink'> = watchableFamily(rtLinkSchema, {
  getlink: links,
  getstats: 'counters change all the time and no event tells; dump them at an interval and see rates()',
});
