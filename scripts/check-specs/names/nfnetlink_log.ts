import type { HeaderNames } from '../header-names.js';

export const nfnetlinkLogNames: HeaderNames = {
  headers: ['linux/netfilter/nfnetlink.h', 'linux/netfilter/nfnetlink_log.h'],
  structs: {
    'packet-hdr': 'struct nfulnl_msg_packet_hdr',
    'packet-hw': 'struct nfulnl_msg_packet_hw',
    'packet-timestamp': 'struct nfulnl_msg_packet_timestamp',
    'msg-config-cmd': 'struct nfulnl_msg_config_cmd',
    'msg-config-mode': 'struct nfulnl_msg_config_mode',
  },
  enums: {
    'copy-mode': 'NFULNL_COPY_',
    'config-cmd': 'NFULNL_CFG_CMD_',
    'config-flags': 'NFULNL_CFG_F_',
  },
  sets: {
    'vlan-attrs': 'NFULA_VLAN_',
    'packet-attrs': 'NFULA_',
    'config-attrs': 'NFULA_CFG_',
  },
  operations: {
    prefix: 'NFULNL_MSG_',
    base: 'NFNL_SUBSYS_ULOG << 8',
  },
};
