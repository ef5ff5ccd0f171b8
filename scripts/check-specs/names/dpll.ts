import type { HeaderNames } from '../header-names.js';

export const dpllNames: HeaderNames = {
  headers: ['linux/dpll.h'],
  enums: {
    mode: 'DPLL_MODE_',
    'lock-status': 'DPLL_LOCK_STATUS_',
    'lock-status-error': 'DPLL_LOCK_STATUS_ERROR_',
    'clock-quality-level': 'DPLL_CLOCK_QUALITY_LEVEL_',
    type: 'DPLL_TYPE_',
    'pin-type': 'DPLL_PIN_TYPE_',
    'pin-direction': 'DPLL_PIN_DIRECTION_',
    'pin-operstate': 'DPLL_PIN_OPERSTATE_',
    'feature-state': 'DPLL_FEATURE_STATE_',
    'pin-state': 'DPLL_PIN_STATE_',
    'pin-capabilities': 'DPLL_PIN_CAPABILITIES_',
  },
  sets: {
    dpll: 'DPLL_A_',
    pin: 'DPLL_A_PIN_',
  },
  operations: {
    prefix: 'DPLL_CMD_',
  },
};
