import type { OverlayEntry } from '../../overlay.js';
import { bytes, ip, layout, names, set, u32, u8 } from '../words.js';

/** RTM_NEWCACHEREPORT: a packet for which a multicast router has no route, or that arrived on a wrong interface. @internal */
export const cacheReports: readonly OverlayEntry[] = [
  {
    header: 'linux/rtnetlink.h',
    addDefinitions: [
      layout('rtgenmsg', [u8('rtgen-family', { doc: 'RTNL_FAMILY_IPMR (128) or RTNL_FAMILY_IP6MR (129).' })]),
      names('igmpmsg-type', 'igmpmsg-', [['nocache', 1], 'wrongvif', 'wholepkt', 'wrvifwhole']),
    ],
  },
  {
    header: 'linux/mroute.h',
    addSets: [
      set('creport-attrs', 'ipmra-creport-', [
        u8('msgtype', { enum: 'igmpmsg-type' }),
        u32('vif-id', { doc: 'The number of the virtual interface on which the packet arrived.' }),
        ip('src-addr'),
        ip('dst-addr'),
        bytes('pkt', { doc: 'The packet, of `wholepkt` and `wrvifwhole`. Others have bytes without meaning.' }),
        u32('table', { doc: 'The routing table. Only of IPv4.' }),
      ]),
    ],
    reason: 'linux/mroute6.h has the same numbers, without the table',
  },
  {
    header: 'linux/rtnetlink.h',
    addOperations: [
      {
        ...{ name: 'newcachereport', value: 96, 'fixed-header': 'rtgenmsg', 'attribute-set': 'creport-attrs' },
        ...{ event: {}, mcgrp: ['rtnlgrp-ipv4-mroute-r', 'rtnlgrp-ipv6-mroute-r'] },
      },
    ],
  },
];
