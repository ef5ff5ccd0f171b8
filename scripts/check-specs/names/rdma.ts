import type { HeaderNames } from '../header-names.js';

export const rdmaNames: HeaderNames = {
  headers: ['rdma/rdma_netlink.h'],
  enums: { 'counter-mode': 'RDMA_COUNTER_MODE_', 'counter-mask': 'RDMA_COUNTER_MASK_', 'print-type': 'RDMA_NLDEV_PRINT_TYPE_' },
  sets: { nldev: 'RDMA_NLDEV_ATTR_' },
  operations: { prefix: 'RDMA_NLDEV_CMD_', base: 'RDMA_NL_NLDEV << 10' },
  names: {
    'nldev/net-ns-fd': 'RDMA_NLDEV_NET_NS_FD',
    'nldev/sys-netns-mode': 'RDMA_NLDEV_SYS_ATTR_NETNS_MODE',
    'nldev/sys-copy-on-fork': 'RDMA_NLDEV_SYS_ATTR_COPY_ON_FORK',
    'nldev/sys-privileged-qkey-mode': 'RDMA_NLDEV_SYS_ATTR_PRIVILEGED_QKEY_MODE',
    'nldev/sys-monitor-mode': 'RDMA_NLDEV_SYS_ATTR_MONITOR_MODE',
    'dev-type/smi': 'RDMA_DEVICE_TYPE_SMI',
    'name-assign-type/unknown': 'RDMA_NAME_ASSIGN_TYPE_UNKNOWN',
    'name-assign-type/user': 'RDMA_NAME_ASSIGN_TYPE_USER',
    'event-type/register': 'RDMA_REGISTER_EVENT',
    'event-type/unregister': 'RDMA_UNREGISTER_EVENT',
    'event-type/netdev-attach': 'RDMA_NETDEV_ATTACH_EVENT',
    'event-type/netdev-detach': 'RDMA_NETDEV_DETACH_EVENT',
    // nldev_port_get_doit answers with the number of another command.
    'do reply/port-get': '(RDMA_NL_NLDEV << 10) + RDMA_NLDEV_CMD_GET',
    'group/notify': 'RDMA_NL_GROUP_NOTIFY',
  },
};
