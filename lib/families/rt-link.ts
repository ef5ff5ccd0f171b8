import { watchableFamily, type WatchDeclaration, type WatchableFamilyFactory } from '../live/index.js';
import { rtLinkSchema, type GetlinkReply, type RtLinkFamily } from './generated/rt-link.js';

export * from './generated/rt-link.js';

/** RTEXT_FILTER_SKIP_STATS (uapi/linux/rtnetlink.h): counters are half of a row, and outdated at once. */
const SKIP_STATS = 8;

/** For a new link, ifi_change marks all flags as changed. */
const ALL_FLAGS = 0xffff_ffff;

/**
 * Timers and counters in the attributes of a kind, which change all the time: those of a bridge, the sequence number of the next frame of HSR
 * (`IFLA_HSR_SEQ_NR`) and the error counters of a CAN controller (`IFLA_CAN_BERR_COUNTER`).
 */
const CLOCKS: ReadonlyMap<string, readonly string[]> = new Map([
  ['bridge', ['helloTimer', 'tcnTimer', 'topologyChangeTimer', 'gcTimer', 'fdbNLearned']],
  ['hsr', ['seqNr']],
  ['can', ['berrCounter']],
]);

/** The attributes of a port, and the counters of a kind (`IFLA_INFO_XSTATS`). */
const OTHERS: readonly string[] = ['slaveData', 'xstats'];

const links: WatchDeclaration<GetlinkReply, keyof RtLinkFamily['notifications'], keyof RtLinkFamily['groups']> = {
  groups: ['rtnlgrp-link'],
  set: ['newlink-ntf'],
  delete: ['dellink-ntf'],
  key: ({ ifiIndex }) => ifiIndex,
  // The same group reports a bridge's view of a port. Leaving the bridge deletes that view, not the link.
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
    // While a link is down, its alias, group, mode and carrier change without an event.
    'ifalias',
    'group',
    'linkmode',
    'carrier',
    // Ports and settings change the segmentation limits.
    'gsoMaxSegs',
    'gsoMaxSize',
    'gsoIpv4MaxSize',
    'groMaxSize',
    'groIpv4MaxSize',
    'tsoMaxSegs',
    'tsoMaxSize',
  ],
  silentOn: {
    // The event of the first veth of a pair precedes its peer; IFLA_LINK is wrong until the link is up.
    'newlink-ntf': ({ linkinfo, link, ifiChange }) => linkinfo?.kind === 'veth' && (link === 0 || ifiChange === ALL_FLAGS),
    'dellink-ntf': ({ newNetnsid }) => newNetnsid !== undefined,
  },
  waitsForLock: true,
  significant: withoutClocks,
};

/** Removes the attributes of a port, and the clocks and counters of a kind, which change without an event of the link. */
function withoutClocks(link: GetlinkReply): object {
  const { linkinfo } = link;
  if (linkinfo === undefined) return link;
  const clocks = CLOCKS.get(linkinfo.kind ?? '');
  if (clocks === undefined && !OTHERS.some((name) => name in linkinfo)) return link;
  const kept = omit(linkinfo, OTHERS) as { readonly data?: object };
  return { ...link, linkinfo: kept.data === undefined || clocks === undefined ? kept : { ...kept, data: omit(kept.data, clocks) } };
}

function omit(value: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

/** Network interfaces. @public */
export const rtLink: WatchableFamilyFactory<RtLinkFamily, 'getlink'> = watchableFamily(rtLinkSchema, {
  getlink: links,
  getstats: 'counters change all the time without an event; dump them at an interval and use rates()',
});
