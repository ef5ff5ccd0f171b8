import { watchableFamily, type WatchDeclaration, type WatchTrigger, type WatchableFamilyFactory } from '../live/index.js';
import { AddressFamily } from '../schema/index.js';
import { NtfFlags, NudState, rtNeighSchema, type GetneighReply, type RtNeighFamily } from './generated/rt-neigh.js';
import { Group, Type } from './rtnetlink.js';

export * from './generated/rt-neigh.js';

type Declaration = WatchDeclaration<GetneighReply, keyof RtNeighFamily['notifications'], keyof RtNeighFamily['groups']>;

/** States in which entries come and go without a word: not resolved yet, or nothing to resolve. */
const QUIET_STATES = NudState.Incomplete | NudState.Noarp;

const both = {
  groups: ['rtnlgrp-neigh'],
  set: ['newneigh-ntf'],
  delete: ['delneigh-ntf'],
  volatile: ['cacheinfo', 'probes'],
  silent: ['ndmState'],
  emptyOn: ['ENODEV'],
  deletesInterrupt: true,
} as const;

const neighbours: Declaration = {
  ...both,
  key: ({ ndmFamily, ndmIfindex, dst }) => `${ndmFamily} ${ndmIfindex} ${dst ?? ''}`,
  accepts: ({ ndmFamily, ndmFlags }) => ndmFamily !== AddressFamily.Bridge && (ndmFlags & NtfFlags.Proxy) === 0,
  shows: ({ ndmState }) => ndmState !== 0 && (ndmState & QUIET_STATES) === 0,
  filters: { ndmFamily: ({ ndmFamily }) => ndmFamily, ifindex: ({ ndmIfindex }) => ndmIfindex },
};

/** A VXLAN device takes its entries along to another namespace, and loses those through a nexthop group with that. */
const FORWARDING_TRIGGERS: readonly WatchTrigger[] = [
  { group: Group.Link, types: [Type.DelLink] },
  { group: Group.Link, types: [Type.NewLink], when: isArrival },
  { group: Group.Nexthop, types: [Type.DelNexthop] },
];

/** Of a link that has just come, all flags in struct ifinfomsg are said to have changed. */
function isArrival(payload: Uint8Array): boolean {
  return payload.byteLength >= 16 && payload.subarray(12, 16).every((byte) => byte === 0xff);
}

/**
 * Forwarding entries of bridges and VXLAN devices. One that moves to another port or peer does so without being deleted: its
 * place is the bridge, or the device and the network it is for. Only to flood are there several peers of one address.
 * What other devices list as their own addresses changes without an event and is left out.
 */
function forwardingKey({ master, ndmIfindex, ifindex, vlan, lladdr = '', srcVni, dst, vni, port, nhId }: GetneighReply): string {
  if (master !== undefined) return `bridge ${master} ${vlan ?? ''} ${lladdr}`;
  const place = `device ${ndmIfindex} ${srcVni ?? ''} ${lladdr}`;
  return floods(lladdr) ? `${place} ${dst ?? ''} ${vni ?? ''} ${port ?? ''} ${ifindex ?? ''} ${nhId ?? ''}` : place;
}

/** All zeroes stand for every address that is not known; an odd first byte for a group of receivers. */
function floods(lladdr: string): boolean {
  return lladdr === '00:00:00:00:00:00' || (parseInt(lladdr.slice(0, 2), 16) & 1) === 1;
}

const forwarding: Declaration = {
  ...both,
  key: forwardingKey,
  triggers: FORWARDING_TRIGGERS,
  waitsForLock: true,
  accepts: ({ ndmFamily, master, dst, nhId }) => ndmFamily === AddressFamily.Bridge && (master ?? dst ?? nhId) !== undefined,
  filters: { ndmFamily: ({ ndmFamily }) => ndmFamily, ndmIfindex: ({ ndmIfindex }) => ndmIfindex, master: ({ master }) => master },
  // What ports list as their own is their bridge's too, and does not say so.
  hiddenFilters: true,
};

/** Neighbours and bridge forwarding entries: `watch('getneigh', { ndmFamily: AddressFamily.Bridge })`. @public */
export const rtNeigh: WatchableFamilyFactory<RtNeighFamily, 'getneigh'> = watchableFamily(rtNeighSchema, {
  getneigh: ({ ndmFamily, ndmFlags = 0 }) => {
    if ((ndmFlags & NtfFlags.Proxy) !== 0) return 'the kernel tells nothing of proxies';
    return ndmFamily === AddressFamily.Bridge ? forwarding : neighbours;
  },
  getneightbl: 'parameters of neighbour tables change without an event',
});
