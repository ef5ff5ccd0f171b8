import type { OverlayEntry } from '../../overlay.js';
import { be16, be32, be64, bits, bytes, names, nest, padding, set, text, u8 } from '../words.js';

const HEADER = 'linux/netfilter/nf_tables.h';
const CONNTRACK = 'linux/netfilter/nf_conntrack_common.h';

/** NFT_MSG_TRACE of NFNL_SUBSYS_NFTABLES. */
const TRACE = 0xa11;

/** The events of traced packets (NFNLGRP_NFTRACE), which the specification does not describe. @internal */
export const trace: readonly OverlayEntry[] = [
  { header: 'linux/netfilter/nfnetlink.h', addGroups: [{ name: 'trace', value: 9 }] },
  { header: HEADER, addDefinitions: [names('trace-type', 'nft-tracetype-', ['unspec', 'policy', 'return', 'rule'])] },
  {
    header: CONNTRACK,
    addDefinitions: [
      {
        name: 'ct-state',
        type: 'flags',
        entries: [
          { name: 'invalid', value: 0 },
          { name: 'established', value: 1 },
          { name: 'related', value: 2 },
          { name: 'new', value: 3 },
          { name: 'untracked', value: 6 },
        ],
      },
      bits('ct-status', 'ips-', [
        ...['expected', 'seen-reply', 'assured', 'confirmed', 'src-nat', 'dst-nat', 'seq-adjust', 'src-nat-done', 'dst-nat-done', 'dying'],
        ...['fixed-timeout', 'template', 'untracked', 'helper', 'offload', 'hw-offload'],
      ]),
    ],
  },
  {
    header: HEADER,
    addSets: [
      set('trace-attrs', 'nfta-trace-', [
        text('table'),
        text('chain'),
        be64('rule-handle'),
        be32('type', { enum: 'trace-type' }),
        nest('verdict', 'verdict-attrs'),
        // The kernel writes it in host byte order. `nft` reads it as big-endian, and the numbers here must equal those that it prints.
        be32('id'),
        bytes('ll-header'),
        bytes('network-header'),
        bytes('transport-header'),
        be32('iif'),
        be16('iiftype'),
        be32('oif'),
        be16('oiftype'),
        be32('mark'),
        be32('nfproto'),
        be32('policy', { enum: 'chain-policy' }),
        padding('pad'),
        be32('ct-id'),
        u8('ct-direction', { enum: 'ct-direction' }),
        be32('ct-status', { enum: 'ct-status' }),
        be32('ct-state', { enum: 'ct-state' }),
      ]),
    ],
  },
  {
    header: HEADER,
    addOperations: [
      { name: 'trace-ntf', value: TRACE, event: true, 'attribute-set': 'trace-attrs', 'fixed-header': 'nfgenmsg', mcgrp: ['trace'] },
    ],
  },
];
