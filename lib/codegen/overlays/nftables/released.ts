import type { OverlayEntry } from '../../overlay.js';
import { be32, format, operation } from '../words.js';

const HEADER = 'linux/netfilter/nf_tables.h';

/** Attributes and operations of released kernels that the specification of Linux 7.3 lacks. @internal */
export const released: readonly OverlayEntry[] = [
  {
    header: HEADER,
    set: 'setelem-attrs',
    changeAttribute: 'flags',
    to: { type: 'u32', 'byte-order': 'big-endian', enum: 'set-elem-flags' },
    reason: 'the kernel sends and reads 32 bits in network order (nf_tables_fill_setelem)',
  },
  { header: HEADER, set: 'expr-bitwise-attrs', addAttributes: [be32('sreg2')], reason: 'Linux 6.13 and later have NFTA_BITWISE_SREG2' },
  { header: HEADER, subMessage: 'expr-ops', addFormats: [format('masq', 'expr-masq-attrs')] },
  {
    header: 'linux/netfilter/nf_tables_compat.h',
    addOperations: [operation('getcompat', 'compat-attrs', { do: [0xb00, 0xb00], dump: [0xb00, 0xb00] }, { 'fixed-header': 'nfgenmsg' })],
    reason: 'the extensions of xtables that nftables can use (nft_compat)',
  },
];
