import type { Overlay, OverlayEntry } from '../../overlay.js';
import { bridgePorts } from './bridge.js';
import { can } from './can.js';
import { kindSets } from './kinds.js';
import { linkReads } from './reads.js';
import { linkEnums } from './enums.js';
import { addresses, format, gap, layout, names, needsOne, notification, operation, s32, set, text, u16, u32, u64, u8 } from '../words.js';

/** IPV4_DEVCONF_* from 1; a request holds a nest of these, a reply an array. */
const DEVCONF = [
  'forwarding',
  'mc-forwarding',
  'proxy-arp',
  'accept-redirects',
  'secure-redirects',
  'send-redirects',
  'shared-media',
  'rp-filter',
  'accept-source-route',
  'bootp-relay',
  'log-martians',
  'tag',
  'arpfilter',
  'medium-id',
  'noxfrm',
  'nopolicy',
  'force-igmp-version',
  'arp-announce',
  'arp-ignore',
  'promote-secondaries',
  'arp-accept',
  'arp-notify',
  'accept-local',
  'src-vmark',
  'proxy-arp-pvlan',
  'route-localnet',
  'igmpv2-unsolicited-report-interval',
  'igmpv3-unsolicited-report-interval',
  'ignore-routes-with-linkdown',
  'drop-unicast-in-l2-multicast',
  'drop-gratuitous-arp',
  'bc-forwarding',
  'arp-evict-nocarrier',
];

/** IPSTATS_MIB_* from 0. Linux 6.18 and 7.3 have this order. */
const INET6_STATS =
  'num inpkts inoctets indelivers noectpkts ect1-pkts ect0-pkts cepkts outrequests outpkts outoctets outforwdatagrams inhdrerrors intoobigerrors ' +
  'innoroutes inaddrerrors inunknownprotos intruncatedpkts indiscards outdiscards outnoroutes reasmtimeout reasmreqds reasmoks reasmfails fragoks ' +
  'fragfails fragcreates inmcastpkts outmcastpkts inbcastpkts outbcastpkts inmcastoctets outmcastoctets inbcastoctets outbcastoctets csumerrors ' +
  'reasm-overlaps';

/** The order of Linux 6.12 and earlier kernels. */
const INET6_STATS_6_12 =
  'num inpkts inoctets indelivers outforwdatagrams outrequests outoctets inhdrerrors intoobigerrors innoroutes inaddrerrors inunknownprotos ' +
  'intruncatedpkts indiscards outdiscards outnoroutes reasmtimeout reasmreqds reasmoks reasmfails fragoks fragfails fragcreates inmcastpkts ' +
  'outmcastpkts inbcastpkts outbcastpkts inmcastoctets outmcastoctets inbcastoctets outbcastoctets csumerrors noectpkts ect1-pkts ect0-pkts cepkts ' +
  'reasm-overlaps outpkts';

/** The attributes of tunnels over IPv4; the attribute sets of tunnels over IPv6 are subsets with other addresses. */
const TUNNELS = ['linkinfo-gre-attrs', 'linkinfo-vti-attrs', 'linkinfo-iptun-attrs'];

/** The kinds without IFLA_INFO_DATA in requests and replies. */
const WITHOUT_DATA = 'caif dummy ifb lowpan netdevsim nlmon openvswitch pfcp team vcan virt_wifi vsockmon wireguard'.split(' ');

const kinds: OverlayEntry = {
  header: 'linux/if_link.h',
  subMessage: 'linkinfo-data-msg',
  addFormats: [
    ...['vxlan', 'macsec', 'xfrm', 'can', 'gtp', 'bareudp', 'ppp', 'rmnet', 'ipoib', 'dsa', 'veth', 'vxcan', 'amt', 'wwan', 'batadv'].map(
      (kind) => format(kind, `linkinfo-${kind}-attrs`),
    ),
    format('macvlan', 'linkinfo-macvlan-attrs'),
    format('macvtap', 'linkinfo-macvlan-attrs'),
    format('ipvlan', 'linkinfo-ipvlan-attrs'),
    format('ipvtap', 'linkinfo-ipvlan-attrs'),
    format('ip6gretap', 'linkinfo-gre6-attrs'),
    format('ip6erspan', 'linkinfo-gre6-attrs'),
    ...WITHOUT_DATA.map((kind) => ({ value: kind })),
  ],
};

