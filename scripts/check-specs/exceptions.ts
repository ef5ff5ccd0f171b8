/** An accepted difference or gap with its reason. `*` in a subject matches any text. */
export interface Exception {
  readonly family: string;
  readonly subject: string;
  readonly reason: string;
}

/** Accepted differences between a descriptor and the headers. An entry that no longer occurs is an error. */
export const DIFFERENCES: readonly Exception[] = [
  {
    family: 'rt-link',
    subject: 'entry ifla-inet6-stats/*',
    reason: 'Linux 6.18 and 7.3 have another order than the headers of 6.12, which ifla-inet6-stats-6-12 follows',
  },
  { family: 'nfnetlink_osf', subject: 'struct nf-osf-user-finger', reason: 'without its 40 options, which are a list' },
  {
    family: 'rt-link',
    subject: 'member ifla-bridge-id/prio big-endian',
    reason: 'linux/if_link.h declares it as two bytes, the most significant first',
  },
  {
    family: 'rt-link',
    subject: 'entry ipv4-devconf/*',
    reason: 'IFLA_INET_CONF is read as an array: its indexes are the numbers of linux/ip.h less one',
  },
];

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

const NEWER = 'newer than the headers of Linux 6.12';

/** Accepted numbers that have no name in the headers. That depends on the version of the headers, so an entry may be unused. */
export const UNNAMED: readonly Exception[] = [
  {
    family: 'xfrm',
    subject: 'member xfrm-user-sec-ctx/context offset',
    reason: 'the text follows struct xfrm_user_sec_ctx, which has no member for it',
  },
  ...['attribute devlink/rate-tc-bws', 'attribute dl-rate-tc-bws/*', 'attribute *health-reporter-burst-period'].map((subject) => ({
    family: 'devlink',
    subject,
    reason: NEWER,
  })),
  { family: 'devlink', subject: 'entry eswitch-mode/switchdev-inactive', reason: NEWER },
  {
    family: 'devlink',
    subject: 'entry var-attr-type/*',
    reason: 'until Linux 6.15 these were names inside the kernel (NLA_U8 ...), in no header',
  },
  { family: 'audit', subject: 'entry enabled/*', reason: 'names inside the kernel (AUDIT_OFF ...), in no header' },
  ...['struct', 'member'].map((kind) => ({
    family: 'audit',
    subject: `${kind} audit-sig-info*`,
    reason: 'a struct inside the kernel (linux/audit.h that is not uapi), in no header',
  })),
  { family: 'team', subject: 'entry option-type/*', reason: 'names inside the kernel (NLA_U32 ...), in no header' },
  { family: 'ethtool', subject: '*hwtstamp-provider*', reason: NEWER },
  { family: 'ethtool', subject: '*tsconfig*', reason: NEWER },
  { family: 'ethtool', subject: 'attribute rings/hds-thresh*', reason: NEWER },
  { family: 'ethtool', subject: 'attribute ts-stat/tx-onestep-pkts-unconfirmed', reason: NEWER },
  { family: 'ethtool', subject: 'entry c33-pse-ext-state/none', reason: 'zero, which the header leaves without a name' },
  { family: 'sock_diag', subject: 'entry inet-diag-timer/*', reason: 'numbers of timers, in no header; the spec compares them with ss' },
  ...['struct', 'member'].flatMap((kind) =>
    ['ipv6', 'address'].map((part) => ({
      family: 'sock_diag',
      subject: `${kind} sctp-${part}*`,
      reason: 'struct sockaddr_storage and sockaddr_in6, which libc declares, in parts',
    })),
  ),
  { family: 'sock_diag', subject: 'member sk-meminfo/*', reason: 'the header has an array and the names of its indexes' },
  ...['member inet-diag-sockopt/*', 'entry sockopt-*', 'member tcp-info/wscale*', 'member tcp-info/bits*'].map((subject) => ({
    family: 'sock_diag',
    subject,
    reason: 'the header has bit fields, which have no offset',
  })),
  ...['struct', 'member'].map((kind) => ({
    family: 'acpi_event',
    subject: `${kind} acpi-genl-event*`,
    reason: 'a struct inside the kernel (drivers/acpi/event.c), in no header',
  })),
  { family: 'conntrack_timeout', subject: 'entry l4-protocol/generic', reason: 'a number inside the kernel, in no header' },
  { family: 'nfhook', subject: 'entry type/nft-flowtable', reason: NEWER },
  ...['drbd', 'ksmbd', 'mac80211_hwsim', 'mac802154_hwsim', 'nl802154', 'w1'].map((family) => ({
    ...{ family, subject: '*' },
    reason: 'a header inside the kernel, in no header of the uapi; C_INCLUDE_PATH can name a folder with it',
  })),
  ...['nlbl_calipso', 'nlbl_cipsov4', 'nlbl_mgmt'].map((family) => ({
    ...{ family, subject: 'entry *' },
    reason: 'macros inside the kernel (include/net), in no header of the uapi',
  })),
  ...['entry threshold-direction/*', 'attribute */threshold*', 'attribute */tz-prev-temp', 'operation threshold-*'].map((subject) => ({
    family: 'thermal',
    subject,
    reason: NEWER,
  })),
  { family: 'net_shaper', subject: '*', reason: `${NEWER}: it came with 6.13` },
  { family: 'netdev', subject: '*', reason: NEWER },
  ...['rt-mdb', 'rt-vlan'].map((family) => ({
    family,
    subject: '*router-port*',
    reason: 'a number in front of attributes, which linux/if_bridge.h describes in a comment (MDBA_ROUTER_PORT)',
  })),
  ...['struct', 'member'].map((kind) => ({
    family: 'rt-mdb',
    subject: `${kind} group-*`,
    reason: 'a member of a union without a name (addr.u of struct br_mdb_entry)',
  })),
  { family: 'rt-vlan', subject: 'attribute entry-attrs/neigh-forward-grat', reason: NEWER },
  { family: 'conntrack', subject: 'attribute conntrack-attrs/timestamp-event', reason: NEWER },
  { family: 'nftables', subject: 'attribute set-attrs/*', reason: NEWER },
  { family: 'nftables', subject: 'attribute expr-bitwise-attrs/sreg2', reason: NEWER },
  { family: 'nftables', subject: 'entry bitwise-ops/*', reason: NEWER },
  { family: 'nl80211', subject: 'entry feature-flags/reserved', reason: 'the header leaves this bit without a name' },
  { family: 'ovs_flow', subject: 'entry ovs-frag-type/any', reason: 'a value of masks only, without a name in the header' },
  { family: 'rt-link', subject: '*ifla-geneve-port-range*', reason: NEWER },
  { family: 'rt-link', subject: 'attribute linkinfo-geneve-attrs/port-range', reason: NEWER },
  { family: 'rt-link', subject: 'attribute link-attrs/*', reason: NEWER },
  { family: 'rt-link', subject: 'attribute linkinfo-bridge-attrs/stp-mode', reason: NEWER },
  { family: 'rt-link', subject: 'attribute linkinfo-brport-attrs/neigh-forward-grat', reason: NEWER },
  { family: 'rt-link', subject: 'entry br-stp-mode/*', reason: NEWER },
  { family: 'rt-link', subject: 'attribute mctp-attrs/phys-binding', reason: NEWER },
  { family: 'rt-link', subject: 'attribute linkinfo-netkit-attrs/*', reason: NEWER },
  { family: 'rt-link', subject: '*ovpn*', reason: NEWER },
  { family: 'rt-neigh', subject: 'entry ntf-ext-flags/ext-validated', reason: NEWER },
  { family: 'rt-route', subject: 'attribute route-attrs/flowlabel', reason: NEWER },
  { family: 'rt-rule', subject: 'attribute fib-rule-attrs/*', reason: NEWER },
  ...['member taskstats/*-delay-max*', 'member taskstats/*-delay-min*'].map((subject) => ({ family: 'taskstats', subject, reason: NEWER })),
  { family: 'tc', subject: '*dualpi2*', reason: NEWER },
  ...['tc-u32-sel/keys', 'tc-u32-pcnt/kcnts', 'tc-pedit-sel/keys'].map((member) => ({
    family: 'tc',
    subject: `member ${member} size`,
    reason: 'an array without a length at the end has no size',
  })),
  ...[
    'attribute devlink/param-reset-default',
    'attribute */index',
    'attribute devlink/resource-scope-mask',
    'attribute devlink/parent-dev',
    'entry resource-scope/*',
  ].map((subject) => ({ family: 'devlink', subject, reason: NEWER })),
  ...[
    'attribute dpll/phase-offset-monitor',
    'attribute dpll/phase-offset-avg-factor',
    'attribute dpll/frequency-monitor',
    'attribute pin/phase-adjust-gran',
    'attribute *fractional-frequency-offset-ppt',
    'attribute pin/measured-frequency',
    'attribute *operstate',
    'entry type/generic',
    'entry pin-type/int-nco',
    'entry pin-operstate/*',
    'entry pin-capabilities/state-connected-override',
    'entry feature-state/*',
  ].map((subject) => ({ family: 'dpll', subject, reason: NEWER })),
  ...[
    'attribute coalesce/rx-cqe-*',
    'attribute pause-stat/tx-pause-storm-events',
    'attribute fec-hist/*',
    'attribute flow/*',
    '*pse-ntf*',
    '*mse*',
    'entry hwtstamp-source/*',
    'entry pse-event/*',
    'entry rxfh-fields/*',
  ].map((subject) => ({ family: 'ethtool', subject, reason: NEWER })),
  ...['attribute accept/keyring'].map((subject) => ({ family: 'handshake', subject, reason: NEWER })),
  ...['attribute packet/upcall-pid'].map((subject) => ({ family: 'ovs_packet', subject, reason: NEWER })),
  ...['attribute addr-attrs/mc-users', 'command *cast-ntf', 'group rtnlgrp-*caddr'].map((subject) => ({
    family: 'rt-addr',
    subject,
    reason: NEWER,
  })),
  { family: 'rt-nd', subject: 'member nduseroptmsg/option *', reason: 'bytes behind the struct, which it does not declare' },
  ...['attribute linkinfo-bond-attrs/*', 'attribute linkinfo-geneve-attrs/*', 'entry netkit-pairing/*'].map((subject) => ({
    family: 'rt-link',
    subject,
    reason: NEWER,
  })),
  ...['*del-reason*'].map((subject) => ({ family: 'rt-route', subject, reason: NEWER })),
  ...['attribute cake-stats-attrs/active-queues'].map((subject) => ({ family: 'tc', subject, reason: NEWER })),
  { family: 'nfsd', subject: '*', reason: NEWER },
  ...['binder', 'dev-energymodel', 'drm_ras', 'lockd', 'ovpn', 'psp', 'sunrpc_cache'].map((family) => ({
    ...{ family, subject: '*' },
    reason: `${NEWER}, or not installed with them`,
  })),
  { family: 'wireguard', subject: '*allowedip*', reason: NEWER },
];

/** Returns the exception that covers a subject, if there is one. */
export function exceptionFor<Entry extends Exception>(list: readonly Entry[], family: string, subject: string): Entry | undefined {
  return list.find((exception) => exception.family === family && matches(exception.subject, subject));
}

function matches(pattern: string, text: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join('.*');
  return new RegExp(`^${source}$`).test(text);
}
