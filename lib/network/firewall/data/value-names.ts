import type { ValueNames } from './integers.js';

/** Types of ICMP messages. @internal */
export const ICMP_TYPES: ValueNames = {
  'echo-reply': 0,
  'destination-unreachable': 3,
  'source-quench': 4,
  redirect: 5,
  'echo-request': 8,
  'router-advertisement': 9,
  'router-solicitation': 10,
  'time-exceeded': 11,
  'parameter-problem': 12,
  'timestamp-request': 13,
  'timestamp-reply': 14,
  'info-request': 15,
  'info-reply': 16,
  'address-mask-request': 17,
  'address-mask-reply': 18,
};

/** Types of ICMPv6 messages. @internal */
export const ICMPV6_TYPES: ValueNames = {
  'destination-unreachable': 1,
  'packet-too-big': 2,
  'time-exceeded': 3,
  'parameter-problem': 4,
  'echo-request': 128,
  'echo-reply': 129,
  'mld-listener-query': 130,
  'mld-listener-report': 131,
  'mld-listener-done': 132,
  'mld-listener-reduction': 132,
  'nd-router-solicit': 133,
  'nd-router-advert': 134,
  'nd-neighbor-solicit': 135,
  'nd-neighbor-advert': 136,
  'nd-redirect': 137,
  'router-renumbering': 138,
  'ind-neighbor-solicit': 141,
  'ind-neighbor-advert': 142,
  'mld2-listener-report': 143,
};

/** Codes of ICMP's "destination unreachable". @internal */
export const ICMP_CODES: ValueNames = {
  'net-unreachable': 0,
  'host-unreachable': 1,
  'prot-unreachable': 2,
  'port-unreachable': 3,
  'frag-needed': 4,
  'net-prohibited': 9,
  'host-prohibited': 10,
  'admin-prohibited': 13,
};

/** Codes of ICMPv6's "destination unreachable". @internal */
export const ICMPV6_CODES: ValueNames = {
  'no-route': 0,
  'admin-prohibited': 1,
  'addr-unreachable': 3,
  'port-unreachable': 4,
  'policy-fail': 5,
  'reject-route': 6,
};

/** Codes that the kernel translates for IPv4 and IPv6 (`NFT_REJECT_ICMPX_*`). @internal */
export const ICMPX_CODES: ValueNames = { 'no-route': 0, 'port-unreachable': 1, 'host-unreachable': 2, 'admin-prohibited': 3 };

/** Types of IGMP messages. @internal */
export const IGMP_TYPES: ValueNames = {
  'membership-query': 17,
  'membership-report-v1': 18,
  'membership-report-v2': 22,
  'membership-report-v3': 34,
  'leave-group': 23,
};

/** Types of the mobility header of IPv6. @internal */
export const MH_TYPES: ValueNames = {
  'binding-refresh-request': 0,
  'home-test-init': 1,
  'careof-test-init': 2,
  'home-test': 3,
  'careof-test': 4,
  'binding-update': 5,
  'binding-acknowledgement': 6,
  'binding-error': 7,
  'fast-binding-update': 8,
  'fast-binding-acknowledgement': 9,
  'fast-binding-advertisement': 10,
  'experimental-mobility-header': 11,
  'home-agent-switch-message': 12,
};

/** Types of DCCP packets. @internal */
export const DCCP_TYPES: ValueNames = {
  request: 0,
  response: 1,
  data: 2,
  ack: 3,
  dataack: 4,
  closereq: 5,
  close: 6,
  reset: 7,
  sync: 8,
  syncack: 9,
};

/** Operations of ARP. @internal */
export const ARP_OPERATIONS: ValueNames = { request: 1, reply: 2, rrequest: 3, rreply: 4, inrequest: 8, inreply: 9, nak: 10 };

/** Differentiated services code points. @internal */
export const DSCP_NAMES: ValueNames = {
  cs0: 0x00,
  cs1: 0x08,
  cs2: 0x10,
  cs3: 0x18,
  cs4: 0x20,
  cs5: 0x28,
  cs6: 0x30,
  cs7: 0x38,
  df: 0x00,
  be: 0x00,
  lephb: 0x01,
  af11: 0x0a,
  af12: 0x0c,
  af13: 0x0e,
  af21: 0x12,
  af22: 0x14,
  af23: 0x16,
  af31: 0x1a,
  af32: 0x1c,
  af33: 0x1e,
  af41: 0x22,
  af42: 0x24,
  af43: 0x26,
  va: 0x2c,
  ef: 0x2e,
};

/** Subtypes of the option of Multipath TCP. @internal */
export const MPTCP_SUBTYPES: ValueNames = {
  'mp-capable': 0,
  'mp-join': 1,
  dss: 2,
  'add-addr': 3,
  'remove-addr': 4,
  'mp-prio': 5,
  'mp-fail': 6,
  'mp-fastclose': 7,
  'mp-tcprst': 8,
};

/** Flags of TCP. @internal */
export const TCP_FLAGS: ValueNames = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ecn: 64, cwr: 128 };

/** States of a connection (`NF_CT_STATE_*`). @internal */
export const CT_STATES: ValueNames = { invalid: 1, new: 8, established: 2, related: 4, untracked: 64 };

/** Bits of the status of a connection (`IPS_*`). @internal */
export const CT_STATUS: ValueNames = {
  expected: 1,
  'seen-reply': 2,
  assured: 4,
  confirmed: 8,
  snat: 16,
  dnat: 32,
  dying: 512,
};

/** Events of a connection (`IPCT_*`). @internal */
export const CT_EVENTS: ValueNames = {
  new: 1,
  related: 2,
  destroy: 4,
  reply: 8,
  assured: 16,
  protoinfo: 32,
  helper: 64,
  mark: 128,
  seqadj: 256,
  secmark: 512,
  label: 1024,
};

/** Types of addresses in the routing table (`RTN_*`). @internal */
export const FIB_ADDRESS_TYPES: ValueNames = {
  unspec: 0,
  unicast: 1,
  local: 2,
  broadcast: 3,
  anycast: 4,
  multicast: 5,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
};

/** Types of network interfaces (`ARPHRD_*`). @internal */
export const INTERFACE_TYPES: ValueNames = { ether: 1, ppp: 512, ipip: 768, ipip6: 769, loopback: 772, sit: 776, ipgre: 778 };

/** Days of the week. @internal */
export const DAYS: ValueNames = { Sunday: 0, Monday: 1, Tuesday: 2, Wednesday: 3, Thursday: 4, Friday: 5, Saturday: 6 };
