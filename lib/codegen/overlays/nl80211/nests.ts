import type { OverlayEntry, SpecEntry } from '../../overlay.js';
import { bits, bytes, flag, layout, mac, nest, padding, s32, s64, set, struct, text, u16, u32, u64, u8 } from '../words.js';

const HEADER = 'linux/nl80211.h';
const ATTRS = 'nl80211-attrs';

const s8 = (name: string): SpecEntry => ({ name, type: 's8' });
const nests = (name: string, of: string): SpecEntry => ({ name, type: 'indexed-array', 'sub-type': 'nest', 'nested-attributes': of });
const list = (name: string, of: string, more: Readonly<Record<string, unknown>> = {}): SpecEntry => ({
  name,
  type: 'indexed-array',
  'sub-type': of,
  ...more,
});
const macs = (name: string): SpecEntry => list(name, 'binary', { 'display-hint': 'mac' });
const flags = (names: readonly string[]): SpecEntry[] => names.map((name) => flag(name));
const width = (name: string): SpecEntry => flag(`${name}-mhz-width`);

/** The sets that the specification lacks, in the order of the header. */
const SETS: readonly SpecEntry[] = [
  set('sta-info', 'nl80211-sta-info-', [
    ...[u32('inactive-time'), u32('rx-bytes'), u32('tx-bytes'), u16('llid'), u16('plid'), u8('plink-state'), s8('signal')],
    nest('tx-bitrate', 'rate-info'),
    ...[u32('rx-packets'), u32('tx-packets'), u32('tx-retries'), u32('tx-failed'), s8('signal-avg')],
    nest('rx-bitrate', 'rate-info'),
    nest('bss-param', 'sta-bss-param'),
    u32('connected-time'),
    struct('sta-flags', 'sta-flag-update'),
    ...[u32('beacon-loss'), s64('t-offset'), u32('local-pm'), u32('peer-pm'), u32('nonpeer-pm'), u64('rx-bytes64'), u64('tx-bytes64')],
    ...[list('chain-signal', 's8'), list('chain-signal-avg', 's8')],
    ...[u32('expected-throughput'), u64('rx-drop-misc'), u64('beacon-rx'), s8('beacon-signal-avg')],
    nests('tid-stats', 'tid-stats'),
    ...[u64('rx-duration'), padding('pad'), s8('ack-signal'), s8('ack-signal-avg'), u32('rx-mpdus'), u32('fcs-error-count')],
    ...[u8('connected-to-gate'), u64('tx-duration'), u16('airtime-weight'), u32('airtime-link-metric')],
    ...[u64('assoc-at-boottime'), u8('connected-to-as')],
  ]),
  set('rate-info', 'nl80211-rate-info-', [
    ...[u16('bitrate'), u8('mcs'), width('40'), flag('short-gi'), u32('bitrate32'), u8('vht-mcs'), u8('vht-nss')],
    ...['80', '80p80', '160', '10', '5'].map(width),
    ...[u8('he-mcs'), u8('he-nss'), u8('he-gi'), u8('he-dcm'), u8('he-ru-alloc'), width('320')],
    ...[u8('eht-mcs'), u8('eht-nss'), u8('eht-gi'), u8('eht-ru-alloc'), u8('s1g-mcs'), u8('s1g-nss')],
    ...['1', '2', '4', '8', '16'].map(width),
  ]),
  set('sta-bss-param', 'nl80211-sta-bss-param-', [
    ...flags(['cts-prot', 'short-preamble', 'short-slot-time']),
    ...[u8('dtim-period'), u16('beacon-interval')],
  ]),
  set('tid-stats', 'nl80211-tid-stats-', [
    ...[u64('rx-msdu'), u64('tx-msdu'), u64('tx-msdu-retries'), u64('tx-msdu-failed'), padding('pad')],
    nest('txq-stats', 'txq-stats-attrs'),
  ]),
  set('sta-flags', 'nl80211-sta-flag-', [
    ...flags(['authorized', 'short-preamble', 'wme', 'mfp', 'authenticated', 'tdls-peer', 'associated', 'spp-amsdu']),
  ]),
  set('sta-wme', 'nl80211-sta-wme-', [u8('uapsd-queues'), u8('max-sp')]),
  set('mpath-info', 'nl80211-mpath-info-', [
    ...['frame-qlen', 'sn', 'metric', 'exptime'].map((name) => u32(name)),
    ...[u8('flags', { enum: 'mpath-flags' }), u32('discovery-timeout'), u8('discovery-retries'), u8('hop-count'), u32('path-change')],
  ]),
  set('mesh-config', 'nl80211-meshconf-', [
    ...['retry-timeout', 'confirm-timeout', 'holding-timeout', 'max-peer-links'].map((name) => u16(name)),
    ...['max-retries', 'ttl', 'auto-open-plinks', 'hwmp-max-preq-retries'].map((name) => u8(name)),
    ...[u32('path-refresh-time'), u16('min-discovery-timeout'), u32('hwmp-active-path-timeout')],
    ...[u16('hwmp-preq-min-interval'), u16('hwmp-net-diam-trvs-time'), u8('hwmp-rootmode'), u8('element-ttl')],
    ...[u16('hwmp-rann-interval'), u8('gate-announcements'), u16('hwmp-perr-min-interval'), u8('forwarding')],
    ...[s32('rssi-threshold'), u32('sync-offset-max-neighbor'), u16('ht-opmode'), u32('hwmp-path-to-root-timeout')],
    ...[u16('hwmp-root-interval'), u16('hwmp-confirmation-interval'), u32('power-mode'), u16('awake-window')],
    ...[u32('plink-timeout'), u8('connected-to-gate'), u8('nolearn'), u8('connected-to-as')],
  ]),
  set('survey-info', 'nl80211-survey-info-', [
    ...[u32('frequency'), s8('noise'), flag('in-use')],
    ...['time', 'time-busy', 'time-ext-busy', 'time-rx', 'time-tx', 'time-scan'].map((name) => u64(name)),
    ...[padding('pad'), u64('time-bss-rx'), u32('frequency-offset')],
  ]),
  set('bss', 'nl80211-bss-', [
    ...[mac('bssid'), u32('frequency'), u64('tsf'), u16('beacon-interval'), u16('capability'), bytes('information-elements')],
    ...[s32('signal-mbm'), u8('signal-unspec'), u32('status'), u32('seen-ms-ago'), bytes('beacon-ies'), u32('chan-width')],
    ...[u64('beacon-tsf'), flag('presp-data'), u64('last-seen-boottime'), padding('pad'), u64('parent-tsf'), mac('parent-bssid')],
    ...[list('chain-signal', 's8'), u32('frequency-offset'), u8('mlo-link-id'), mac('mld-addr'), u32('use-for')],
    u64('cannot-use-reasons'),
  ]),
  set('reg-rule', 'nl80211-attr-', [
    ...['reg-rule-flags', 'freq-range-start', 'freq-range-end', 'freq-range-max-bw'].map((name) => u32(name)),
    ...[u32('power-rule-max-ant-gain'), u32('power-rule-max-eirp'), u32('dfs-cac-time'), s8('power-rule-psd')],
  ]),
  set('key', 'nl80211-key-', [
    ...[bytes('data'), u8('idx'), u32('cipher'), bytes('seq'), flag('default'), flag('default-mgmt'), u32('type')],
    ...[nest('default-types', 'key-default-types'), u8('mode'), flag('default-beacon')],
  ]),
  set('key-default-types', 'nl80211-key-default-type-', flags(['unicast', 'multicast'])),
  set('cqm', 'nl80211-attr-cqm-', [
    list('rssi-thold', 's32'),
    ...['rssi-hyst', 'rssi-threshold-event', 'pkt-loss-event', 'txe-rate', 'txe-pkts', 'txe-intvl'].map((name) => u32(name)),
    ...[flag('beacon-loss-event'), s32('rssi-level')],
  ]),
  set('packet-pattern', 'nl80211-pktpat-', [bytes('mask'), bytes('pattern'), u32('offset')]),
  set('wowlan-triggers', 'nl80211-wowlan-trig-', [
    ...flags(['any', 'disconnect', 'magic-pkt']),
    nests('pkt-pattern', 'packet-pattern'),
    ...flags(['gtk-rekey-supported', 'gtk-rekey-failure', 'eap-ident-request', '4way-handshake', 'rfkill-release']),
    ...[bytes('wakeup-pkt-80211'), u32('wakeup-pkt-80211-len'), bytes('wakeup-pkt-8023'), u32('wakeup-pkt-8023-len')],
    ...[bytes('tcp-connection'), ...flags(['wakeup-tcp-match', 'wakeup-tcp-connlost', 'wakeup-tcp-nomoretokens'])],
    ...[nest('net-detect', ATTRS), nests('net-detect-results', ATTRS), flag('unprotected-deauth-disassoc')],
  ]),
  set('rekey-data', 'nl80211-rekey-data-', [bytes('kek'), bytes('kck'), bytes('replay-ctr'), u32('akm')]),
  set('coalesce-rule', 'nl80211-attr-coalesce-rule-', [u32('delay'), u32('condition'), nests('pkt-pattern', 'packet-pattern')]),
  set('bss-select', 'nl80211-bss-select-attr-', [flag('rssi'), u32('band-pref'), struct('rssi-adjust', 'bss-select-rssi-adjust')]),
  set('ftm-responder', 'nl80211-ftm-resp-attr-', [flag('enabled'), bytes('lci'), bytes('civicloc')]),
  set('ftm-responder-stats', 'nl80211-ftm-stats-', [
    ...['success-num', 'partial-num', 'failed-num', 'asap-num', 'non-asap-num'].map((name) => u32(name)),
    u64('total-duration-msec'),
    ...['unknown-triggers-num', 'reschedule-requests-num', 'out-of-window-triggers-num'].map((name) => u32(name)),
    padding('pad'),
  ]),
  set('he-obss-pd', 'nl80211-he-obss-pd-attr-', [
    ...['min-offset', 'max-offset', 'non-srg-max-offset'].map((name) => u8(name)),
    ...[bytes('bss-color-bitmap'), bytes('partial-bssid-bitmap'), u8('sr-ctrl')],
  ]),
  set('he-bss-color', 'nl80211-he-bss-color-attr-', [u8('color'), flag('disabled'), flag('partial')]),
  set('fils-discovery', 'nl80211-fils-discovery-attr-', [u32('int-min'), u32('int-max'), bytes('tmpl')]),
  set('unsol-bcast-probe-resp', 'nl80211-unsol-bcast-probe-resp-attr-', [u32('int'), bytes('tmpl')]),
  set('mbssid-config', 'nl80211-mbssid-config-attr-', [
    ...[u8('max-interfaces'), u8('max-ema-profile-periodicity'), u8('index'), u32('tx-ifindex'), flag('ema')],
  ]),
];

