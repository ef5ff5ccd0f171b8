import type { HeaderNames } from '../header-names.js';

export const mptcpPmNames: HeaderNames = {
  headers: ['linux/mptcp.h', 'linux/mptcp_pm.h'],
  enums: {
    'event-type': 'MPTCP_EVENT_',
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
};
