import type { OverlayEntry, SpecEntry } from '../../overlay.js';
import { be16, be32, be64, bytes, flag, gap, layout, nest, s32, set, u16, u32, u64, u8 } from '../words.js';

const FLOWER = 'linux/pkt_cls.h';
const IPV4 = { 'display-hint': 'ipv4' };
const IPV6 = { 'display-hint': 'ipv6' };
const MAC = { 'display-hint': 'mac' };
const BIG = { 'byte-order': 'big-endian' };
const NATIVE = { 'byte-order': null };

/** The first parameters of every action (`tc_gen`). */
const GENERAL: readonly SpecEntry[] = [u32('index'), u32('capab'), s32('action'), s32('refcnt'), s32('bindcnt')];

/** The parameters of an action: a struct, which the specification describes as binary. */
function parameters(header: string, action: string, name: string, members: readonly SpecEntry[] = [], attribute = 'parms'): OverlayEntry[] {
  const path = `linux/tc_act/${header}.h`;
  return [
    { header: path, addDefinitions: [layout(name, [...GENERAL, ...members])] },
    { header: path, set: `act-${action}-attrs`, changeAttribute: attribute, to: { struct: name } },
  ];
}

/** The attributes of an action that have another type in the specification. */
function attributes(action: string, names: readonly string[], to: Readonly<Record<string, unknown>>): OverlayEntry[] {
  return names.map((name) => ({
    header: `linux/tc_act/tc_${action.replace('-', '_')}.h`,
    set: `act-${action}-attrs`,
    changeAttribute: name,
    to,
  }));
}

/** A nest that the specification describes as binary. */
const nested = (of: string, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  type: 'nest',
  'nested-attributes': of,
  ...more,
});

const tunnelOptions = 'tca-tunnel-key-enc-opt';