/** The attributes that hold these sets, and lists. */
const NESTS: readonly SpecEntry[] = [
  ...[nest('sta-info', 'sta-info'), nest('sta-flags', 'sta-flags'), nest('sta-wme', 'sta-wme')],
  ...[nest('mpath-info', 'mpath-info'), nest('mesh-config', 'mesh-config')],
  ...['bss-select', 'ftm-responder', 'ftm-responder-stats', 'he-obss-pd', 'he-bss-color'].map((name) => nest(name, name)),
  ...['fils-discovery', 'unsol-bcast-probe-resp', 'mbssid-config'].map((name) => nest(name, name)),
  ...[nest('survey-info', 'survey-info'), nest('bss', 'bss'), nests('reg-rules', 'reg-rule')],
  ...[nest('key', 'key'), nests('keys', 'key'), nest('key-default-types', 'key-default-types'), nest('cqm', 'cqm')],
  ...[nest('wowlan-triggers', 'wowlan-triggers'), nest('rekey-data', 'rekey-data'), nests('coalesce-rule', 'coalesce-rule')],
  ...[list('scan-frequencies', 'u32'), list('scan-freq-khz', 'u32'), list('scan-ssids', 'binary'), macs('mac-addrs')],
  ...[nests('mlo-links', ATTRS), nest('csa-ies', ATTRS), nest('color-change-elems', ATTRS)],
];

