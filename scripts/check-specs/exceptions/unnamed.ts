import type { Exception } from './exception.js';

/** The numbers that are newer than some headers, by family. Those of Linux 7.3 have all of them. */
const NEWER: Readonly<Record<string, readonly string[]>> = {
  binder: ['*'],
  conntrack: ['attribute conntrack-attrs/timestamp-event'],
  'dev-energymodel': ['*'],
  devlink: [
    ...['attribute devlink/rate-tc-bws', 'attribute dl-rate-tc-bws/*', 'attribute *health-reporter-burst-period'],
    ...['attribute devlink/param-reset-default', 'attribute */index', 'attribute devlink/resource-scope-mask'],
    ...['attribute devlink/parent-dev', 'entry resource-scope/*', 'entry eswitch-mode/switchdev-inactive'],
  ],
  dpll: [
    ...['attribute dpll/phase-offset-monitor', 'attribute dpll/phase-offset-avg-factor', 'attribute dpll/frequency-monitor'],
    ...['attribute pin/phase-adjust-gran', 'attribute *fractional-frequency-offset-ppt', 'attribute pin/measured-frequency'],
    ...['attribute *operstate', 'entry type/generic', 'entry pin-type/int-nco', 'entry pin-operstate/*', 'entry feature-state/*'],
    'entry pin-capabilities/state-connected-override',
  ],
  drm_ras: ['*'],
  ethtool: [
    ...['*hwtstamp-provider*', '*tsconfig*', 'attribute rings/hds-thresh*', 'attribute ts-stat/tx-onestep-pkts-unconfirmed'],
    ...['attribute coalesce/rx-cqe-*', 'attribute pause-stat/tx-pause-storm-events', 'attribute fec-hist/*', 'attribute flow/*'],
    ...['*pse-ntf*', '*mse*', 'entry hwtstamp-source/*', 'entry pse-event/*', 'entry rxfh-fields/*'],
  ],
  handshake: ['attribute accept/keyring'],
  lockd: ['*'],
  net_shaper: ['*'],
  netdev: ['*'],
  nfhook: ['entry type/nft-flowtable'],
  nfsd: ['*'],
  nftables: ['attribute set-attrs/*', 'attribute expr-bitwise-attrs/sreg2', 'entry bitwise-ops/*'],
  ovpn: ['*'],
  ovs_packet: ['attribute packet/upcall-pid'],
  psp: ['*'],
  'rt-addr': ['attribute addr-attrs/mc-users', 'command *cast-ntf', 'group rtnlgrp-*caddr'],
  'rt-link': [
    ...['*ifla-geneve-port-range*', 'attribute linkinfo-geneve-attrs/*', 'attribute link-attrs/*', 'attribute linkinfo-bond-attrs/*'],
    ...['attribute linkinfo-bridge-attrs/stp-mode', 'attribute linkinfo-brport-attrs/neigh-forward-grat', 'entry br-stp-mode/*'],
    ...['attribute mctp-attrs/phys-binding', 'attribute linkinfo-netkit-attrs/*', 'entry netkit-pairing/*', '*ovpn*'],
  ],
  'rt-neigh': ['entry ntf-ext-flags/ext-validated'],
  'rt-route': ['attribute route-attrs/flowlabel', '*del-reason*'],
  'rt-rule': ['attribute fib-rule-attrs/*'],
  'rt-vlan': ['attribute entry-attrs/neigh-forward-grat'],
  sock_diag: ['member tcp-info/received-*', 'member tcp-info/delivered-*-bytes *'],
  sunrpc_cache: ['*'],
  taskstats: ['member taskstats/*-delay-max*', 'member taskstats/*-delay-min*'],
  tc: ['*dualpi2*', 'attribute cake-stats-attrs/active-queues'],
  thermal: ['entry threshold-direction/*', 'attribute */threshold*', 'attribute */tz-prev-temp', 'operation threshold-*'],
  wireguard: ['*allowedip*'],
  xfrm: ['attribute */iptfs-*', 'entry mode/iptfs'],
};

