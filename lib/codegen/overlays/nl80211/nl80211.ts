import type { Overlay } from '../../overlay.js';
import { nl80211Nests } from './nests.js';
import { notification, operation, secrets } from '../words.js';

const HEADER = 'linux/nl80211.h';

/** The events by group: name and number of the command. All have the only attribute set of the family. */
const EVENTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  scan: {
    'trigger-scan': 33,
    'new-scan-results': 34,
    'scan-aborted': 35,
    'start-sched-scan': 75,
    'sched-scan-results': 77,
    'sched-scan-stopped': 78,
  },
  regulatory: { 'reg-change': 36, 'reg-beacon-hint': 42, 'wiphy-reg-change': 113 },
  mlme: {
    'new-station': 19,
    'del-station': 20,
    authenticate: 37,
    associate: 38,
    deauthenticate: 39,
    disassociate: 40,
    'michael-mic-failure': 41,
    'join-ibss': 43,
    connect: 46,
    roam: 47,
    disconnect: 48,
    'remain-on-channel': 55,
    'cancel-remain-on-channel': 56,
    'frame-tx-status': 60,
    'notify-cqm': 64,
    'unprot-deauthenticate': 70,
    'unprot-disassociate': 71,
    'new-peer-candidate': 72,
    'pmksa-candidate': 80,
    'tdls-oper': 81,
    'ch-switch-notify': 88,
    'conn-failed': 91,
    'radar-detect': 94,
    'ft-event': 97,
    'ch-switch-started-notify': 110,
    'port-authorized': 125,
  },
  vendor: { vendor: 103 },
  nan: { 'nan-match': 120 },
  testmode: { testmode: 45 },
};

/** @internal */
export const nl80211: Overlay = {
  source: 'nl80211',
  entries: [
    ...nl80211Nests,
    ...secrets(HEADER, 'nl80211-attrs', ['key-data', 'pmk', 'sae-password', 'fils-kek', 'fils-erp-rrk']),
    ...secrets(HEADER, 'key', ['data']),
    ...secrets(HEADER, 'rekey-data', ['kek', 'kck']),
    {
      header: HEADER,
      addOperations: [
        operation('get-station', 'nl80211-attrs', { do: [17, 19], dump: [17, 19] }),
        operation('set-station', 'nl80211-attrs', { do: [18] }),
        operation('get-mpath', 'nl80211-attrs', { do: [21, 23], dump: [21, 23] }),
        operation('get-mesh-config', 'nl80211-attrs', { do: [28, 28] }),
        operation('set-mesh-config', 'nl80211-attrs', { do: [29] }),
        operation('get-reg', 'nl80211-attrs', { do: [31, 31], dump: [31, 31] }),
        operation('req-set-reg', 'nl80211-attrs', { do: [27] }),
        operation('get-scan', 'nl80211-attrs', { dump: [32, 34] }),
        operation('trigger-scan', 'nl80211-attrs', { do: [33] }),
        operation('get-survey', 'nl80211-attrs', { dump: [50, 51] }),
        operation('get-wowlan', 'nl80211-attrs', { do: [73, 73] }),
        operation('set-wowlan', 'nl80211-attrs', { do: [74] }),
        operation('set-interface', 'nl80211-attrs', { do: [6] }),
        operation('new-interface', 'nl80211-attrs', { do: [7, 7] }),
        operation('del-interface', 'nl80211-attrs', { do: [8] }),
      ],
    },
    {
      header: HEADER,
      set: 'nl80211-attrs',
      changeAttribute: 'control-port-ethertype',
      to: { input: { type: 'u16' } },
      reason: 'a flag when read, the type itself when written',
    },
    {
      header: HEADER,
      addOperations: [
        notification('new-wiphy-ntf', 'get-wiphy', 3, ['config']),
        notification('del-wiphy-ntf', 'get-wiphy', 4, ['config']),
        notification('set-interface-ntf', 'get-interface', 6, ['config']),
        notification('new-interface-ntf', 'get-interface', 7, ['config']),
        notification('del-interface-ntf', 'get-interface', 8, ['config']),
      ],
    },
    {
      header: HEADER,
      addOperations: Object.entries(EVENTS).flatMap(([group, events]) =>
        Object.entries(events).map(([name, value]) => ({
          name: `${name}-ntf`,
          value,
          event: true,
          'attribute-set': 'nl80211-attrs',
          mcgrp: [group],
        })),
      ),
    },
    {
      header: HEADER,
      changeOperation: 'get-wiphy',
      to: {
        merge: {
          key: ['wiphy'],
          lists: [
            { path: ['wiphyBands', '*', 'freqs'], by: 'index' },
            { path: ['wiphyBands', '*', 'rates'], by: 'index' },
          ],
        },
      },
      reason: 'asked with split-wiphy-dump, a wiphy comes in many messages',
    },
  ],
};
