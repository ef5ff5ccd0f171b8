import { watchableFamily, type WatchDeclaration, type WatchableFamilyFactory } from '../live/index.js';
import { conntrackExpectSchema, type ConntrackExpectFamily, type GetReply } from './generated/conntrack_expect.js';

export * from './generated/conntrack_expect.js';

/** With nf_conntrack_events=2 a connection that is older than the first listener causes no events, nor do its expectations. Milliseconds. */
const INTERVAL = 30_000;

const expectations: WatchDeclaration<GetReply, keyof ConntrackExpectFamily['notifications'], keyof ConntrackExpectFamily['groups']> = {
  groups: ['nfnlgrp-conntrack-exp-new', 'nfnlgrp-conntrack-exp-destroy'],
  set: ['new-ntf'],
  delete: ['delete-ntf'],
  key: ({ id }) => id,
  filters: { nfgenFamily: ({ nfgenFamily }) => nfgenFamily },
  volatile: ['timeout'],
  interval: INTERVAL,
};

/** Expectations of connection tracking. @public */
export const conntrackExpect: WatchableFamilyFactory<ConntrackExpectFamily, 'get'> = watchableFamily(conntrackExpectSchema, {
  get: expectations,
  'get-stats': 'counters change all the time without an event; dump them at an interval and use rates()',
});
