import { watchableFamily, type WatchDeclaration, type WatchableFamilyFactory } from '../live/index.js';
import { ethtoolSchema, type EthtoolFamily } from './generated/ethtool.js';

export * from './generated/ethtool.js';

type Notification = keyof EthtoolFamily['notifications'];
type Declaration = WatchDeclaration<{ readonly header?: { readonly devIndex?: number } }, Notification, 'monitor'>;

/** Interfaces appear and disappear, and drivers change settings, without an ethtool notification. Milliseconds between resyncs. */
const INTERVAL = 10_000;

/** Declares a setting that the kernel reports when a program changes it through ethtool netlink. */
const setting = (notification: Notification): Declaration => ({
  groups: ['monitor'],
  set: [notification],
  delete: [],
  key: ({ header }) => header?.devIndex,
  interval: INTERVAL,
});

/** Declares a setting whose notification has bits by number and whose rows have them by name: the notification triggers a resync. */
const namedBits = (notification: Notification): Declaration => ({ ...setting(notification), set: [], silentOn: { [notification]: true } });

const NO_EVENT = 'the kernel sends no event for changes; watch links, or dump it at an interval';

/** The settings that can be watched. @public */
export type EthtoolSetting =
  | 'linkinfo-get'
  | 'linkmodes-get'
  | 'debug-get'
  | 'wol-get'
  | 'features-get'
  | 'privflags-get'
  | 'rings-get'
  | 'channels-get'
  | 'coalesce-get'
  | 'pause-get'
  | 'eee-get'
  | 'fec-get'
  | 'module-get'
  | 'plca-get-cfg'
  | 'mm-get';

/** Link settings, rings, coalescing, features, statistics. @public */
export const ethtool: WatchableFamilyFactory<EthtoolFamily, EthtoolSetting> = watchableFamily(ethtoolSchema, {
  'linkinfo-get': setting('linkinfo-ntf'),
  'linkmodes-get': namedBits('linkmodes-ntf'),
  'debug-get': namedBits('debug-ntf'),
  'wol-get': namedBits('wol-ntf'),
  'features-get': namedBits('features-ntf'),
  'privflags-get': namedBits('privflags-ntf'),
  'rings-get': setting('rings-ntf'),
  'channels-get': setting('channels-ntf'),
  'coalesce-get': setting('coalesce-ntf'),
  'pause-get': setting('pause-ntf'),
  'eee-get': namedBits('eee-ntf'),
  'fec-get': namedBits('fec-ntf'),
  'module-get': setting('module-ntf'),
  'plca-get-cfg': setting('plca-ntf'),
  'mm-get': setting('mm-ntf'),
  'linkstate-get': NO_EVENT,
  'tsinfo-get': NO_EVENT,
  'rss-get': NO_EVENT,
  'strset-get': NO_EVENT,
  'pse-get': NO_EVENT,
  'stats-get': 'counters change all the time; dump them at an interval and use rates()',
});
