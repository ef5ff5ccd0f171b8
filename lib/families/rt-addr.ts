import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { rtAddrSchema, type RtAddrFamily } from './generated/rt-addr.js';

export * from './generated/rt-addr.js';

/** IP addresses. @public */
export const rtAddr: WatchableFamilyFactory<RtAddrFamily, 'getaddr'> = watchableFamily(rtAddrSchema, {
  getaddr: {
    groups: ['rtnlgrp-ipv4-ifaddr', 'rtnlgrp-ipv6-ifaddr'],
    set: ['newaddr-ntf'],
    delete: ['deladdr-ntf'],
    // 10.0.0.1/8 and 10.0.0.1/24 are two objects; an address with two peers is also two objects.
    key: ({ ifaFamily, ifaIndex, ifaPrefixlen, local, address }) =>
      `${ifaFamily} ${ifaIndex} ${ifaPrefixlen} ${local ?? ''} ${address ?? ''}`,
    accepts: ({ ifaFamily }) => ifaFamily === 2 || ifaFamily === 10,
    filters: { ifaFamily: ({ ifaFamily }) => ifaFamily, ifaIndex: ({ ifaIndex }) => ifaIndex },
    emptyOn: ['ENODEV'],
    volatile: ['cacheinfo'],
  },
  getmulticast: 'kernels before Linux 6.15 send no event for all memberships; use notifications()',
  getanycast: 'kernels before Linux 6.15 send no event for anycast addresses; use notifications()',
});
