import type { Overlay } from '../overlay.js';
import { scopes } from './rt-constants.js';
import { addresses, names, needsOne, notification, operation } from './words.js';

const GROUPS = ['rtnlgrp-ipv4-ifaddr', 'rtnlgrp-ipv6-ifaddr'];

/** Since Linux 6.14 and 6.15. */
const MULTICAST_GROUPS = ['rtnlgrp-ipv4-mcaddr', 'rtnlgrp-ipv6-mcaddr'];

const FAMILY = { family: 'ifa-family' };
const PREFIX = { ...FAMILY, prefix: 'ifa-prefixlen' };

/** @internal */
export const rtAddr: Overlay = {
  source: 'rt-addr',
  entries: [
    {
      header: 'linux/rtnetlink.h',
      addOperations: [notification('newaddr-ntf', 'getaddr', 20, GROUPS), notification('deladdr-ntf', 'getaddr', 21, GROUPS)],
    },
    {
      header: 'linux/rtnetlink.h',
      addOperations: [
        operation('getanycast', 'addr-attrs', { dump: [62, 62] }),
        notification('newmulticast-ntf', 'getmulticast', 56, MULTICAST_GROUPS),
        notification('delmulticast-ntf', 'getmulticast', 57, MULTICAST_GROUPS),
        notification('newanycast-ntf', 'getanycast', 60, ['rtnlgrp-ipv6-acaddr']),
        notification('delanycast-ntf', 'getanycast', 61, ['rtnlgrp-ipv6-acaddr']),
      ],
      reason: 'the kernel has getanycast for IPv6 only',
    },
    {
      header: 'linux/rtnetlink.h',
      addGroups: [
        { name: 'rtnlgrp-ipv4-mcaddr', value: 37 },
        { name: 'rtnlgrp-ipv6-mcaddr', value: 38 },
        { name: 'rtnlgrp-ipv6-acaddr', value: 39 },
      ],
    },
    { header: 'linux/if_addr.h', set: 'addr-attrs', changeAttribute: 'anycast', to: { 'display-hint': 'ipv6' } },
    { header: 'linux/if_addr.h', set: 'addr-attrs', changeAttribute: 'multicast', to: { 'display-hint': 'ipv4-or-v6' } },
    { header: 'linux/if_addr.h', set: 'addr-attrs', changeAttribute: 'target-netnsid', to: { type: 's32' } },
    ...addresses('linux/if_addr.h', 'addr-attrs', ['broadcast', 'anycast', 'multicast'], FAMILY),
    ...addresses('linux/if_addr.h', 'addr-attrs', ['address'], PREFIX),
    // inet_rtm_deladdr compares the length only if it gets IFA_ADDRESS.
    ...addresses('linux/if_addr.h', 'addr-attrs', ['local'], { ...PREFIX, bare: { deladdr: 'ipv4-unset' } }),
    needsOne('linux/if_addr.h', 'deladdr', ['local', 'address'], 'deletes the first IPv4 address of the interface'),
    scopes,
    { header: 'linux/if_addr.h', addDefinitions: [names('ifa-protocol', 'ifaprot-', ['unspec', 'kernel-lo', 'kernel-ra', 'kernel-ll'])] },
  ],
};
