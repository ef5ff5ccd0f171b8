import type { OverlayEntry } from '../../overlay.js';
import { ipv4, ipv6, layout, nest, padding, set, u16, u32, u64, u8 } from '../words.js';

/** PF_BRIDGE: messages of this address family describe a port, with other attributes than other link messages. */
const AF_BRIDGE = 7;
const VARIANTS = [{ member: 'ifi-family', value: AF_BRIDGE, 'attribute-set': 'bridge-link-attrs' }];

/** The messages about bridge ports; they share message type and groups with those about links. @internal */
export const bridgePorts: readonly OverlayEntry[] = [
  {
    header: 'linux/if_bridge.h',
    reason: 'BRIDGE_QUERIER_*: who asks for multicast memberships, in a nest',
    addSets: [
      set('bridge-querier-attrs', 'bridge-querier-', [
        ipv4('ip-address'),
        u32('ip-port'),
        u64('ip-other-timer'),
        padding('pad'),
        ipv6('ipv6-address'),
        u32('ipv6-port'),
        u64('ipv6-other-timer'),
      ]),
    ],
  },
  {
    header: 'linux/if_bridge.h',
    set: 'linkinfo-bridge-attrs',
    changeAttribute: 'mcast-querier-state',
    to: { type: 'nest', 'nested-attributes': 'bridge-querier-attrs' },
  },
  {
    header: 'linux/if_bridge.h',
    addDefinitions: [layout('bridge-vlan-info', [u16('flags', { enum: 'bridge-vlan-info-flags' }), u16('vid')])],
  },
  {
    header: 'linux/if_bridge.h',
    addDefinitions: [
      {
        name: 'bridge-vlan-info-flags',
        type: 'flags',
        'name-prefix': 'bridge-vlan-info-',
        entries: ['master', 'pvid', 'untagged', 'range-begin', 'range-end', 'brentry', 'only-opts'],
      },
    ],
  },
  {
    header: 'linux/if_bridge.h',
    addSets: [
      set('bridge-af-spec-attrs', 'ifla-bridge-', [
        u16('flags', { value: 0 }),
        u16('mode'),
        { name: 'vlan-info', type: 'binary', struct: 'bridge-vlan-info', 'multi-attr': true },
        nest('vlan-tunnel-info', 'bridge-vlan-tunnel-attrs', { 'multi-attr': true }),
        nest('mst', 'bridge-mst-attrs', { value: 6 }),
      ]),
      set('bridge-vlan-tunnel-attrs', 'ifla-bridge-vlan-tunnel-', [u32('id'), u16('vid'), u16('flags')]),
      set('bridge-mst-attrs', 'ifla-bridge-mst-', [nest('entry', 'bridge-mst-entry-attrs', { 'multi-attr': true })]),
      set('bridge-mst-entry-attrs', 'ifla-bridge-mst-entry-', [u16('msti'), u8('state')]),
    ],
  },
  {
    header: 'linux/if_link.h',
    reason: 'protinfo is a nest, and af-spec holds the attributes of the bridge about the port',
    addSets: [
      {
        name: 'bridge-link-attrs',
        'subset-of': 'link-attrs',
        attributes: [
          { name: 'address' },
          { name: 'ifname' },
          { name: 'mtu' },
          { name: 'link' },
          { name: 'master' },
          { name: 'protinfo', type: 'nest', 'nested-attributes': 'linkinfo-brport-attrs' },
          { name: 'operstate' },
          { name: 'af-spec', 'nested-attributes': 'bridge-af-spec-attrs' },
          { name: 'ext-mask' },
        ],
      },
    ],
  },
  {
    header: 'linux/if_link.h',
    changeDefinition: 'ifla-bridge-id',
    to: { members: [u16('prio', { 'byte-order': 'big-endian' }), { name: 'addr', type: 'binary', len: 6, 'display-hint': 'mac' }] },
    reason: 'the priority is two bytes, the more significant first',
  },
  {
    header: 'linux/if_link.h',
    set: 'linkinfo-bridge-attrs',
    changeAttribute: 'vlan-protocol',
    to: { 'byte-order': 'big-endian', enum: 'vlan-protocols' },
  },
  ...['getlink', 'setlink', 'dellink'].map((name) => ({ header: 'linux/if_bridge.h', changeOperation: name, to: { variants: VARIANTS } })),
];
