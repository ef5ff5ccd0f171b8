import { watchableFamily, type WatchDeclaration, type WatchableFamilyFactory } from '../live/index.js';
import { conntrackSchema, type ConntrackFamily, type GetReply } from './generated/conntrack.js';

export * from './generated/conntrack.js';

/** Entries older than the first listener make no events (nf_conntrack_events=2): they are found, and missed, by reading. */
const INTERVAL = 30_000;

const connections: WatchDeclaration<GetReply, keyof ConntrackFamily['notifications'], keyof ConntrackFamily['groups']> = {
  groups: ['nfnlgrp-conntrack-new', 'nfnlgrp-conntrack-update', 'nfnlgrp-conntrack-destroy'],
  set: ['new-ntf'],
  delete: ['delete-ntf'],
  key: ({ nfgenFamily, zone = 0, tupleOrig: { tupleIp = {}, tupleProto = {}, tupleZone = 0 } = {} }) =>
    JSON.stringify([nfgenFamily, zone, tupleZone, tupleIp, tupleProto]),
  filters: {
    nfgenFamily: ({ nfgenFamily }) => nfgenFamily,
    mark: ({ mark = 0 }) => mark,
    zone: ({ zone = 0 }) => zone,
  },
  volatile: ['timeout', 'use', 'countersOrig', 'countersReply', 'timestamp', 'timestampEvent', 'resId'],
  // An update tells what has been updated.
  partial: true,
  interval: INTERVAL,
};

/** Connection tracking. @public */
export const conntrack: WatchableFamilyFactory<ConntrackFamily, 'get'> = watchableFamily(conntrackSchema, {
  get: connections,
  'get-stats': 'counters change all the time and no event tells; dump them at an interval and see rates()',
  'get-ctrzero': 'it changes what it reads',
});
