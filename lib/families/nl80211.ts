import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { nl80211Schema, type Nl80211Family } from './generated/nl80211.js';

export * from './generated/nl80211.js';

/** Wi-Fi. @public */
export const nl80211: WatchableFamilyFactory<Nl80211Family, 'get-interface'> = watchableFamily(nl80211Schema, {
  'get-interface': {
    groups: ['config'],
    set: ['new-interface-ntf', 'set-interface-ntf'],
    delete: ['del-interface-ntf'],
    key: ({ wdev }) => wdev,
    volatile: ['generation'],
  },
  'get-wiphy': 'a dump splits a device into many parts, and an event contains only one; watch interfaces, and dump devices on `added`',
});
