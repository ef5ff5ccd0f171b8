import { watchableFamily, type WatchDeclaration, type WatchableFamilyFactory } from '../live/index.js';
import { NtfFlags, NudState, rtNeighSchema, type GetneighReply, type RtNeighFamily } from './generated/rt-neigh.js';

export * from './generated/rt-neigh.js';

type Declaration = WatchDeclaration<GetneighReply, keyof RtNeighFamily['notifications'], keyof RtNeighFamily['groups']>;

const AF_BRIDGE = 7;

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
  accepts: ({ ndmFamily, ndmFlags }) => ndmFamily !== AF_BRIDGE && (ndmFlags & NtfFlags.Proxy) === 0,
  shows: ({ ndmState }) => ndmState !== 0 && (ndmState & QUIET_STATES) === 0,
  filters: { ndmFamily: ({ ndmFamily }) => ndmFamily, ifindex: ({ ndmIfindex }) => ndmIfindex },
};

/**
 * Forwarding entries of bridges and VXLAN devices. One that moves to another port does so without being deleted: its bridge
 * is its place. What other devices list as their own addresses changes without an event and is left out.
 */
const forwarding: Declaration = {
  ...both,
  key: ({ master, ndmIfindex, vlan = '', lladdr = '', dst = '', vni = '', port = '', nhId = '' }) =>
    `${master === undefined ? `device ${ndmIfindex}` : `bridge ${master}`} ${vlan} ${lladdr} ${dst} ${vni} ${port} ${nhId}`,
  accepts: ({ ndmFamily, master, dst, nhId }) => ndmFamily === AF_BRIDGE && (master ?? dst ?? nhId) !== undefined,
  filters: { ndmFamily: ({ ndmFamily }) => ndmFamily, ndmIfindex: ({ ndmIfindex }) => ndmIfindex, master: ({ master }) => master },
};

/** Neighbours and bridge forwarding entries: `watch('getneigh', { ndmFamily: 7 })`. @public */
export const rtNeigh: WatchableFamilyFactory<RtNeighFamily> = watchableFamily(rtNeighSchema, {
  getneigh: ({ ndmFamily, ndmFlags = 0 }) => {
    if ((ndmFlags & NtfFlags.Proxy) !== 0) return 'the kernel tells nothing of proxies';
    return ndmFamily === AF_BRIDGE ? forwarding : neighbours;
  },
  getneightbl: 'parameters of neighbour tables change without an event',
});
