import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { ovsDatapathSchema, type OvsDatapathFamily } from './generated/ovs_datapath.js';

export * from './generated/ovs_datapath.js';

/** Open vSwitch datapaths. @public */
export const ovsDatapath: WatchableFamilyFactory<OvsDatapathFamily, 'get'> = watchableFamily(ovsDatapathSchema, {
  get: {
    groups: ['ovs_datapath'],
    set: ['new-ntf', 'set-ntf'],
    delete: ['del-ntf'],
    key: ({ name }) => name,
    volatile: ['stats', 'megaflowStats'],
  },
});
