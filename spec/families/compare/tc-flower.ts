import type { TcFamily } from '../../../lib/families/tc.js';
import { bitNames, hex, type Fields } from './fields.js';
import { addressText, protocolText } from './tc-words.js';

type Filter = TcFamily['dump']['gettfilter']['reply'];
type Flower = NonNullable<Extract<Filter, { kind: 'flower' }>['options']>;
type StackEntry = NonNullable<NonNullable<Flower['keyMplsOpts']>['lse']>[number];
type GeneveOptions = NonNullable<NonNullable<Flower['keyEncOpts']>['geneve']>;

/** Returns an address with its mask; undefined if there is no mask. */
const address = (value: string | undefined, mask: string | undefined): string | undefined =>
  value === undefined || mask === undefined ? undefined : addressText(value, mask);
/** Returns a value whose mask is complete; partial masks are shown differently. */
const whole = (value: number | undefined, mask: number | undefined, all: number): number | undefined => (mask === all ? value : undefined);
const port = (value: number | undefined, mask: number | undefined, from?: number, to?: number): unknown =>
  from === undefined ? whole(value, mask, 0xffff) : { start: from, end: to };
const geneve = (options: GeneveOptions | undefined): unknown => options?.map((option) => ({ ...option, data: [...option.data!] }));

const erspan = (option: object, shown: unknown): object => ({ ...(shown as readonly object[])[0], ...option });
const gtp = ({ pduType, qfi }: { readonly pduType?: number; readonly qfi?: number }): object => ({ pdu_type: pduType, qfi });
const pfcp = ({ type, seid }: { readonly type?: number; readonly seid?: bigint }): object => ({ type, seid: Number(seid) });

/** Returns an entry of a stack with its mask. */
const stackEntry = ({ lseDepth, lseLabel, lseTc, lseBos, lseTtl }: StackEntry): object =>
  Object.fromEntries(
    Object.entries({ depth: lseDepth, label: lseLabel, tc: lseTc, bos: lseBos, ttl: lseTtl }).filter(([, value]) => value !== undefined),
  );

/** TCA_FLOWER_KEY_FLAGS_TUNNEL_*. */
const ENCAPSULATION = [
  ['tuncsum', 4],
  ['tundf', 8],
  ['tunoam', 16],
  ['tuncrit', 32],
] as const;

const ETHERNET: Readonly<Record<number, string>> = { 0x0800: 'ipv4', 0x0806: 'arp', 0x86dd: 'ipv6' };
const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 50: 'esp', 58: 'icmpv6', 115: 'l2tp', 132: 'sctp' };
/** TCA_FLOWER_KEY_CT_FLAGS_*, bit 0 first, in the letters of tc. */
const CT_STATES = ['new', 'est', 'rel', 'trk', 'inv', 'rpl'];
const CT_ORDER = ['trk', 'new', 'est', 'rel', 'inv', 'rpl'];

function trackingState(state: number, mask: number): string {
  const bit = (word: string): number => 1 << CT_STATES.indexOf(word);
  return CT_ORDER.filter((word) => (mask & bit(word)) !== 0)
    .map((word) => (state & bit(word) ? '+' : '-') + word)
    .join('');
}

