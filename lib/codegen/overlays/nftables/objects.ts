import type { OverlayEntry } from '../../overlay.js';
import { be16, be32, bytes, format, ipv4, ipv6, names, nest, set, u8 } from '../words.js';

const HEADER = 'linux/netfilter/nf_tables.h';
const TIMEOUTS = 'linux/netfilter/nfnetlink_cttimeout.h';

/** The timeouts in seconds, by the state of a connection. */
const STATES: Readonly<Record<string, readonly string[]>> = {
  generic: ['timeout'],
  icmp: ['timeout'],
  icmpv6: ['timeout'],
  tcp: ['syn-sent', 'syn-recv', 'established', 'fin-wait', 'close-wait', 'last-ack', 'time-wait', 'close', 'syn-sent2', 'retrans', 'unack'],
  udp: ['unreplied', 'replied'],
  udplite: ['unreplied', 'replied'],
  gre: ['unreplied', 'replied'],
  dccp: ['request', 'respond', 'partopen', 'open', 'closereq', 'closing', 'timewait'],
  sctp: [
    'closed',
    'cookie-wait',
    'cookie-echoed',
    'established',
    'shutdown-sent',
    'shutdown-recd',
    'shutdown-ack-sent',
    'heartbeat-sent',
    'heartbeat-acked',
  ],
};

/** The timeouts of connections, and the keys of tunnels. @internal */
export const objects: readonly OverlayEntry[] = [
  {
    header: 'linux/in.h',
    addDefinitions: [
      names('ct-timeout-protocol', 'ipproto-', [
        ['icmp', 1],
        ['tcp', 6],
        ['udp', 17],
        ['dccp', 33],
        ['gre', 47],
        ['icmpv6', 58],
        ['sctp', 132],
        ['udplite', 136],
        ['generic', 255],
      ]),
    ],
  },
  {
    header: TIMEOUTS,
    addSets: Object.entries(STATES).map(([protocol, states]) =>
      set(
        `ct-timeout-${protocol}-attrs`,
        `cta-timeout-${protocol}-`,
        states.map((state) => be32(state)),
      ),
    ),
  },
  {
    header: TIMEOUTS,
    addSubMessages: [
      { name: 'ct-timeout-data', formats: Object.keys(STATES).map((protocol) => format(protocol, `ct-timeout-${protocol}-attrs`)) },
    ],
  },
  {
    header: HEADER,
    addSets: [
      set('ct-timeout-attrs', 'nfta-ct-timeout-', [
        be16('l3proto'),
        u8('l4proto', { enum: 'ct-timeout-protocol' }),
        { name: 'data', type: 'sub-message', 'sub-message': 'ct-timeout-data', selector: 'l4proto' },
      ]),
      set('tunnel-key-attrs', 'nfta-tunnel-key-', [
        be32('id'),
        nest('ip', 'tunnel-key-ip-attrs'),
        nest('ip6', 'tunnel-key-ip6-attrs'),
        be32('flags'),
        u8('tos'),
        u8('ttl'),
        be16('sport'),
        be16('dport'),
        nest('opts', 'tunnel-key-opts-attrs'),
      ]),
      set('tunnel-key-ip-attrs', 'nfta-tunnel-key-ip-', [ipv4('src'), ipv4('dst')]),
      set('tunnel-key-ip6-attrs', 'nfta-tunnel-key-ip6-', [ipv6('src'), ipv6('dst'), be32('flowlabel')]),
      set('tunnel-key-opts-attrs', 'nfta-tunnel-key-opts-', [
        nest('vxlan', 'tunnel-key-vxlan-attrs'),
        nest('erspan', 'tunnel-key-erspan-attrs'),
        nest('geneve', 'tunnel-key-geneve-attrs', { 'multi-attr': true }),
      ]),
      set('tunnel-key-vxlan-attrs', 'nfta-tunnel-key-vxlan-', [be32('gbp')]),
      set('tunnel-key-erspan-attrs', 'nfta-tunnel-key-erspan-', [be32('version'), be32('v1-index'), u8('v2-hwid'), u8('v2-dir')]),
      set('tunnel-key-geneve-attrs', 'nfta-tunnel-key-geneve-', [be16('class'), u8('type'), bytes('data')]),
    ],
  },
  { header: HEADER, subMessage: 'obj-data', addFormats: [format('ct-timeout', 'ct-timeout-attrs'), format('tunnel', 'tunnel-key-attrs')] },
];
