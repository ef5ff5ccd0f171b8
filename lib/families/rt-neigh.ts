import { watchableFamily, type WatchDeclaration, type WatchTrigger, type WatchableFamilyFactory } from '../live/index.js';
import { AddressFamily } from '../schema/index.js';
import { NtfFlags, NudState, rtNeighSchema, type GetneighReply, type RtNeighFamily } from './generated/rt-neigh.js';
import { Group, Type } from './rtnetlink.js';

export * from './generated/rt-neigh.js';

type Declaration = WatchDeclaration<GetneighReply, keyof RtNeighFamily['notifications'], keyof RtNeighFamily['groups']>;

/** States whose entries appear and disappear without an event: not resolved yet, or nothing to resolve. */
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

/** A VXLAN device that moves to another namespace takes its entries along. Deleting a nexthop group deletes the entries through it. */
const FORWARDING_TRIGGERS: readonly WatchTrigger[] = [
  { group: Group.Link, types: [Type.DelLink] },
  { group: Group.Link, types: [Type.NewLink], when: isArrival },
  { group: Group.Nexthop, types: [Type.DelNexthop] },
];

/** Returns true for a new link: ifi_change in struct ifinfomsg marks all flags as changed. */
function isArrival(payload: Uint8Array): boolean {
  return payload.byteLength >= 16 && payload.subarray(12, 16).every((byte) => byte === 0xff);
}

/**
 * Returns the key of a forwarding entry of a bridge or VXLAN device. An entry that moves to another port or peer is not deleted:
 * the key is the bridge, or the device and its network. Only flooding entries have several peers for one address.
 * The entries that other devices list for their own addresses change without an event and are omitted.
 */
function forwardingKey({ master, ndmIfindex, ifindex, vlan, lladdr = '', srcVni, dst, vni, port, nhId }: GetneighReply): string {
  if (master !== undefined) return `bridge ${master} ${vlan ?? ''} ${lladdr}`;
  const place = `device ${ndmIfindex} ${srcVni ?? ''} ${lladdr}`;
  return floods(lladdr) ? `${place} ${dst ?? ''} ${vni ?? ''} ${port ?? ''} ${ifindex ?? ''} ${nhId ?? ''}` : place;
}

/** Returns true for the address of unknown receivers, which is all zeroes, and for multicast, which has an odd first byte. */
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
  // The entries that ports list as their own also belong to their bridge, but do not name it.
  hiddenFilters: true,
};

/** Neighbours and bridge forwarding entries: `watch('getneigh', { ndmFamily: AddressFamily.Bridge })`. @public */
export const rtNeigh: WatchableFamilyFactory<RtNeighFamily, 'getneigh'> = watchableFamily(rtNeighSchema, {
  getneigh: ({ ndmFamily, ndmFlags = 0 }) => {
    if ((ndmFlags & NtfFlags.Proxy) !== 0) return 'the kernel sends no event for proxies';
    return ndmFamily === AddressFamily.Bridge ? forwarding : neighbours;
  },
  getneightbl: 'parameters of neighbour tables change without an event',
});
