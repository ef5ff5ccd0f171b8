import type { HeaderNames } from '../header-names.js';

export const conntrackTimeoutNames: HeaderNames = {
  headers: ['netinet/in.h', 'linux/netfilter/nfnetlink.h', 'linux/netfilter/nfnetlink_cttimeout.h'],
  sets: {
    timeout: 'CTA_TIMEOUT_',
    generic: 'CTA_TIMEOUT_GENERIC_',
    tcp: 'CTA_TIMEOUT_TCP_',
    udp: 'CTA_TIMEOUT_UDP_',
    udplite: 'CTA_TIMEOUT_UDPLITE_',
    gre: 'CTA_TIMEOUT_GRE_',
    icmp: 'CTA_TIMEOUT_ICMP_',
    icmpv6: 'CTA_TIMEOUT_ICMPV6_',
    dccp: 'CTA_TIMEOUT_DCCP_',
    sctp: 'CTA_TIMEOUT_SCTP_',
  },
  enums: { 'l4-protocol': 'IPPROTO_' },
  operations: {
    prefix: 'IPCTNL_MSG_TIMEOUT_',
    base: 'NFNL_SUBSYS_CTNETLINK_TIMEOUT << 8',
    replies: [
      ['DEFAULT_GET', 'DEFAULT_SET'],
      ['GET', 'NEW'],
    ],
  },
};
