import type { DocumentedOwner } from '../write/property-docs.js';

/** @internal */
export const rtRuleDocs: readonly DocumentedOwner[] = [
  {
    of: 'fib-rule-hdr',
    header: 'linux/fib_rules.h',
    docs: {
      table: 'Routing table up to 255, one of {@link RtTable}; the attribute of the same name has numbers of any size.',
      flags: 'Bits of `FIB_RULE_*`: 2 invert, 4 unresolved, 8 iif detached, 16 oif detached.',
    },
  },
  {
    of: 'fib-rule-attrs',
    header: 'linux/fib_rules.h',
    docs: {
      table: 'Routing table; {@link RtTable} has the numbers with names.',
      protocol: 'Who added the rule; {@link RtProtocol} has the numbers with names.',
      priority: 'Rules are tried in this order, the lowest first.',
      'suppress-prefixlen': 'Routes with at most this prefix length are ignored; 0xffffffff is none.',
      'suppress-ifgroup': 'Routes over interfaces of this group are ignored; 0xffffffff is none.',
    },
  },
];
