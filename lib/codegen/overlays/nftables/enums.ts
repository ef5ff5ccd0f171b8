import type { OverlayEntry } from '../../overlay.js';
import { enumerate, names } from '../words.js';

const HEADER = 'linux/netfilter/nf_tables.h';

/** The names of numbers. The number of a hook means another hook in each family, so it stays a number. @internal */
export const nftablesEnums: readonly OverlayEntry[] = [
  {
    header: 'linux/netfilter.h',
    addDefinitions: [
      names('chain-policy', 'nf-', ['drop', 'accept']),
      names('inet-hook', 'nf-inet-', ['pre-routing', 'local-in', 'forward', 'local-out', 'post-routing', 'ingress']),
      names('netdev-hook', 'nf-netdev-', ['ingress', 'egress']),
    ],
  },
  { header: 'linux/netfilter_arp.h', addDefinitions: [names('arp-hook', 'nf-arp-', ['in', 'out', 'forward'])] },
  {
    header: 'linux/netfilter_bridge.h',
    addDefinitions: [names('bridge-hook', 'nf-br-', ['pre-routing', 'local-in', 'forward', 'local-out', 'post-routing', 'brouting'])],
  },
  {
    header: HEADER,
    addDefinitions: [
      names('set-policy', 'nft-set-pol-', ['performance', 'memory']),
      names('nat-type', 'nft-nat-', ['snat', 'dnat']),
      names('limit-type', 'nft-limit-', ['pkts', 'pkt-bytes']),
      names('dynset-op', 'nft-dynset-op-', ['add', 'update', 'delete']),
      names('byteorder-op', 'nft-byteorder-', ['ntoh', 'hton']),
      names('exthdr-op', 'nft-exthdr-op-', ['ipv6', 'tcpopt', 'ipv4', 'sctp', 'dccp']),
      names('rt-key', 'nft-rt-', ['classid', 'nexthop4', 'nexthop6', 'tcpmss', 'xfrm']),
      names('socket-key', 'nft-socket-', ['transparent', 'mark', 'wildcard', 'cgroupv2']),
      names('hash-type', 'nft-hash-', ['jenkins', 'sym']),
      names('tunnel-attribute', 'nft-tunnel-', ['path', 'id']),
      names('tunnel-mode', 'nft-tunnel-mode-', ['none', 'rx', 'tx']),
    ],
  },
  ...enumerate('linux/netfilter.h', 'chain-attrs', { policy: 'chain-policy' }),
  ...enumerate(HEADER, 'set-attrs', { policy: 'set-policy' }),
  ...enumerate(HEADER, 'expr-nat-attrs', { type: 'nat-type' }),
  ...enumerate(HEADER, 'limit-attrs', { type: 'limit-type' }),
  ...enumerate(HEADER, 'expr-dynset-attrs', { op: 'dynset-op' }),
  ...enumerate(HEADER, 'expr-byteorder-attrs', { op: 'byteorder-op' }),
  ...enumerate(HEADER, 'expr-exthdr-attrs', { op: 'exthdr-op' }),
  ...enumerate(HEADER, 'expr-rt-attrs', { key: 'rt-key' }),
  ...enumerate(HEADER, 'expr-socket-attrs', { key: 'socket-key' }),
  ...enumerate(HEADER, 'expr-hash-attrs', { type: 'hash-type' }),
  ...enumerate(HEADER, 'expr-tunnel-attrs', { key: 'tunnel-attribute', mode: 'tunnel-mode' }),
];