/** @internal */
export const rtLink: Overlay = {
  source: 'rt-link',
  entries: [
    needsOne('linux/if_link.h', 'getlink', ['ifi-index', 'ifname', 'alt-ifname'], 'answers EINVAL (list returns all links)'),
    {
      header: 'linux/rtnetlink.h',
      addOperations: [
        notification('dellink-ntf', 'getlink', 17, ['rtnlgrp-link']),
        notification('newstats-ntf', 'getstats', 92, ['rtnlgrp-stats']),
        operation('setstats', 'stats-attrs', { do: [95] }, { 'fixed-header': 'if-stats-msg' }),
        operation('newlinkprop', 'link-attrs', { do: [108] }, { 'fixed-header': 'ifinfomsg' }),
        operation('dellinkprop', 'link-attrs', { do: [109] }, { 'fixed-header': 'ifinfomsg' }),
      ],
    },
    { header: 'linux/rtnetlink.h', changeOperation: 'newlink-ntf', to: { mcgrp: ['rtnlgrp-link'] } },
    {
      header: 'linux/if_link.h',
      changeDefinition: 'rtnl-link-stats64',
      to: { minimum: 192 },
      reason: 'rx_otherhost_dropped is missing up to Linux 5.18',
    },
    {
      header: 'linux/rtnetlink.h',
      changeDefinition: 'ifinfomsg',
      to: {
        members: [
          u8('ifi-family'),
          gap('pad', 1),
          u16('ifi-type'),
          s32('ifi-index'),
          u32('ifi-flags', { enum: 'ifinfo-flags' }),
          u32('ifi-change', { 'mask-of': { member: 'ifi-flags', operations: ['newlink', 'setlink'] } }),
        ],
      },
      reason: 'a change mask of 0 stands for all flags, or for none if the flags are 0 (do_setlink)',
    },
    ...kindSets,
    ...addresses('linux/if_link.h', 'link-attrs', ['address', 'broadcast', 'perm-address'], {
      'any-width': true,
      'ipv6-kinds': ['ip6tnl', 'ip6gre', 'vti6'],
    }),
    ...addresses('linux/if_link.h', 'bond-slave-attrs', ['perm-hwaddr'], { 'any-width': true }),
    ...['6rd-prefix', '6rd-relay-prefix'].flatMap((name) =>
      addresses('linux/if_tunnel.h', 'linkinfo-iptun-attrs', [name], { prefix: `${name}len`, bare: { '*': 'unset' } }),
    ),
    ...can,
    kinds,
    {
      header: 'linux/if_tunnel.h',
      set: 'linkinfo-iptun-attrs',
      changeAttribute: 'flags',
      to: { 'byte-order': null },
      reason: 'sit tests SIT_ISATAP in the order of the host (ipip6_tunnel_create), whatever the type of the field is',
    },
    {
      header: 'linux/if_tunnel.h',
      set: 'linkinfo-ip6tnl-attrs',
      changeAttribute: 'flags',
      to: { 'byte-order': 'host' },
      reason: 'of ip6tnl they are 32 bits in the order of the host (ip6_tnl_fill_info)',
    },
    {
      header: 'linux/if_link.h',
      subMessage: 'linkinfo-member-data-msg',
      addFormats: [format('vrf', 'linkinfo-vrf-port-attrs'), { value: 'team' }],
    },
    ...bridgePorts,
    {
      header: 'linux/ip.h',
      addSets: [
        set(
          'ipv4-devconf-attrs',
          'ipv4-devconf-',
          DEVCONF.map((name) => u32(name)),
        ),
      ],
    },
    {
      header: 'linux/if_link.h',
      set: 'ifla-attrs',
      changeAttribute: 'conf',
      to: { input: { type: 'nest', 'nested-attributes': 'ipv4-devconf-attrs' } },
      reason: 'an array when read, a nest when written',
    },
    { header: 'linux/if_link.h', set: 'ifla6-attrs', changeAttribute: 'token', to: { 'display-hint': 'ipv6' }, reason: 'struct in6_addr' },
    {
      header: 'linux/if_link.h',
      set: 'link-attrs',
      changeAttribute: 'proto-down-reason',
      to: { type: 'nest', 'nested-attributes': 'proto-down-reason-attrs' },
    },
    { header: 'linux/if_link.h', addSets: [set('proto-down-reason-attrs', 'ifla-proto-down-reason-', [u32('mask'), u32('value')])] },
    {
      header: 'linux/if_link.h',
      changeDefinition: 'ifla-cacheinfo',
      to: { members: [u32('max-reasm-len'), u32('tstamp'), u32('reachable-time'), u32('retrans-time')] },
      reason: 'no member is signed',
    },
    {
      header: 'linux/snmp.h',
      changeDefinition: 'ifla-inet6-stats',
      to: { entries: INET6_STATS.split(' ') },
      reason: 'the kernel numbered its counters anew; the specification has an older order',
    },
    { header: 'linux/snmp.h', addDefinitions: [names('ifla-inet6-stats-6-12', 'ipstats-mib-', INET6_STATS_6_12.split(' '))] },
    {
      header: 'linux/if_link.h',
      set: 'link-attrs',
      changeAttribute: 'txqlen',
      to: { checks: null },
      reason: 'kernels without this limit accept longer queues (dev_change_tx_queue_len)',
    },
    ...TUNNELS.flatMap((set) =>
      ['local', 'remote'].map((name) => ({
        header: 'linux/if_tunnel.h',
        set,
        changeAttribute: name,
        to: { 'display-hint': 'ipv4' },
        reason: 'tunnels over IPv6 have sets of their own',
      })),
    ),
    {
      header: 'linux/devlink.h',
      addSets: [set('devlink-port-attrs', 'devlink-attr-', [text('bus-name'), text('dev-name'), u32('port-index')])],
    },
    {
      header: 'linux/if_link.h',
      set: 'link-attrs',
      changeAttribute: 'devlink-port',
      to: { type: 'nest', 'nested-attributes': 'devlink-port-attrs' },
      reason: 'the port as devlink names it',
    },
    {
      header: 'linux/if_link.h',
      set: 'bond-slave-attrs',
      addAttributes: [u16('actor-port-prio'), u8('ad-churn-actor-state'), u8('ad-churn-partner-state')],
    },
    {
      header: 'linux/if_link.h',
      addDefinitions: [
        layout('rtnl-hw-stats64', [
          u64('rx-packets'),
          u64('tx-packets'),
          u64('rx-bytes'),
          u64('tx-bytes'),
          u64('rx-errors'),
          u64('tx-errors'),
          u64('rx-dropped'),
          u64('tx-dropped'),
          u64('multicast'),
        ]),
      ],
    },
    ...[
      ['l3-stats', 'rtnl-hw-stats64'],
      ['cpu-hit', 'rtnl-link-stats64'],
    ].map(([changeAttribute, struct]) => ({
      header: 'linux/if_link.h',
      set: 'link-offload-xstats',
      changeAttribute: changeAttribute!,
      to: { struct },
    })),
    {
      header: 'linux/if_link.h',
      changeDefinition: 'ifla-vf-guid',
      to: { members: [u32('vf'), gap('pad', 4), u64('guid')] },
      reason: 'the padding is missing',
    },
    {
      header: 'linux/if_link.h',
      changeDefinition: 'rtnl-link-ifmap',
      to: { members: [u64('mem-start'), u64('mem-end'), u64('base-addr'), u16('irq'), u8('dma'), u8('port'), gap('pad', 4)] },
      reason: 'the padding is missing',
    },
    {
      header: 'linux/if_link.h',
      changeDefinition: 'ifla-vf-vlan-info',
      to: { members: [u32('vf'), u32('vlan'), u32('qos'), u16('vlan-proto', { 'byte-order': 'big-endian' }), gap('pad', 2)] },
      reason: 'the protocol has 16 bits, big-endian',
    },
    ...linkReads,
    ...linkEnums,
  ],
};
