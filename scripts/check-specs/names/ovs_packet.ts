import type { HeaderNames } from '../header-names.js';

export const ovsPacketNames: HeaderNames = {
  headers: ['linux/openvswitch.h'],
  sets: {
    packet: 'OVS_PACKET_ATTR_',
  },
  operations: {
    prefix: 'OVS_PACKET_CMD_',
  },
};
