import type { HeaderNames } from '../header-names.js';

export const ovsMeterNames: HeaderNames = {
  headers: ['linux/openvswitch.h'],
  enums: { 'meter-band-type': 'OVS_METER_BAND_TYPE_' },
  sets: { meter: 'OVS_METER_ATTR_', bands: 'OVS_BAND_ATTR_', band: 'OVS_BAND_ATTR_' },
  names: { 'bands/band': 'OVS_BAND_ATTR_UNSPEC' },
  operations: { prefix: 'OVS_METER_CMD_' },
};
