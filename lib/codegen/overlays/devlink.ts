import type { FormatEntry, Overlay } from '../overlay.js';
import { bytes, names, nest, notification, u32 } from './words.js';

const HEADER = 'linux/devlink.h';
const GROUP = ['config'];

/** The name of a command, the operation whose replies have the same contents, and the number of the command. */
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

/** The value of a parameter, by its type. A flag that is not set has no value. */
const VALUES: readonly FormatEntry[] = [
  ...['u8', 'u16', 'u32', 'u64', 'string', 'flag', 'binary'].map((type) => ({ value: type, content: { type } })),
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
    ...['health-reporter-diagnose', 'health-reporter-dump-get'].map((name) => ({
      header: HEADER,
      changeOperation: name,
      to: { merge: { key: [], lists: [{ path: ['fmsg'], by: 'append' }] } },
      reason: 'a long report comes in many messages; a request asks for one',
    })),
    {
      header: HEADER,
      changeOperation: 'port-get',
      to: { dump: { request: {}, reply: { value: 7 } } },
      reason: 'dumps give the same number as single requests',
    },
    { header: HEADER, addSubMessages: [{ name: 'param-value', formats: VALUES }] },
    {
      header: HEADER,
      addSets: [
        { name: 'dl-param-values-list', 'subset-of': 'devlink', attributes: [{ name: 'param-value' }] },
        { name: 'dl-param-value', 'subset-of': 'devlink', attributes: [{ name: 'param-value-cmode' }, { name: 'param-value-data' }] },
      ],
    },
    {
      header: HEADER,
      set: 'devlink',
      addAttributes: [
        nest('param-values-list', 'dl-param-values-list', { value: 84 }),
        nest('param-value', 'dl-param-value', { 'multi-attr': true }),
        { name: 'param-value-data', type: 'sub-message', 'sub-message': 'param-value', selector: 'param-type' },
      ],
    },
    { header: HEADER, addDefinitions: [names('reload-limit', 'devlink-reload-limit-', ['unspec', 'no-reset'])] },
    {
      header: HEADER,
      set: 'devlink',
      changeAttribute: 'reload-limits',
      to: { enum: 'reload-limit' },
      reason: 'they are not actions',
    },
    {
      header: HEADER,
      addSets: [
        {
          name: 'dl-nested-devlink',
          'subset-of': 'devlink',
          attributes: [{ name: 'bus-name' }, { name: 'dev-name' }, { name: 'netns-id' }],
        },
      ],
    },
    { header: HEADER, set: 'devlink', addAttributes: [nest('nested-devlink', 'dl-nested-devlink', { value: 175 })] },
    { header: HEADER, set: 'dl-port-function', addAttributes: [nest('devlink', 'dl-nested-devlink'), u32('max-io-eqs')] },
    { header: HEADER, set: 'dl-param', addAttributes: [{ name: 'param-values-list' }] },
    { header: HEADER, set: 'dl-resource', addAttributes: [{ name: 'resource-list' }], reason: 'resources hold resources' },
    ...['region-snapshot', 'region-chunk'].map((name) => ({
      header: HEADER,
      set: 'devlink',
      changeAttribute: name,
      to: { 'multi-attr': true },
      reason: 'there are many in their list',
    })),
    {
      header: HEADER,
      set: 'dl-linecard-supported-types',
      changeAttribute: 'linecard-type',
      to: { 'multi-attr': true },
      reason: 'there are many in their list',
    },
    {
      header: HEADER,
      set: 'devlink',
      changeAttribute: 'fmsg',
      to: { type: 'ordered-nest' },
      reason: 'what is in it means something by its order only',
    },
    { header: HEADER, set: 'devlink', addAttributes: [bytes('fmsg-obj-value-data', { value: 113 })] },
    { header: HEADER, set: 'dl-fmsg', addAttributes: [{ name: 'fmsg-obj-value-type' }, { name: 'fmsg-obj-value-data' }] },
  ],
};
