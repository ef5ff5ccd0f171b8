import { watchableFamily, type WatchDeclaration, type WatchableFamilyFactory } from '../live/index.js';
import { conntrackSchema, type ConntrackFamily, type GetReply } from './generated/conntrack.js';

export * from './generated/conntrack.js';

/** With nf_conntrack_events=2 entries that are older than the first listener cause no events: only a resync finds them. Milliseconds. */
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
  // An update contains only the changed properties.
  partial: true,
  interval: INTERVAL,
};

/** Connection tracking. @public */
export const conntrack: WatchableFamilyFactory<ConntrackFamily, 'get'> = watchableFamily(conntrackSchema, {
  get: connections,
  'get-stats': 'counters change all the time without an event; dump them at an interval and use rates()',
  'get-ctrzero': 'the dump resets the counters that it reads',
});
