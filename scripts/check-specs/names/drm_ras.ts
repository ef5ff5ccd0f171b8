import type { HeaderNames } from '../header-names.js';

export const drmRasNames: HeaderNames = {
  headers: ['drm/drm_ras.h'],
  enums: {
    'node-type': 'DRM_RAS_NODE_TYPE_',
  },
  sets: {
    'node-attrs': 'DRM_RAS_A_NODE_ATTRS_',
    'error-counter-attrs': 'DRM_RAS_A_ERROR_COUNTER_ATTRS_',
  },
  operations: {
    prefix: 'DRM_RAS_CMD_',
  },
};
