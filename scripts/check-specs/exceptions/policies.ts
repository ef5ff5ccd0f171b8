import type { Exception } from './exception.js';

const IGNORED = 'the operations have one policy, and ignore the attributes of others; the descriptor has those of each operation';

/** The attributes that the operations with a set ignore, by family and set. */
const IGNORED_BY: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  ipvs: {
    'service-command': [2, 3, 4, 5, 6],
    'dest-command': [3, 4, 5, 6],
    'daemon-command': [1, 2, 4, 5, 6],
    config: [1, 2, 3],
  },
  net_dm: { config: [20, 21], drops: [1, 9, 11] },
  macsec: { 'rxsc-command': [3, 9], 'txsa-command': [2, 9], 'rxsa-command': [9], 'offload-command': [2, 3] },
};

/** Families with one policy for all operations, whose operations have sets of their own, and the highest attribute of the policy. */
const ONE_POLICY = {
  ...{
    batadv: 60,
    gtp: 13,
    hsr: 10,
    ila: 9,
    l2tp: 35,
    mac802154_hwsim: 3,
    mac80211_hwsim: 31,
    nbd: 10,
    nlbl_calipso: 2,
    nlbl_cipsov4: 12,
    nlbl_mgmt: 12,
    nlbl_unlbl: 7,
    seg6: 7,
  },
  ...{ drbd: 24, ksmbd: 17, nfc: 31, nl802154: 48, ovs_meter: 8, smc_pnetid: 4, tcmu: 9, thermal: 28, tipc: 10, vdpa: 37 },
};

/** Accepted differences between a descriptor and the policies of some kernel. */
export const POLICIES: readonly Exception[] = [
  ...Object.entries(ONE_POLICY).flatMap(([family, highest]) => [
    { family, subject: 'policy operation *', reason: IGNORED },
    ...Array.from({ length: highest }, (_, index) => ({
      ...{ family, subject: `policy attribute */${String(index + 1)}` },
      reason: IGNORED,
    })),
  ]),
  {
    family: 'ioam6',
    subject: 'policy attribute */sc-id',
    reason: 'packets have 24 bits of the number; the kernel adds the others to the length of the schema',
  },
  { family: 'ila', subject: 'policy attribute */ifindex', reason: 'the kernel reads the four bytes as a signed number' },
  { family: 'mac80211_hwsim', subject: 'policy attribute */pmsr-*', reason: 'nests of nl80211, which are described as bytes' },
  { family: 'ovs_ct_limit', subject: 'policy attribute */zone-limit', reason: 'the kernel calls the structs a nest' },
  {
    family: 'l2tp',
    subject: 'policy attribute */recv-timeout',
    reason: 'the policy is NLA_MSECS, which the kernel reports as an integer of any width; it reads eight bytes',
  },
  ...['*-temp', '*-hyst'].map((name) => ({
    ...{ family: 'thermal', subject: `policy attribute */${name}` },
    reason: 'temperatures below zero: the kernel uses the four bytes as a signed number',
  })),
  ...['nl80211-attrs/3*', 'mbssid-config/6'].map((attribute) => ({
    ...{ family: 'nl80211', subject: `policy attribute ${attribute}` },
    reason: 'newer than its specification, also in Linux 7.3',
  })),
  ...['key', 'actions'].map((name) => ({
    ...{ family: 'ovs_packet', subject: `policy attribute packet/${name}` },
    reason: 'attributes of ovs_flow; the specification describes them as bytes',
  })),
  ...[
    ...['wiphy-txq-params', 'tx-rates', 'scan-supp-rates', 'sched-scan-match', 'nan-func', 'peer-measurements', 'tid-config'],
    ...['mbssid-elems', 'ema-rnr-elems'],
  ].map((name) => ({
    family: 'nl80211',
    subject: `policy attribute nl80211-attrs/${name}`,
    reason: 'the specification has no set for this nest, and describes it as bytes',
  })),
  ...Object.entries(IGNORED_BY).flatMap(([family, sets]) =>
    Object.entries(sets).flatMap(([set, numbers]) =>
      numbers.map((number) => ({ family, subject: `policy attribute ${set}/${String(number)}`, reason: IGNORED })),
    ),
  ),
  ...['flush', 'get-config', 'get-info', 'get-service', 'get-daemon'].map((name) => ({
    ...{ family: 'ipvs', subject: `policy operation ${name}` },
    reason: IGNORED,
  })),
  ...['config-get', 'stats-get'].map((name) => ({ family: 'net_dm', subject: `policy operation ${name}`, reason: IGNORED })),
  ...['timeout-tcp', 'timeout-tcp-fin', 'timeout-udp'].map((name) => ({
    ...{ family: 'ipvs', subject: `policy attribute config/${name}` },
    reason: 'the kernel accepts 0, and changes nothing',
  })),
];
