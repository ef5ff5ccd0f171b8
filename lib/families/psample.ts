import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { psampleSchema, type PsampleFamily } from './generated/psample.js';

export * from './generated/psample.js';

/** Samples of packets: their groups, and the packets in the group `packets`. @public */
export const psample: WatchableFamilyFactory<PsampleFamily, 'get-group'> = watchableFamily(psampleSchema, {
  'get-group': {
    groups: ['config'],
    set: ['new-group-ntf'],
    delete: ['del-group-ntf'],
    key: ({ sampleGroup }) => sampleGroup,
    volatile: ['groupSeq'],
    silent: ['groupRefcount'],
  },
});
