import type { Exception } from '../../../scripts/check-specs/exceptions/exception.js';

/** A name or type of the older specifications that the newer ones lack or describe otherwise. */
export interface Change extends Exception {
  /** An overlay keeps what the older specification has, because kernels speak it. */
  readonly kept?: true;
}

const STRUCT = "named as the kernel's struct; type and members are the same";
const LIMIT = 'the kernel has always rejected other values';
const BOTH = 'the attribute holds addresses of both families; overlays corrected the older specification';

/** The changes from the specifications of Linux 6.15 to 6.18 to those of 7.3. An entry that no longer applies is an error. */
export const CHANGES: readonly Change[] = [
  {
    family: 'conntrack',
    subject: 'attribute conntrackAttrs/filter',
    reason: 'it holds flags; an overlay corrected the older specification',
  },
  { family: 'devlink', subject: 'operation resource-dump', reason: 'it also dumps' },
  {
    family: 'ethtool',
    subject: 'entry moduleFwFlashStatus/in_progress',
    reason: "renamed to 'in-progress', as all other entries are written",
  },
  { family: 'ethtool', subject: 'attribute rss/inputXfrm', reason: 'its flags have names; values are the same numbers' },
  {
    family: 'fou',
    subject: 'attribute fou/ipproto',
    reason: 'Linux 7.3 rejects 0; requests omit it, which has the same meaning on all kernels',
  },
  { family: 'fou', subject: 'attribute fou/*V6', reason: LIMIT },
  { family: 'handshake', subject: 'attribute done/status', reason: 'a positive errno; larger numbers have no meaning' },
  { family: 'handshake', subject: 'operation done', reason: 'Linux 7.3 demands CAP_NET_ADMIN' },
  { family: 'mptcp_pm', subject: 'attribute eventAttr/ifIdx', reason: 'an interface index is signed (mptcp_event_put_token_and_ssk)' },
  {
    family: 'net_shaper',
    subject: 'attribute handle/id',
    reason: 'identifiers have 26 bits, and the largest stands for none (NET_SHAPER_ID_UNSPEC)',
  },
  { family: 'netdev', subject: 'operation bind-rx', reason: 'a user namespace suffices' },
  { family: 'nftables', subject: 'attribute rangeAttrs/op', reason: 'a limit of 8 bits' },
  { family: 'nftables', subject: 'attribute compatTargetAttrs/rev', reason: LIMIT },
  { family: 'nftables', subject: 'attribute exprRejectAttrs/icmpCode', reason: 'reject-inet-code applies to icmpx-unreach only' },
  { family: 'nftables', subject: 'attribute setelemAttrs/flags', reason: 'described as bytes; it is a number of 32 bits', kept: true },
  { family: 'nftables', subject: 'attribute exprBitwiseAttrs/sreg2', reason: 'missing; Linux 6.13 and later have it', kept: true },
  { family: 'nftables', subject: 'format exprOps/masq', reason: 'missing; every kernel has the expression', kept: true },
  { family: 'nftables', subject: 'operation getcompat', reason: 'missing; every kernel with nft_compat has it', kept: true },
  ...['struct datapathStats', 'member datapathStats/*', 'struct megaflowStats', 'member megaflowStats/*', 'attribute datapath/*tats'].map(
    (subject) => ({ family: 'ovs_datapath', subject, reason: STRUCT }),
  ),
  ...['struct vportStats', 'member vportStats/*', 'attribute vport/stats'].map((subject) => ({
    family: 'ovs_vport',
    subject,
    reason: STRUCT,
  })),
  { family: 'rt-addr', subject: 'attribute addrAttrs/broadcast', reason: 'IPv6 has no broadcast address; values are the same text' },
  { family: 'rt-link', subject: 'attribute linkAttrs/cost', reason: 'no kernel sends or reads IFLA_COST' },
  { family: 'rt-link', subject: 'attribute linkAttrs/priority', reason: 'no kernel sends or reads IFLA_PRIORITY' },
  {
    family: 'rt-link',
    subject: 'attribute linkAttrs/wireless',
    reason: 'bytes (struct iw_event); an overlay corrected the older specification',
  },
  { family: 'rt-link', subject: 'attribute linkAttrs/protinfo', reason: 'attributes; an overlay corrected the older specification' },
  { family: 'rt-link', subject: 'attribute linkAttrs/txqlen', reason: 'kernels without the limit accept longer queues', kept: true },
  {
    family: 'rt-link',
    subject: 'attribute linkinfoBrportAttrs/*',
    reason: 'numbers of 8 bits; an overlay corrected the older specification',
  },
  ...['Gre', 'Vti', 'Iptun'].flatMap((kind) =>
    ['local', 'remote'].map((name) => ({
      ...{ family: 'rt-link', subject: `attribute linkinfo${kind}Attrs/${name}`, kept: true as const },
      reason: 'tunnels over IPv6 have a set of their own, so these accept IPv4 addresses only',
    })),
  ),
  {
    family: 'rt-link',
    subject: 'attribute linkinfoGeneveAttrs/remote',
    reason: 'a number with the hint of an IPv4 address; values are the same text',
  },
  {
    family: 'rt-link',
    subject: 'attribute linkinfoIptunAttrs/6rdRelayPrefix',
    reason: 'a number with the hint of an IPv4 address; values are the same text',
  },
  { family: 'rt-neigh', subject: 'attribute neighbourAttrs/dst', reason: BOTH },
  {
    family: 'rt-neigh',
    subject: 'attribute ndtpaAttrs/intervalProbeTimeMs',
    reason: 'of the new limits an overlay keeps only the lower one',
  },
  ...['dst', 'src', 'gateway', 'prefsrc'].map((name) => ({ family: 'rt-route', subject: `attribute routeAttrs/${name}`, reason: BOTH })),
  ...['dst', 'src'].map((name) => ({ family: 'rt-rule', subject: `attribute fibRuleAttrs/${name}`, reason: BOTH })),
  { family: 'wireguard', subject: 'attribute wgdevice/ifname', reason: LIMIT },
  { family: 'wireguard', subject: 'attribute wg*/flags', reason: 'without the mask, although the kernel rejects other flags', kept: true },
  { family: 'wireguard', subject: 'attribute wgpeer/endpoint', reason: 'a minimum of 16 bytes; an overlay adds the display hint' },
  { family: 'wireguard', subject: 'attribute wgpeer/lastHandshakeTime', reason: 'the size of its struct' },
  { family: 'wireguard', subject: 'attribute wgallowedip/ipaddr', reason: LIMIT },
];
