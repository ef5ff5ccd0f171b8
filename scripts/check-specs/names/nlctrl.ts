import type { HeaderNames } from '../header-names.js';

export const nlctrlNames: HeaderNames = {
  headers: ['linux/netlink.h', 'linux/genetlink.h'],
  enums: {
    'op-flags': 'GENL_',
    'attr-type': 'NL_ATTR_TYPE_',
  },
  sets: {
    'ctrl-attrs': 'CTRL_ATTR_',
    'mcast-group-attrs': 'CTRL_ATTR_MCAST_GRP_',
    'op-attrs': 'CTRL_ATTR_OP_',
    'policy-attrs': 'NL_POLICY_TYPE_ATTR_',
    'op-policy-attrs': 'CTRL_ATTR_POLICY_',
  },
  operations: {
    prefix: 'CTRL_CMD_',
    replies: [['GETFAMILY', 'NEWFAMILY']],
  },
  names: {
    'group/notify': 'GENL_ID_CTRL',
  },
};