/** The numbers that no header has, by family and reason. */
const INSIDE: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  acpi_event: { 'a struct inside the kernel (drivers/acpi/event.c), in no header': ['struct acpi-genl-event*', 'member acpi-genl-event*'] },
  audit: {
    'names inside the kernel (AUDIT_OFF ...), in no header': ['entry enabled/*'],
    'a struct inside the kernel (linux/audit.h that is not uapi), in no header': ['struct audit-sig-info*', 'member audit-sig-info*'],
  },
  conntrack_timeout: { 'a number inside the kernel, in no header': ['entry l4-protocol/generic'] },
  ethtool: { 'zero, which the header leaves without a name': ['entry c33-pse-ext-state/none'] },
  nl80211: { 'the header leaves this bit without a name': ['entry feature-flags/reserved'] },
  ovs_flow: { 'a value of masks only, without a name in the header': ['entry ovs-frag-type/any'] },
  'rt-mdb': {
    'a number in front of attributes, which linux/if_bridge.h describes in a comment (MDBA_ROUTER_PORT)': ['*router-port*'],
    'a member of a union without a name (addr.u of struct br_mdb_entry)': ['struct group-*', 'member group-*'],
  },
  'rt-nd': { 'bytes behind the struct, which it does not declare': ['member nduseroptmsg/option *'] },
  'rt-vlan': { 'a number in front of attributes, which linux/if_bridge.h describes in a comment (MDBA_ROUTER_PORT)': ['*router-port*'] },
  sock_diag: {
    'numbers of timers, in no header; the spec compares them with ss': ['entry inet-diag-timer/*'],
    'struct sockaddr_storage and sockaddr_in6, which libc declares, in parts': [
      ...['struct sctp-ipv6*', 'struct sctp-address*', 'member sctp-ipv6*', 'member sctp-address*'],
    ],
    'the header has an array and the names of its indexes': ['member sk-meminfo/*'],
    'the header has bit fields, which have no offset': [
      ...['member inet-diag-sockopt/*', 'entry sockopt-*', 'member tcp-info/wscale*', 'member tcp-info/bits*'],
    ],
  },
  tc: {
    'an array without a length at the end has no size': [
      ...['member tc-u32-sel/keys size', 'member tc-u32-pcnt/kcnts size', 'member tc-pedit-sel/keys size'],
    ],
  },
  team: { 'names inside the kernel (NLA_U32 ...), in no header': ['entry option-type/*'] },
  xfrm: { 'the text follows struct xfrm_user_sec_ctx, which has no member for it': ['member xfrm-user-sec-ctx/context offset'] },
};

/** Accepted numbers that have no name in the headers. That depends on the version of the headers, so an entry may be unused. */
export const UNNAMED: readonly Exception[] = [
  ...['drbd', 'ksmbd', 'mac80211_hwsim', 'mac802154_hwsim', 'nl802154', 'w1'].map((family) => ({
    ...{ family, subject: '*' },
    reason: 'a header inside the kernel, in no header of the uapi; C_INCLUDE_PATH can name a folder with it',
  })),
  ...['nlbl_calipso', 'nlbl_cipsov4', 'nlbl_mgmt'].map((family) => ({
    ...{ family, subject: 'entry *' },
    reason: 'macros inside the kernel (include/net), in no header of the uapi',
  })),
  ...Object.entries(INSIDE).flatMap(([family, reasons]) =>
    Object.entries(reasons).flatMap(([reason, subjects]) => subjects.map((subject) => ({ family, subject, reason }))),
  ),
  {
    ...{ family: 'devlink', subject: 'entry var-attr-type/*', before: '6.16' },
    reason: 'until Linux 6.15 these were names inside the kernel (NLA_U8 ...), in no header',
  },
  ...Object.entries(NEWER).flatMap(([family, subjects]) =>
    subjects.map((subject) => ({ family, subject, reason: 'newer than these headers', before: '7.3' })),
  ),
];
