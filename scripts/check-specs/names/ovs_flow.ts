import type { HeaderNames } from '../header-names.js';

export const ovsFlowNames: HeaderNames = {
  headers: ['linux/openvswitch.h'],
  enums: {
    'ovs-frag-type': 'OVS_FRAG_TYPE_',
    'ovs-ufid-flags': 'OVS_UFID_F_',
    'ovs-hash-alg': '',
    'ct-state-flags': 'OVS_CS_F_',
  },
  sets: {
    'flow-attrs': 'OVS_FLOW_ATTR_',
    'key-attrs': 'OVS_KEY_ATTR_',
    'action-attrs': 'OVS_ACTION_ATTR_',
    'tunnel-key-attrs': 'OVS_TUNNEL_KEY_ATTR_',
    'check-pkt-len-attrs': 'OVS_CHECK_PKT_LEN_ATTR_',
    'sample-attrs': 'OVS_SAMPLE_ATTR_',
    'userspace-attrs': 'OVS_USERSPACE_ATTR_',
    'ovs-nsh-key-attrs': 'OVS_NSH_KEY_ATTR_',
    'ct-attrs': 'OVS_CT_ATTR_',
    'nat-attrs': 'OVS_NAT_ATTR_',
    'dec-ttl-attrs': 'OVS_DEC_TTL_ATTR_',
    'vxlan-ext-attrs': 'OVS_VXLAN_EXT_',
    'psample-attrs': 'OVS_PSAMPLE_ATTR_',
  },
  operations: {
    prefix: 'OVS_FLOW_CMD_',
  },
};
