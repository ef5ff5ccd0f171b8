import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { ovsDatapathSchema } from './generated/ovs_datapath.js';
import { ovsVportSchema, type OvsVportFamily } from './generated/ovs_vport.js';

export * from './generated/ovs_vport.js';

/** Open vSwitch ports. @public */
export const ovsVport: WatchableFamilyFactory<OvsVportFamily, 'get'> = watchableFamily(ovsVportSchema, {
  get: (request) =>
    (request.dpIfindex ?? 0) === 0
      ? 'the kernel lists the ports of one datapath only; set dpIfindex'
      : {
          groups: ['ovs_vport'],
          set: ['new-ntf', 'set-ntf'],
          delete: ['del-ntf'],
          key: ({ dpIfindex, portNo }) => `${dpIfindex} ${portNo ?? ''}`,
          filters: { dpIfindex: ({ dpIfindex }) => dpIfindex },
          volatile: ['stats', 'upcallStats'],
          // The kernel deletes ports with their datapath, and reports the datapath only.
          familyTriggers: [{ family: ovsDatapathSchema, groups: ['ovs_datapath'], ops: ['del-ntf'] }],
          emptyOn: ['ENODEV'],
        },
});
