import type { Overlay } from '../overlay.js';
import { nest, s16, secrets, set, u32, u8 } from './words.js';

/** The attributes that a message holds once for each table, group, bucket or pair. */
const MANY = {
  'tunnel-udp': ['table'],
  stats: ['grp'],
  'stats-grp': ['hist-rx', 'hist-tx'],
  'cable-nest': ['result', 'fault-length'],
} as const;

/** Operations that can dump. */
const DUMPS = [
  ...['strset-get', 'linkinfo-get', 'linkmodes-get', 'linkstate-get', 'debug-get', 'wol-get', 'features-get', 'privflags-get', 'rings-get'],
  ...['channels-get', 'coalesce-get', 'pause-get', 'eee-get', 'tsinfo-get', 'tunnel-info-get', 'fec-get', 'module-eeprom-get', 'stats-get'],
  ...[
    'phc-vclocks-get',
    'module-get',
    'pse-get',
    'rss-get',
    'plca-get-cfg',
    'plca-get-status',
    'mm-get',
    'phy-get',
    'tsconfig-get',
    'mse-get',
  ],
];

/** @internal */
export const ethtool: Overlay = {
  source: 'ethtool',
  entries: [
    ...secrets('linux/ethtool_netlink.h', 'wol', ['sopass']),
    ...secrets('linux/ethtool_netlink_generated.h', 'module-fw-flash', ['password']),
    { header: 'linux/ethtool.h', changeDefinition: 'module-fw-flash-status', to: { 'value-start': 1 } },
    {
      header: 'linux/ethtool.h',
      changeDefinition: 'c33-pse-ext-state',
      to: {
        entries: [
          'none',
          'error-condition',
          'mr-mps-valid',
          'mr-pse-enable',
          'option-detect-ted',
          'option-vport-lim',
          'ovld-detected',
          'pd-dll-power-type',
          'power-not-available',
          'short-detected',
        ],
      },
      reason: 'pd-dll-power-type is missing',
    },
    ...Object.entries(MANY).flatMap(([of, names]) =>
      names.map((name) => ({
        header: 'linux/ethtool_netlink.h',
        set: of,
        changeAttribute: name,
        to: { 'multi-attr': true },
        reason: 'there are many in a message',
      })),
    ),
    {
      header: 'linux/ethtool_netlink.h',
      addSets: [
        set('cable-tdr-nest', 'ethtool-a-cable-tdr-nest-', [
          nest('step', 'cable-step'),
          nest('amplitude', 'cable-amplitude', { 'multi-attr': true }),
          nest('pulse', 'cable-pulse'),
        ]),
        set('cable-step', 'ethtool-a-cable-step-', [u32('first-distance'), u32('last-distance'), u32('step-distance')]),
        set('cable-amplitude', 'ethtool-a-cable-amplitude-', [u8('pair'), s16('mV')]),
        set('cable-pulse', 'ethtool-a-cable-pulse-', [s16('mV')]),
      ],
    },
    {
      header: 'linux/ethtool_netlink.h',
      set: 'cable-test-tdr-ntf',
      changeAttribute: 'nest',
      to: { 'nested-attributes': 'cable-tdr-nest' },
      reason: 'it holds distances and amplitudes, not results',
    },
    ...['features-set', 'tsconfig-set'].map((name) => ({
      header: 'linux/ethtool_netlink.h',
      changeOperation: name,
      to: { do: { request: {}, reply: {}, 'reply-sure': false } },
      reason: 'the reply can be declined',
    })),
    ...DUMPS.map((name) => ({
      header: 'linux/ethtool_netlink.h',
      changeOperation: name,
      to: { 'empty-nests': ['header'] },
      reason: 'kernels up to 6.1 reject a dump request without the header attribute (EINVAL, ethnl_parse_header_dev_get)',
    })),
  ],
};
