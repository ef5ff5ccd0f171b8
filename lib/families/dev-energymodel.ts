import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { devEnergymodelSchema, type DevEnergymodelFamily } from './generated/dev-energymodel.js';

export * from './generated/dev-energymodel.js';

/** The energy model: performance domains of processors and the power that each state needs. @public */
export const devEnergymodel: WatchableFamilyFactory<DevEnergymodelFamily, 'get-perf-domains'> = watchableFamily(devEnergymodelSchema, {
  'get-perf-domains': {
    groups: ['event'],
    set: [],
    delete: ['perf-domain-deleted'],
    key: ({ perfDomainId }) => perfDomainId,
    // These events contain the table of the domain, and not its flags and processors.
    silentOn: { 'perf-domain-created': true, 'perf-domain-updated': true },
  },
});