/** Corrections of actions and of the keys of flower. @internal */
export const tcActions: readonly OverlayEntry[] = [
  ...parameters('tc_bpf', 'bpf', 'tc-act-bpf'),
  ...parameters('tc_connmark', 'connmark', 'tc-connmark', [u16('zone'), gap('pad', 2)]),
  ...parameters('tc_csum', 'csum', 'tc-csum', [u32('update-flags')]),
  ...parameters('tc_ct', 'ct', 'tc-ct'),
  ...parameters('tc_ctinfo', 'ctinfo', 'tc-ctinfo', [], 'act'),
  ...parameters('tc_gate', 'gate', 'tc-gate'),
  ...parameters('tc_ife', 'ife', 'tc-ife', [u16('flags'), gap('pad', 2)]),
  ...parameters('tc_mirred', 'mirred', 'tc-mirred', [s32('eaction'), u32('ifindex')]),
  ...parameters('tc_nat', 'nat', 'tc-nat', [be32('old-addr', IPV4), be32('new-addr', IPV4), be32('mask', IPV4), u32('flags')]),
  ...parameters('tc_defact', 'simple', 'tc-defact'),
  ...parameters('tc_skbedit', 'skbedit', 'tc-skbedit'),
  ...parameters('tc_skbmod', 'skbmod', 'tc-skbmod', [gap('pad', 4), u64('flags')]),
  ...parameters('tc_tunnel_key', 'tunnel-key', 'tc-tunnel-key', [s32('t-action')]),

  // The number of the program; TCA_BPF_ID of the filter is a number in the specification.
  ...attributes('bpf', ['id'], { type: 'u32' }),
  // TCA_MIRRED_BLOCKID
  ...attributes('mirred', ['blockid'], { type: 'u32' }),
  ...attributes('ct', ['nat-ipv4-min', 'nat-ipv4-max'], IPV4),
  ...attributes('ct', ['nat-ipv6-min', 'nat-ipv6-max'], IPV6),
  ...attributes('ife', ['dmac', 'smac'], MAC),
  ...attributes('skbmod', ['dmac', 'smac'], MAC),
  ...attributes('skbmod', ['etype'], { type: 'u16' }),
  ...attributes('vlan', ['push-eth-dst', 'push-eth-src'], MAC),
  ...attributes('tunnel-key', ['enc-ipv4-src', 'enc-ipv4-dst'], IPV4),
  ...attributes('tunnel-key', ['enc-ipv6-src', 'enc-ipv6-dst'], IPV6),
  ...attributes('tunnel-key', ['enc-key-id'], { type: 'u32' }),

  {
    header: 'linux/tc_act/tc_tunnel_key.h',
    addSets: [
      set('tunnel-key-enc-opts-attrs', `${tunnelOptions}s-`, [
        nest('geneve', 'tunnel-key-enc-opt-geneve-attrs', { 'multi-attr': true }),
        nest('vxlan', 'tunnel-key-enc-opt-vxlan-attrs'),
        nest('erspan', 'tunnel-key-enc-opt-erspan-attrs'),
      ]),
      set('tunnel-key-enc-opt-geneve-attrs', `${tunnelOptions}-geneve-`, [be16('class'), u8('type'), bytes('data')]),
      set('tunnel-key-enc-opt-vxlan-attrs', `${tunnelOptions}-vxlan-`, [u32('gbp')]),
      set('tunnel-key-enc-opt-erspan-attrs', `${tunnelOptions}-erspan-`, [u8('ver'), be32('index'), u8('dir'), u8('hwid')]),
    ],
  },
  ...attributes('tunnel-key', ['enc-opts'], nested('tunnel-key-enc-opts-attrs')),

  {
    header: 'linux/tc_act/tc_gate.h',
    addSets: [
      set('gate-entries-attrs', 'tca-gate-', [nest('one-entry', 'gate-entry-attrs', { 'multi-attr': true })]),
      set('gate-entry-attrs', 'tca-gate-entry-', [u32('index'), flag('gate'), u32('interval'), s32('ipv'), s32('max-octets')]),
    ],
  },
  ...attributes('gate', ['entry-list'], nested('gate-entries-attrs')),

  {
    header: 'linux/tc_act/tc_pedit.h',
    addSets: [
      set('pedit-keys-ex-attrs', 'tca-pedit-', [nest('key-ex', 'pedit-key-ex-attrs', { value: 6, 'multi-attr': true })]),
      set('pedit-key-ex-attrs', 'tca-pedit-key-ex-', [u16('htype'), u16('cmd')]),
    ],
  },
  ...attributes('pedit', ['keys-ex'], nested('pedit-keys-ex-attrs')),
  ...attributes('pedit', ['parms-ex'], { struct: 'tc-pedit-sel' }),

  // Without a value, an attribute keeps the value of the packet.
  {
    header: 'linux/ife.h',
    addSets: [set('ife-meta-attrs', 'ife-meta-', [bytes('skbmark'), bytes('hashid'), bytes('prio'), bytes('qmap'), bytes('tcindex')])],
  },
  ...attributes('ife', ['metalst'], nested('ife-meta-attrs')),

  ...['key-vlan-id', 'key-cvlan-id', 'key-mpls-label'].map((name) => ({
    header: FLOWER,
    set: 'flower-attrs',
    changeAttribute: name,
    to: NATIVE,
    reason: 'a number in the order of the machine',
  })),
  ...['key-arp-sip', 'key-arp-sip-mask', 'key-arp-tip', 'key-arp-tip-mask'].map((name) => ({
    header: FLOWER,
    set: 'flower-attrs',
    changeAttribute: name,
    to: IPV4,
  })),
  { header: FLOWER, set: 'flower-key-enc-opts-attrs', changeAttribute: 'geneve', to: { 'multi-attr': true } },
  {
    header: FLOWER,
    addSets: [
      set('flower-key-mpls-opts-attrs', 'tca-flower-key-mpls-opts-', [nest('lse', 'flower-key-mpls-opt-attrs', { 'multi-attr': true })]),
      set('flower-key-enc-opt-pfcp-attrs', 'tca-flower-key-enc-opt-pfcp-', [u8('type'), be64('seid')]),
    ],
  },
  {
    header: FLOWER,
    set: 'flower-attrs',
    changeAttribute: 'key-mpls-opts',
    to: { 'nested-attributes': 'flower-key-mpls-opts-attrs' },
    reason: 'it holds a nest for each entry of the stack',
  },
  { header: FLOWER, set: 'flower-key-enc-opts-attrs', addAttributes: [nest('pfcp', 'flower-key-enc-opt-pfcp-attrs')] },
  { header: FLOWER, set: 'flower-key-enc-opt-geneve-attrs', changeAttribute: 'class', to: BIG },
  { header: FLOWER, set: 'flower-key-enc-opt-erspan-attrs', changeAttribute: 'index', to: BIG },
];
