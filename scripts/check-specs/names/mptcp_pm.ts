import type { HeaderNames } from '../header-names.js';

export const mptcpPmNames: HeaderNames = {
  headers: ['linux/mptcp.h', 'linux/mptcp_pm.h'],
  enums: {
    'event-type': 'MPTCP_EVENT_',
    'addr-flags': 'MPTCP_PM_ADDR_FLAG_',
  },
  sets: {
    address: 'MPTCP_PM_ADDR_ATTR_',
    'subflow-attribute': 'MPTCP_SUBFLOW_ATTR_',
    endpoint: 'MPTCP_PM_ENDPOINT_',
    attr: 'MPTCP_PM_ATTR_',
    'event-attr': 'MPTCP_ATTR_',
  },
  operations: {
    prefix: 'MPTCP_PM_CMD_',
  },
  names: {
    'operation/created': 'MPTCP_EVENT_CREATED',
    'operation/established': 'MPTCP_EVENT_ESTABLISHED',
    'operation/closed': 'MPTCP_EVENT_CLOSED',
    'operation/announced': 'MPTCP_EVENT_ANNOUNCED',
    'operation/removed': 'MPTCP_EVENT_REMOVED',
    'operation/sub-established': 'MPTCP_EVENT_SUB_ESTABLISHED',
    'operation/sub-closed': 'MPTCP_EVENT_SUB_CLOSED',
    'operation/sub-priority': 'MPTCP_EVENT_SUB_PRIORITY',
    'operation/listener-created': 'MPTCP_EVENT_LISTENER_CREATED',
    'operation/listener-closed': 'MPTCP_EVENT_LISTENER_CLOSED',
  },
};
