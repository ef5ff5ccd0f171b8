import type { OverlayEntry } from '../overlay.js';

/** A rule for requests: the kernel reports more than it accepts. */
function write(set: string, attribute: string, rule: Readonly<Record<string, unknown>>, reason: string): OverlayEntry {
  return { header: 'linux/if_link.h', set, changeAttribute: attribute, to: { write: rule }, reason };
}

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

/** Links can be written back as they were read: without what the kernel refuses. @internal */
export const linkReads: readonly OverlayEntry[] = [
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
