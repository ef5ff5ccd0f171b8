import type { OverlayEntry } from '../../overlay.js';
import { tables } from '../rt-constants.js';
import { enumerate, names } from '../words.js';

const HEADER = 'linux/if_link.h';
const BONDING = 'linux/if_bonding.h';

const ARPHRD: readonly (string | readonly [string, number])[] = [
  ['netrom', 0],
  'ether',
  ['ax25', 3],
  ['arcnet', 7],
  ['atm', 19],
  ['ieee1394', 24],
  ['infiniband', 32],
  ['slip', 256],
  ['can', 280],
  ['mctp', 290],
  ['ppp', 512],
  ['rawhdlc', 518],
  ['rawip', 519],
  ['tunnel', 768],
  'tunnel6',
  ['loopback', 772],
  ['sit', 776],
  ['ipgre', 778],
  'pimreg',
  ['ieee80211', 801],
  'ieee80211-prism',
  'ieee80211-radiotap',
  'ieee802154',
  'ieee802154-monitor',
  ['phonet', 820],
  ['caif', 822],
  'ip6gre',
  'netlink',
  '6lowpan',
  'vsockmon',
  ['none', 0xfffe],
  ['void', 0xffff],
];

const bonds: readonly OverlayEntry[] = [
  {
    header: BONDING,
    addDefinitions: [
      names('bond-mode', 'bond-mode-', [
        'balance-rr',
        'active-backup',
        'balance-xor',
        'broadcast',
        '802.3ad',
        'balance-tlb',
        'balance-alb',
      ]),
      names('bond-xmit-hash-policy', 'bond-xmit-policy-', ['layer2', 'layer3+4', 'layer2+3', 'encap2+3', 'encap3+4', 'vlan+srcmac']),
      names('bond-slave-state', 'bond-state-', ['active', 'backup']),
      names('bond-mii-status', 'bond-link-', ['up', 'going-down', 'down', 'going-back']),
    ],
    reason: 'the kernel accepts these words in sysfs and module parameters (drivers/net/bonding/bond_options.c)',
  },
  ...enumerate(BONDING, 'linkinfo-bond-attrs', { mode: 'bond-mode', 'xmit-hash-policy': 'bond-xmit-hash-policy' }),
  ...enumerate(BONDING, 'bond-slave-attrs', { state: 'bond-slave-state', 'mii-status': 'bond-mii-status' }),
];

/** The names of numbers; values of complete enums are decoded to names. @internal */
export const linkEnums: readonly OverlayEntry[] = [
  tables,
  {
    header: 'linux/if.h',
    addDefinitions: [
      names('if-oper', 'if-oper-', ['unknown', 'notpresent', 'down', 'lowerlayerdown', 'testing', 'dormant', 'up']),
      names('if-link-mode', 'if-link-mode-', ['default', 'dormant', 'testing']),
    ],
  },
  ...enumerate('linux/if.h', 'link-attrs', { operstate: 'if-oper', linkmode: 'if-link-mode' }),
  { header: 'linux/if_arp.h', addDefinitions: [names('arphrd', 'arphrd-', ARPHRD)] },
  ...bonds,
  {
    header: 'linux/if_bridge.h',
    addDefinitions: [names('br-state', 'br-state-', ['disabled', 'listening', 'learning', 'forwarding', 'blocking'])],
  },
  ...enumerate('linux/if_bridge.h', 'linkinfo-brport-attrs', { state: 'br-state' }),
  ...enumerate('linux/if_bridge.h', 'bridge-mst-entry-attrs', { state: 'br-state' }),
  { header: 'linux/if_tun.h', addDefinitions: [names('tun-type', 'iff-', [['tun', 1], 'tap'])] },
  ...enumerate('linux/if_tun.h', 'linkinfo-tun-attrs', { type: 'tun-type' }),
  {
    header: HEADER,
    addDefinitions: [
      names('geneve-df', 'geneve-df-', ['unset', 'set', 'inherit']),
      names('in6-addr-gen-mode', 'in6-addr-gen-mode-', ['eui64', 'none', 'stable-privacy', 'random']),
      names('xdp-attached', 'xdp-attached-', ['none', 'drv', 'skb', 'hw', 'multi']),
      names('ipoib-mode', 'ipoib-mode-', ['datagram', 'connected']),
      names('hsr-protocol', 'hsr-protocol-', ['hsr', 'prp']),
      names('ifla-event', 'ifla-event-', [
        'none',
        'reboot',
        'features',
        'bonding-failover',
        'notify-peers',
        'igmp-resend',
        'bonding-options',
      ]),
    ],
  },
  ...enumerate(HEADER, 'linkinfo-geneve-attrs', { df: 'geneve-df' }),
  ...enumerate(HEADER, 'ifla6-attrs', { 'addr-gen-mode': 'in6-addr-gen-mode' }),
  ...enumerate(HEADER, 'xdp-attrs', { attached: 'xdp-attached' }),
  ...enumerate(HEADER, 'linkinfo-ipoib-attrs', { mode: 'ipoib-mode' }),
  ...enumerate(HEADER, 'linkinfo-hsr-attrs', { protocol: 'hsr-protocol' }),
  ...enumerate(HEADER, 'link-attrs', { event: 'ifla-event' }),
  { header: 'linux/amt.h', addDefinitions: [names('amt-mode', 'amt-mode-', ['gateway', 'relay'])] },
  ...enumerate('linux/amt.h', 'linkinfo-amt-attrs', { mode: 'amt-mode' }),
  { header: 'linux/if_tunnel.h', addDefinitions: [names('tunnel-encap', 'tunnel-encap-', ['none', 'fou', 'gue', 'mpls'])] },
  ...enumerate('linux/if_tunnel.h', 'linkinfo-gre-attrs', { 'encap-type': 'tunnel-encap' }),
  ...enumerate('linux/if_tunnel.h', 'linkinfo-iptun-attrs', { 'encap-type': 'tunnel-encap' }),
];