/** The keys of a flower filter in `tc filter`. */
export const flowerKeys: Fields<Flower> = {
  dst_mac: ({ keyEthDst, keyEthDstMask }) => address(keyEthDst, keyEthDstMask),
  src_mac: ({ keyEthSrc, keyEthSrcMask }) => address(keyEthSrc, keyEthSrcMask),
  eth_type: ({ keyEthType }) => ETHERNET[keyEthType!] ?? keyEthType!.toString(16),
  ip_proto: ({ keyIpProto }) => PROTOCOLS[keyIpProto!],
  ip_tos: ({ keyIpTos }) => keyIpTos,
  ip_tos_mask: ({ keyIpTosMask }) => keyIpTosMask!.toString(16),
  ip_ttl: ({ keyIpTtl, keyIpTtlMask }) => whole(keyIpTtl, keyIpTtlMask, 0xff),
  ip_flags: ({ keyFlags, keyFlagsMask }) => ({
    ...(keyFlagsMask! & 1 ? { frag: (keyFlags! & 1) !== 0 } : {}),
    ...(keyFlagsMask! & 2 ? { firstfrag: (keyFlags! & 2) !== 0 } : {}),
  }),
  dst_ip: (key) => address(key.keyIpv4Dst, key.keyIpv4DstMask) ?? address(key.keyIpv6Dst, key.keyIpv6DstMask),
  src_ip: (key) => address(key.keyIpv4Src, key.keyIpv4SrcMask) ?? address(key.keyIpv6Src, key.keyIpv6SrcMask),
  dst_port: (key) =>
    port(
      key.keyTcpDst ?? key.keyUdpDst ?? key.keySctpDst,
      key.keyTcpDstMask ?? key.keyUdpDstMask ?? key.keySctpDstMask,
      key.keyPortDstMin,
      key.keyPortDstMax,
    ),
  src_port: (key) =>
    port(
      key.keyTcpSrc ?? key.keyUdpSrc ?? key.keySctpSrc,
      key.keyTcpSrcMask ?? key.keyUdpSrcMask ?? key.keySctpSrcMask,
      key.keyPortSrcMin,
      key.keyPortSrcMax,
    ),
  tcp_flags: ({ keyTcpFlags, keyTcpFlagsMask }) => `${hex(keyTcpFlags!)}/${keyTcpFlagsMask!.toString(16)}`,
  icmp_type: (key) => String(whole(key.keyIcmpv4Type ?? key.keyIcmpv6Type, key.keyIcmpv4TypeMask ?? key.keyIcmpv6TypeMask, 0xff)),
  icmp_code: (key) => String(whole(key.keyIcmpv4Code ?? key.keyIcmpv6Code, key.keyIcmpv4CodeMask ?? key.keyIcmpv6CodeMask, 0xff)),
  vlan_id: ({ keyVlanId }) => keyVlanId,
  vlan_prio: ({ keyVlanPrio }) => keyVlanPrio,
  vlan_ethtype: ({ keyVlanEthType }) => protocolText(keyVlanEthType!),
  arp_sip: ({ keyArpSip, keyArpSipMask }) => address(keyArpSip, keyArpSipMask),
  arp_tip: ({ keyArpTip, keyArpTipMask }) => address(keyArpTip, keyArpTipMask),
  arp_op: ({ keyArpOp, keyArpOpMask }) => [undefined, 'request', 'reply'][whole(keyArpOp, keyArpOpMask, 0xff)!],
  arp_sha: ({ keyArpSha, keyArpShaMask }) => address(keyArpSha, keyArpShaMask),
  arp_tha: ({ keyArpTha, keyArpThaMask }) => address(keyArpTha, keyArpThaMask),
  enc_dst_ip: (key) => address(key.keyEncIpv4Dst, key.keyEncIpv4DstMask) ?? address(key.keyEncIpv6Dst, key.keyEncIpv6DstMask),
  enc_src_ip: (key) => address(key.keyEncIpv4Src, key.keyEncIpv4SrcMask) ?? address(key.keyEncIpv6Src, key.keyEncIpv6SrcMask),
  enc_key_id: ({ keyEncKeyId }) => keyEncKeyId,
  enc_dst_port: ({ keyEncUdpDstPort, keyEncUdpDstPortMask }) => whole(keyEncUdpDstPort, keyEncUdpDstPortMask, 0xffff),
  enc_tos: ({ keyEncIpTos, keyEncIpTosMask }) => whole(keyEncIpTos, keyEncIpTosMask, 0xff),
  enc_ttl: ({ keyEncIpTtl, keyEncIpTtlMask }) => whole(keyEncIpTtl, keyEncIpTtlMask, 0xff),
  geneve_opt_key: ({ keyEncOpts }) => geneve(keyEncOpts?.geneve),
  geneve_opt_mask: ({ keyEncOptsMask }) => geneve(keyEncOptsMask?.geneve),
  vxlan_opt_key: ({ keyEncOpts }) => [keyEncOpts!.vxlan],
  vxlan_opt_mask: ({ keyEncOptsMask }) => [keyEncOptsMask!.vxlan],
  erspan_opt_key: ({ keyEncOpts }, shown) => [erspan(keyEncOpts!.erspan!, shown)],
  erspan_opt_mask: ({ keyEncOptsMask }, shown) => [erspan(keyEncOptsMask!.erspan!, shown)],
  gtp_opt_key: ({ keyEncOpts }) => [gtp(keyEncOpts!.gtp!)],
  gtp_opt_mask: ({ keyEncOptsMask }) => [gtp(keyEncOptsMask!.gtp!)],
  pfcp_opt_key: ({ keyEncOpts }) => [pfcp(keyEncOpts!.pfcp!)],
  pfcp_opt_mask: ({ keyEncOptsMask }) => [pfcp(keyEncOptsMask!.pfcp!)],
  enc_flags: ({ keyEncFlags, keyEncFlagsMask }) =>
    Object.fromEntries(
      bitNames(keyEncFlagsMask!, ENCAPSULATION).map((name) => [name, bitNames(keyEncFlags!, ENCAPSULATION).includes(name)]),
    ),
  mpls: ({ keyMplsOpts }) => keyMplsOpts!.lse!.map(stackEntry),
  num_of_vlans: ({ keyNumOfVlans }) => keyNumOfVlans,
  pppoe_sid: ({ keyPppoeSid }) => keyPppoeSid,
  ppp_proto: ({ keyPppProto }) => ({ 0x0021: 'ip', 0x0057: 'ipv6' })[keyPppProto!],
  l2tpv3_sid: ({ keyL2tpv3Sid }) => keyL2tpv3Sid,
  cfm: ({ keyCfm }) => ({ mdl: keyCfm!.mdLevel, op: keyCfm!.opcode }),
  // In hexadecimal digits, as tc prints it
  spi: ({ keySpi, keySpiMask }) => whole(keySpi, keySpiMask, 0xffffffff)?.toString(16),
  l2_miss: ({ l2Miss }) => l2Miss,
  ct_label: ({ keyCtLabels, keyCtLabelsMask }) =>
    keyCtLabelsMask!.every((byte) => byte === 0xff) ? Buffer.from(keyCtLabels!).toString('hex') : undefined,
  mpls_label: ({ keyMplsLabel }) => keyMplsLabel,
  mpls_tc: ({ keyMplsTc }) => String(keyMplsTc),
  mpls_bos: ({ keyMplsBos }) => String(keyMplsBos),
  mpls_ttl: ({ keyMplsTtl }) => String(keyMplsTtl),
  ct_state: ({ keyCtState, keyCtStateMask }) => trackingState(keyCtState!, keyCtStateMask!),
  ct_zone: ({ keyCtZone, keyCtZoneMask }) => whole(keyCtZone, keyCtZoneMask, 0xffff),
  ct_mark: ({ keyCtMark }) => keyCtMark,
  ct_mark_mask: ({ keyCtMarkMask }) => keyCtMarkMask!.toString(16),
};