/** The nests of nl80211 that the specification describes as binary. @internal */
export const nl80211Nests: readonly OverlayEntry[] = [
  {
    header: HEADER,
    addDefinitions: [
      bits('mpath-flags', 'nl80211-mpath-flag-', ['active', 'resolving', 'sn-valid', 'fixed', 'resolved']),
      layout('bss-select-rssi-adjust', [u8('band'), s8('delta')]),
      layout('pattern-support', [u32('max-patterns'), u32('min-pattern-len'), u32('max-pattern-len'), u32('max-pkt-offset')]),
    ],
  },
  { header: HEADER, addSets: SETS },
  ...NESTS.map(({ name, ...to }) => ({
    header: HEADER,
    set: ATTRS,
    changeAttribute: name,
    to: { ...to, 'display-hint': to['display-hint'] ?? null },
    reason: 'it holds attributes',
  })),
  { header: HEADER, set: 'frequency-attrs', addAttributes: [flag('allow-20mhz-activity', { value: 34 })] },
  { header: HEADER, set: ATTRS, changeAttribute: 'reg-alpha2', to: { ...text('reg-alpha2') }, reason: 'two letters' },
  {
    header: HEADER,
    set: 'wowlan-triggers-attrs',
    changeAttribute: 'pkt-pattern',
    to: { ...struct('pkt-pattern', 'pattern-support') },
    reason: 'what a device supports of them',
  },
  {
    header: HEADER,
    set: 'wowlan-triggers-attrs',
    changeAttribute: 'net-detect',
    to: { type: 'u32' },
    reason: 'how many a device supports',
  },
];
