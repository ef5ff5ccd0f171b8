import type { HeaderNames } from '../header-names.js';

export const devEnergymodelNames: HeaderNames = {
  headers: ['linux/dev_energymodel.h'],
  enums: {
    'perf-state-flags': 'DEV_ENERGYMODEL_PERF_STATE_FLAGS_',
    'perf-domain-flags': 'DEV_ENERGYMODEL_PERF_DOMAIN_FLAGS_',
  },
  sets: {
    'perf-domain': 'DEV_ENERGYMODEL_A_PERF_DOMAIN_',
    'perf-table': 'DEV_ENERGYMODEL_A_PERF_TABLE_',
    'perf-state': 'DEV_ENERGYMODEL_A_PERF_STATE_',
  },
  operations: {
    prefix: 'DEV_ENERGYMODEL_CMD_',
  },
};
