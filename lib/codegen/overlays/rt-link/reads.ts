import type { OverlayEntry } from '../../overlay.js';
import { u32 } from '../words.js';

/** A rule for requests: the kernel reports more than it accepts. */
function write(set: string, attribute: string, rule: Readonly<Record<string, unknown>>, reason: string): OverlayEntry {
  return { header: 'linux/if_link.h', set, changeAttribute: attribute, to: { write: rule }, reason };
}

/** VLAN_FLAG_REORDER_HDR, GVRP, LOOSE_BINDING, MVRP, BRIDGE_BINDING. */
const VLAN_FLAGS = 0x1f;

const XDP_STATE = ['attached', 'prog-id', 'drv-prog-id', 'skb-prog-id', 'hw-prog-id'];
const REJECTED = [
  'perm-address',
  'tso-max-size',
  'tso-max-segs',
  'allmulti',
  'max-pacing-offload-horizon',
  'netns-immutable',
  'headroom',
  'tailroom',
  'dpll-pin',
];

const BOND_MODES = ['balance-rr', 'active-backup', 'balance-xor', 'broadcast', '802.3ad', 'balance-tlb', 'balance-alb'];

/** Omits the default of an option that a bond has only in some modes. Other values are written, and the kernel rejects them. */
function bondOption(attribute: string, value: number, modes: readonly string[]): OverlayEntry {
  const values = BOND_MODES.flatMap((name, mode) => (modes.includes(name) ? [] : [name, String(mode)]));
  const reason = 'EACCES in other modes, also for the default (unsuppmodes of bond_opts)';
  return write('linkinfo-bond-attrs', attribute, { omit: { value, attribute: 'mode', values } }, reason);
}

const PROBING = ['balance-rr', 'active-backup', 'balance-xor', 'broadcast'];
const bonds: readonly OverlayEntry[] = [
  ...['arp-interval', 'arp-validate'].map((name) => bondOption(name, 0, PROBING)),
  bondOption('missed-max', 2, PROBING),
  bondOption('packets-per-slave', 1, ['balance-rr']),
  bondOption('ad-lacp-rate', 0, ['802.3ad']),
  bondOption('ad-lacp-active', 1, ['802.3ad']),
  bondOption('coupled-control', 1, ['802.3ad']),
  bondOption('tlb-dynamic-lb', 1, ['balance-tlb']),
  ...['updelay', 'downdelay', 'peer-notif-delay'].map((name) =>
    write(
      'linkinfo-bond-attrs',
      name,
      { omit: { value: 0, attribute: 'miimon', values: ['0'] } },
      'EPERM without MII monitoring, also for 0 (_bond_option_delay_set)',
    ),
  ),
];

/** Rules for writing links back: they omit values that the kernel rejects. @internal */
export const linkReads: readonly OverlayEntry[] = [
  ...bonds,
  {
    header: 'linux/if_link.h',
    changeDefinition: 'ifla-vlan-flags',
    to: {
      members: [
        u32('flags', { enum: 'vlan-flags', 'enum-as-flags': true }),
        u32('mask', { 'display-hint': 'hex', write: { mask: VLAN_FLAGS } }),
      ],
    },
    reason: 'reported as ~0 (vlan_fill_info); EINVAL for bits that are no flags (vlan_dev_change_flags)',
  },
  write(
    'linkinfo-hsr-attrs',
    'supervision-addr',
    { 'last-byte': { attribute: 'multicast-spec', base: '01:15:4e:00:01' } },
    'ignored by hsr_newlink: def_multicast_addr, whose last byte is the multicast-spec',
  ),
  write('linkinfo-hsr-attrs', 'seq-nr', { never: true }, 'a counter; ignored by hsr_newlink'),
  write(
    'linkinfo-gtp-attrs',
    'role',
    { beside: { attribute: 'create-sockets', value: 1, without: ['fd0', 'fd1'] } },
    'EINVAL without any sockets (gtp_encap_enable), which the kernel does not report',
  ),
  write('linkinfo-netkit-attrs', 'primary', { never: true }, 'EINVAL: read-only (netkit_new_link)'),
  write('ipv4-devconf-attrs', 'mc-forwarding', { never: true }, 'NLA_REJECT in inet_devconf_policy; older kernels store a wrong state'),
  write('link-attrs', 'map', { never: true }, 'EOPNOTSUPP for a new link (rtnl_newlink), and for drivers without ndo_set_config'),
  write('linkinfo-bridge-attrs', 'fdb-n-learned', { never: true }, 'NLA_REJECT in br_policy'),
  write('linkinfo-brport-attrs', 'mcast-eht-hosts-cnt', { never: true }, 'the number of hosts; not in br_port_policy'),
  write('linkinfo-brport-attrs', 'mcast-n-groups', { never: true }, 'NLA_REJECT in br_port_policy'),
  write('linkinfo-macvlan-attrs', 'bc-queue-len-used', { never: true }, 'NLA_REJECT in macvlan_policy'),
  write('linkinfo-macvlan-attrs', 'macaddr-count', { never: true }, 'EINVAL (macvlan_validate)'),
  write(
    'linkinfo-macvlan-attrs',
    'macaddr-data',
    { beside: { attribute: 'macaddr-mode', value: 3 } },
    'MACVLAN_MACADDR_SET: ignored without a mode',
  ),
  write(
    'linkinfo-vxlan-attrs',
    'remcsum-rx',
    { 'not-zero': true },
    'even a zero claims header bits that reserved-bits has (vxlan_nl2conf)',
  ),
  write('linkinfo-geneve-attrs', 'ttl-inherit', { 'not-zero': true }, 'ttl is ignored beside it, also beside 0 (geneve_nl2info)'),
  ...XDP_STATE.map((name) => write('xdp-attrs', name, { never: true }, 'EINVAL (do_setlink); only fd, expected-fd and flags are written')),
  ...REJECTED.map((name) => write('link-attrs', name, { never: true }, 'refused by ifla_policy')),
];
