import type { Overlay } from '../overlay.js';
import { u32 } from './words.js';

/** @internal */
export const ethtool: Overlay = {
  source: 'ethtool',
  entries: [
    { header: 'linux/ethtool_netlink.h', addGroups: [{ name: 'monitor' }] },
    { header: 'linux/ethtool.h', changeDefinition: 'module-fw-flash-status', to: { 'value-start': 1 } },
    {
      header: 'linux/ethtool.h',
      changeDefinition: 'c33-pse-ext-state',
      to: {
        entries: [
          'none',
          'error-condition',
          'mr-mps-valid',
          'mr-pse-enable',
          'option-detect-ted',
          'option-vport-lim',
          'ovld-detected',
          'pd-dll-power-type',
          'power-not-available',
          'short-detected',
        ],
      },
      reason: 'pd-dll-power-type is missing',
    },
    {
      header: 'linux/ethtool_netlink_generated.h',
      set: 'pse',
      addAttributes: [u32('pse-pw-d-id'), u32('pse-prio-max'), u32('pse-prio')],
      reason: 'kernels from 6.17 on send them',
    },
    ...['features-set', 'tsconfig-set'].map((name) => ({
      header: 'linux/ethtool_netlink.h',
      changeOperation: name,
      to: { do: { request: {}, reply: {}, 'reply-sure': false } },
      reason: 'the reply can be declined',
    })),
  ],
};
