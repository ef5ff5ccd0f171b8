import type { HeaderNames } from '../header-names.js';

export const w1Names: HeaderNames = {
  headers: ['linux/netlink.h', 'linux/connector.h', 'w1_netlink.h'],
  // Two structs of the headers, one directly behind the other.
  structs: { 'cn-w1': 'struct __attribute__((packed)) { struct cn_msg cn; struct w1_netlink_msg w1; }' },
  enums: { 'message-type': 'W1_', command: 'W1_CMD_' },
  sets: {},
  operations: { prefix: 'NLMSG_' },
  groups: 'CN_IDX_',
  names: {
    ...Object.fromEntries(['idx', 'val'].map((member) => [`cn-w1/${member}`, `cn.id.${member}`])),
    ...Object.fromEntries(['seq', 'ack', 'flags'].map((member) => [`cn-w1/${member}`, `cn.${member}`])),
    'cn-w1/cn-len': 'cn.len',
    ...Object.fromEntries(['type', 'status', 'len', 'id', 'data'].map((member) => [`cn-w1/${member}`, `w1.${member}`])),
    'operation/request': 'NLMSG_DONE',
    'operation/answer': 'NLMSG_DONE',
    'group/w1': 'CN_W1_IDX',
  },
};
