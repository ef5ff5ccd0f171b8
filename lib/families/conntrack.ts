import type { RowFilters } from '../client/index.js';
import { suits } from '../client/internal.js';
import { watchableFamily, type WatchDeclaration, type WatchableFamilyFactory } from '../live/index.js';
import { conntrackSchema, type ConntrackFamily, type GetReply } from './generated/conntrack.js';

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

/** Only the kernel compares a mark with a mask. */
const byMaskedMark: typeof connections = { ...connections, filters, kernelFilters: ['filter', 'mark', 'markMask', 'status', 'statusMask'] };

/** Connection tracking. @public */
export const conntrack: WatchableFamilyFactory<ConntrackFamily, 'get'> = watchableFamily(conntrackSchema, {
  get: ({ markMask }) => (markMask === undefined ? connections : byMaskedMark),
  'get-stats': 'counters change all the time without an event; dump them at an interval and use rates()',
  'get-ctrzero': 'the dump resets the counters that it reads',
});
