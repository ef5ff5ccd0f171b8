import type { OverlayEntry } from '../../overlay.js';

const HEADER = 'linux/netfilter/nf_tables.h';

/** A rule for requests: the kernel reports more than it accepts. */
function write(set: string, attribute: string, rule: Readonly<Record<string, unknown>>, reason: string): OverlayEntry {
  return { header: HEADER, set, changeAttribute: attribute, to: { write: rule }, reason };
}

/** Registers have names in some sets of the specification; here they are numbers in all sets (NFT_REG_VERDICT is 0). */
const REGISTERS: readonly (readonly [set: string, attribute: string])[] = [
  ['numgen-attrs', 'dreg'],
  ['range-attrs', 'sreg'],
  ['expr-payload-attrs', 'dreg'],
  ['expr-payload-attrs', 'sreg'],
];

/** Rules for writing rows back: they omit values that the kernel rejects. @internal */
export const reads: readonly OverlayEntry[] = [
  write('expr-dynset-attrs', 'timeout', { 'not-zero': true }, 'EOPNOTSUPP for a set without NFT_SET_TIMEOUT (nft_dynset_init)'),
  write('expr-osf-attrs', 'flags', { 'not-zero': true }, 'EINVAL unless it is NFT_OSF_F_VERSION (nft_osf_init)'),
  write('expr-exthdr-attrs', 'flags', { with: ['dreg'] }, 'EINVAL for an expression that sets or strips (nft_exthdr_tcp_set_init)'),
  write('expr-exthdr-attrs', 'offset', { with: ['dreg', 'sreg'] }, 'EINVAL for an expression that strips (nft_exthdr_tcp_strip_init)'),
  write('expr-exthdr-attrs', 'len', { with: ['dreg', 'sreg'] }, 'EINVAL for an expression that strips (nft_exthdr_tcp_strip_init)'),
  write('quota-attrs', 'flags', { mask: 1 }, 'the kernel sets NFT_QUOTA_F_DEPLETED and refuses it (nft_quota_do_init)'),
  write('set-attrs', 'type', { never: true }, "the name of the kernel's backend; not in nft_set_policy"),
  write('set-attrs', 'count', { never: true }, 'the number of elements; not in nft_set_policy'),
  ...REGISTERS.map(([set, changeAttribute]) => ({ header: HEADER, set, changeAttribute, to: { enum: null } })),
];
