import type { OverlayEntry } from '../../overlay.js';
import { be16, be32, be64, bytes, format, ipv4, ipv6, names, nest, padding, set, text, u32, u64, u8 } from '../words.js';

/** Lightweight tunnels: the contents of RTA_ENCAP, by RTA_ENCAP_TYPE. @internal */
export const tunnels: readonly OverlayEntry[] = [
  {
    header: 'linux/lwtunnel.h',
    addDefinitions: [
      names('lwtunnel-encap-type', 'lwtunnel-encap-', [
        'none',
        'mpls',
        'ip',
        'ila',
        'ip6',
        'seg6',
        'bpf',
        'seg6-local',
        'rpl',
        'ioam6',
        'xfrm',
      ]),
    ],
  },
  {
    header: 'linux/lwtunnel.h',
    addSets: [
      set('encap-ip-attrs', 'lwtunnel-ip-', [
        be64('id'),
        ipv4('dst'),
        ipv4('src'),
        u8('ttl'),
        u8('tos'),
        be16('flags'),
        padding('pad'),
        nest('opts', 'encap-ip-opts-attrs'),
      ]),
      set('encap-ip6-attrs', 'lwtunnel-ip6-', [
        be64('id'),
        ipv6('dst'),
        ipv6('src'),
        u8('hoplimit'),
        u8('tc'),
        be16('flags'),
        padding('pad'),
        nest('opts', 'encap-ip-opts-attrs'),
      ]),
      set('encap-ip-opts-attrs', 'lwtunnel-ip-opts-', [
        nest('geneve', 'encap-ip-opt-geneve-attrs', { 'multi-attr': true }),
        nest('vxlan', 'encap-ip-opt-vxlan-attrs'),
        nest('erspan', 'encap-ip-opt-erspan-attrs'),
      ]),
      set('encap-ip-opt-geneve-attrs', 'lwtunnel-ip-opt-geneve-', [be16('class'), u8('type'), bytes('data')]),
      set('encap-ip-opt-vxlan-attrs', 'lwtunnel-ip-opt-vxlan-', [u32('gbp')]),
      set('encap-ip-opt-erspan-attrs', 'lwtunnel-ip-opt-erspan-', [u8('ver'), be32('index'), u8('dir'), u8('hwid')]),
      set('encap-bpf-prog-attrs', 'lwt-bpf-prog-', [u32('fd'), text('name')]),
      set('encap-bpf-attrs', 'lwt-bpf-', [
        nest('in', 'encap-bpf-prog-attrs'),
        nest('out', 'encap-bpf-prog-attrs'),
        nest('xmit', 'encap-bpf-prog-attrs'),
        u32('xmit-headroom'),
      ]),
      set('encap-xfrm-attrs', 'lwt-xfrm-', [u32('if-id'), u32('link')]),
    ],
  },
  {
    header: 'linux/mpls_iptunnel.h',
    addSets: [set('encap-mpls-attrs', 'mpls-iptunnel-', [bytes('dst', { 'sub-type': 'u32', 'byte-order': 'big-endian' }), u8('ttl')])],
  },
  {
    header: 'linux/ila.h',
    addSets: [
      set('encap-ila-attrs', 'ila-attr-', [
        be64('locator'),
        be64('identifier'),
        be64('locator-match'),
        u32('ifindex'),
        u32('dir'),
        padding('pad'),
        u8('csum-mode'),
        u8('ident-type'),
        u8('hook-type'),
      ]),
    ],
  },
  { header: 'linux/seg6_iptunnel.h', addSets: [set('encap-seg6-attrs', 'seg6-iptunnel-', [bytes('srh')])] },
  {
    header: 'linux/seg6_local.h',
    addSets: [
      set('encap-seg6-local-attrs', 'seg6-local-', [
        u32('action'),
        bytes('srh'),
        u32('table'),
        ipv4('nh4'),
        ipv6('nh6'),
        u32('iif'),
        u32('oif'),
        nest('bpf', 'encap-seg6-local-bpf-attrs'),
        u32('vrftable'),
        nest('counters', 'encap-seg6-local-counter-attrs'),
        nest('flavors', 'encap-seg6-local-flavor-attrs'),
      ]),
      set('encap-seg6-local-bpf-attrs', 'seg6-local-bpf-', [u32('prog'), text('prog-name')]),
      set('encap-seg6-local-counter-attrs', 'seg6-local-cnt-', [padding('pad'), u64('packets'), u64('bytes'), u64('errors')]),
      set('encap-seg6-local-flavor-attrs', 'seg6-local-flv-', [u32('operation'), u8('lcblock-bits'), u8('lcnode-fn-bits')]),
    ],
  },
  { header: 'linux/rpl_iptunnel.h', addSets: [set('encap-rpl-attrs', 'rpl-iptunnel-', [bytes('srh')])] },
  {
    header: 'linux/ioam6_iptunnel.h',
    addSets: [
      set('encap-ioam6-attrs', 'ioam6-iptunnel-', [u8('mode'), ipv6('dst'), bytes('trace'), u32('freq-k'), u32('freq-n'), ipv6('src')]),
    ],
  },
  {
    header: 'linux/lwtunnel.h',
    addSubMessages: [
      {
        name: 'encap-msg',
        formats: [
          format('mpls', 'encap-mpls-attrs'),
          format('ip', 'encap-ip-attrs'),
          format('ila', 'encap-ila-attrs'),
          format('ip6', 'encap-ip6-attrs'),
          format('seg6', 'encap-seg6-attrs'),
          format('bpf', 'encap-bpf-attrs'),
          format('seg6-local', 'encap-seg6-local-attrs'),
          format('rpl', 'encap-rpl-attrs'),
          format('ioam6', 'encap-ioam6-attrs'),
          format('xfrm', 'encap-xfrm-attrs'),
        ],
      },
    ],
  },
  { header: 'linux/rtnetlink.h', set: 'route-attrs', changeAttribute: 'encap-type', to: { enum: 'lwtunnel-encap-type' } },
  {
    header: 'linux/rtnetlink.h',
    set: 'route-attrs',
    changeAttribute: 'encap',
    to: { type: 'sub-message', 'sub-message': 'encap-msg', selector: 'encap-type' },
  },
];
