import type { HeaderNames } from '../header-names.js';

export const nfnetlinkQueueNames: HeaderNames = {
  headers: ['linux/netfilter.h', 'linux/netfilter/nfnetlink.h', 'linux/netfilter/nfnetlink_queue.h'],
  structs: {
    'packet-hdr': 'struct nfqnl_msg_packet_hdr',
    'packet-hw': 'struct nfqnl_msg_packet_hw',
    'packet-timestamp': 'struct nfqnl_msg_packet_timestamp',
    'verdict-hdr': 'struct nfqnl_msg_verdict_hdr',
    'msg-config-cmd': 'struct nfqnl_msg_config_cmd',
    'msg-config-params': 'struct nfqnl_msg_config_params',
  },
  enums: {
    'copy-mode': 'NFQNL_COPY_',
    'config-cmd': 'NFQNL_CFG_CMD_',
    'config-flags': 'NFQA_CFG_F_',
    'skb-info': 'NFQA_SKB_',
    verdict: 'NF_',
  },
  sets: {
    'vlan-attrs': 'NFQA_VLAN_',
    'packet-attrs': 'NFQA_',
    'config-attrs': 'NFQA_CFG_',
  },
  operations: {
    prefix: 'NFQNL_MSG_',
    base: 'NFNL_SUBSYS_QUEUE << 8',
  },
  names: {
    'skb-info/csum-notverified': 'NFQA_SKB_CSUM_NOTVERIFIED',
  },
};
