import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { rtNsidSchema, type RtNsidFamily } from './generated/rt-nsid.js';

export * from './generated/rt-nsid.js';

/** The numbers that a network namespace has for others (NSIDs). @public */
export const rtNsid: WatchableFamilyFactory<RtNsidFamily, 'getnsid'> = watchableFamily(rtNsidSchema, {
  getnsid: {
    groups: ['rtnlgrp-nsid'],
    set: ['newnsid-ntf'],
    delete: ['delnsid-ntf'],
    key: ({ nsid }) => nsid,
  },
});
