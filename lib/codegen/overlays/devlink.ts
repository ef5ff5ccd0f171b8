import type { Overlay } from '../overlay.js';
import { notification } from './words.js';

const HEADER = 'linux/devlink.h';
const GROUP = ['config'];

/** Name of the command, operation whose replies have the same contents, number of the command. */
const NOTIFICATIONS: readonly (readonly [string, string, number])[] = [
  ['new', 'get', 3],
  ['del', 'get', 4],
  ['port-new', 'port-get', 7],
  ['port-del', 'port-get', 8],
  ['param-new', 'param-get', 40],
  ['param-del', 'param-get', 41],
  ['region-new', 'region-get', 44],
  ['region-del', 'region-get', 45],
  ['health-reporter-recover', 'health-reporter-get', 54],
  ['trap-new', 'trap-get', 63],
  ['trap-del', 'trap-get', 64],
  ['trap-group-new', 'trap-group-get', 67],
  ['trap-group-del', 'trap-group-get', 68],
  ['trap-policer-new', 'trap-policer-get', 71],
  ['trap-policer-del', 'trap-policer-get', 72],
  ['rate-new', 'rate-get', 76],
  ['rate-del', 'rate-get', 77],
  ['linecard-new', 'linecard-get', 80],
  ['linecard-del', 'linecard-get', 81],
];

/** @internal */
export const devlink: Overlay = {
  source: 'devlink',
  entries: [
    { header: HEADER, addGroups: [{ name: 'config' }] },
    { header: HEADER, addOperations: NOTIFICATIONS.map(([name, notify, number]) => notification(`${name}-ntf`, notify, number, GROUP)) },
    {
      header: HEADER,
      addOperations: (
        [
          ['flash-update', 58],
          ['flash-update-end', 59],
          ['flash-update-status', 60],
        ] as const
      ).map(([name, value]) => ({ name: `${name}-ntf`, value, event: true, 'attribute-set': 'devlink', mcgrp: GROUP })),
    },
    {
      header: HEADER,
      changeOperation: 'region-read',
      to: { merge: { key: ['busName', 'devName', 'regionName'], lists: [{ path: ['regionChunks', 'regionChunk'], by: 'append' }] } },
      reason: 'a region comes in many messages',
    },
  ],
};
