import type { RowFilters } from '../client/index.js';
import { selectingProperties, suits } from '../client/internal.js';
import { watchableFamily, type WatchDeclaration, type WatchableFamilyFactory } from '../live/index.js';
import { conntrackSchema, type ConntrackFamily, type GetReply, type GetRequest, type TupleAttrsInput } from './generated/conntrack.js';

export * from './generated/conntrack.js';

/** With nf_conntrack_events=2 entries that are older than the first listener cause no events: only a resync finds them. Milliseconds. */
const INTERVAL = 30_000;

const filters: RowFilters<GetReply> = {
  nfgenFamily: ({ nfgenFamily }) => nfgenFamily,
  zone: ({ zone = 0 }) => zone,
  id: ({ id }) => id,
  tupleOrig: ({ tupleOrig }, wanted) => (suits(wanted, tupleOrig) ? wanted : tupleOrig),
  tupleReply: ({ tupleReply }, wanted) => (suits(wanted, tupleReply) ? wanted : tupleReply),
};

const connections: WatchDeclaration<GetReply, keyof ConntrackFamily['notifications'], keyof ConntrackFamily['groups']> = {
  groups: ['nfnlgrp-conntrack-new', 'nfnlgrp-conntrack-update', 'nfnlgrp-conntrack-destroy'],
  set: ['new-ntf'],
  delete: ['delete-ntf'],
  key: ({ nfgenFamily, zone = 0, tupleOrig: { tupleIp = {}, tupleProto = {}, tupleZone = 0 } = {} }) =>
    JSON.stringify([nfgenFamily, zone, tupleZone, tupleIp, tupleProto]),
  filters: { ...filters, mark: ({ mark = 0 }) => mark },
  kernelFilters: ['filter', 'status', 'statusMask'],
  volatile: ['timeout', 'use', 'countersOrig', 'countersReply', 'timestamp', 'timestampEvent', 'resId'],
  // An update contains only the changed properties.
  partial: true,
  interval: INTERVAL,
};

/** Bits of `filter.origFlags` and `filter.replyFlags` for the addresses: CTA_FILTER_F_CTA_IP_SRC and CTA_FILTER_F_CTA_IP_DST (net/netfilter/nf_internals.h). */
const ADDRESSES = 3;

/** @throws TypeError for an IPv6 address that the kernel would compare the wrong way: `!ipv6_addr_cmp()` in ctnetlink_filter_match_tuple(). */
function requireRightComparison({ filter = {}, tupleOrig, tupleReply }: GetRequest): void {
  const isWrong = (flags = 0, tuple: TupleAttrsInput = {}): boolean =>
    (flags & ADDRESSES) !== 0 && (tuple.tupleIp?.ipV6Src ?? tuple.tupleIp?.ipV6Dst) !== undefined;
  if (isWrong(filter.origFlags, tupleOrig) || isWrong(filter.replyFlags, tupleReply))
    throw new TypeError(
      'conntrack: get: filter: kernels select all IPv6 connections except those of the address; omit filter, and the library compares the rows',
    );
}

/** The properties by which the kernel selects. By a tuple it selects only with the flags of `filter`. */
const KERNEL_FILTERS = ['nfgenFamily', 'zone', 'mark', 'markMask', 'status', 'statusMask', 'filter'];

/** @throws TypeError if the kernel would ignore a property of a dump that resets the counters of the connections that it reads. */
function requireKernelSelection(request: GetRequest): void {
  requireRightComparison(request);
  const { origFlags = 0, replyFlags = 0 } = request.filter ?? {};
  const known = [...KERNEL_FILTERS, ...(origFlags === 0 ? [] : ['tupleOrig']), ...(replyFlags === 0 ? [] : ['tupleReply'])];
  const ignored = selectingProperties(request).find((property) => !known.includes(property));
  if (ignored === undefined) return;
  const text = `the kernel would reset the counters of all connections: it does not select by ${ignored}`;
  throw new TypeError(`conntrack: get-ctrzero: ${text}; expected ${KERNEL_FILTERS.join(', ')}, and a tuple with the flags of filter`);
}

/** Only the kernel compares a mark with a mask. */
const byMaskedMark: typeof connections = { ...connections, filters, kernelFilters: ['filter', 'mark', 'markMask', 'status', 'statusMask'] };

/** Connection tracking. @public */
export const conntrack: WatchableFamilyFactory<ConntrackFamily, 'get'> = watchableFamily(conntrackSchema, {
  get: (request) => {
    requireRightComparison(request);
    return request.markMask === undefined ? connections : byMaskedMark;
  },
  'get-stats': 'counters change all the time without an event; dump them at an interval and use rates()',
  'get-ctrzero': (request) => {
    requireKernelSelection(request);
    return 'the dump resets the counters that it reads';
  },
});
