import type { DocumentedOwner } from '../write/property-docs.js';

/** @internal */
export const nftablesDocs: readonly DocumentedOwner[] = [
  {
    of: 'nft-hook-attrs',
    header: 'linux/netfilter.h',
    docs: {
      num: 'Number of the hook. It depends on the family of the table: {@link InetHook} for inet, ip and ip6, {@link NetdevHook}, {@link ArpHook}, {@link BridgeHook}.',
      priority: 'Chains of one hook run in this order, the lowest first; signed.',
    },
  },
  {
    of: 'flowtable-hook-attrs',
    header: 'linux/netfilter.h',
    docs: {
      num: 'Number of the hook; of a flowtable `NetdevHook.Ingress`.',
    },
  },
  {
    of: 'set-attrs',
    header: 'linux/netfilter/nf_tables.h',
    docs: {
      'key-type': 'Type of the key, a number of the program nft: `SetKeyType` has the common ones. The kernel only stores it.',
      'data-type': 'Type of the data of a map, as `keyType`; 0xffffff00 is a verdict.',
      'key-len': 'In bytes.',
      'data-len': 'In bytes.',
      timeout: 'In milliseconds.',
      'gc-interval': 'In milliseconds.',
    },
  },
  {
    of: 'setelem-attrs',
    header: 'linux/netfilter/nf_tables.h',
    docs: {
      timeout: 'In milliseconds.',
      expiration: 'Milliseconds that are left.',
    },
  },
  {
    of: 'limit-attrs',
    header: 'linux/netfilter/nf_tables.h',
    docs: {
      rate: 'Packets or bytes, by `type`, in each `unit`.',
      unit: 'In seconds.',
      burst: 'Packets or bytes beyond the rate.',
      flags: '1: matches what exceeds the rate (`NFT_LIMIT_F_INV`).',
    },
  },
  {
    of: 'expr-dynset-attrs',
    header: 'linux/netfilter/nf_tables.h',
    docs: {
      timeout: 'In milliseconds.',
    },
  },
  {
    of: 'expr-last-attrs',
    header: 'linux/netfilter/nf_tables.h',
    docs: {
      msecs: 'Milliseconds since the last match.',
      set: '1 after the first match.',
    },
  },
  {
    of: 'ct-expect-attrs',
    header: 'linux/netfilter/nf_tables.h',
    docs: {
      timeout: 'In milliseconds.',
      size: 'Largest number of expectations.',
    },
  },
  {
    of: 'ct-timeout-generic-attrs',
    header: 'linux/netfilter/nfnetlink_cttimeout.h',
    docs: {
      timeout: 'In seconds.',
    },
  },
  {
    of: 'ct-timeout-icmp-attrs',
    header: 'linux/netfilter/nfnetlink_cttimeout.h',
    docs: {
      timeout: 'In seconds.',
    },
  },
  {
    of: 'ct-timeout-icmpv6-attrs',
    header: 'linux/netfilter/nfnetlink_cttimeout.h',
    docs: {
      timeout: 'In seconds.',
    },
  },
  {
    of: 'ct-timeout-tcp-attrs',
    header: 'linux/netfilter/nfnetlink_cttimeout.h',
    docs: {
      'syn-sent': 'In seconds.',
      'syn-recv': 'In seconds.',
      established: 'In seconds.',
      'fin-wait': 'In seconds.',
      'close-wait': 'In seconds.',
      'last-ack': 'In seconds.',
      'time-wait': 'In seconds.',
      close: 'In seconds.',
      'syn-sent2': 'In seconds.',
      retrans: 'In seconds.',
      unack: 'In seconds.',
    },
  },
  {
    of: 'ct-timeout-udp-attrs',
    header: 'linux/netfilter/nfnetlink_cttimeout.h',
    docs: {
      unreplied: 'In seconds.',
      replied: 'In seconds.',
    },
  },
  {
    of: 'ct-timeout-udplite-attrs',
    header: 'linux/netfilter/nfnetlink_cttimeout.h',
    docs: {
      unreplied: 'In seconds.',
      replied: 'In seconds.',
    },
  },
  {
    of: 'ct-timeout-gre-attrs',
    header: 'linux/netfilter/nfnetlink_cttimeout.h',
    docs: {
      unreplied: 'In seconds.',
      replied: 'In seconds.',
    },
  },
  {
    of: 'ct-timeout-dccp-attrs',
    header: 'linux/netfilter/nfnetlink_cttimeout.h',
    docs: {
      request: 'In seconds.',
      respond: 'In seconds.',
      partopen: 'In seconds.',
      open: 'In seconds.',
      closereq: 'In seconds.',
      closing: 'In seconds.',
      timewait: 'In seconds.',
    },
  },
  {
    of: 'ct-timeout-sctp-attrs',
    header: 'linux/netfilter/nfnetlink_cttimeout.h',
    docs: {
      closed: 'In seconds.',
      'cookie-wait': 'In seconds.',
      'cookie-echoed': 'In seconds.',
      established: 'In seconds.',
      'shutdown-sent': 'In seconds.',
      'shutdown-recd': 'In seconds.',
      'shutdown-ack-sent': 'In seconds.',
      'heartbeat-sent': 'In seconds.',
      'heartbeat-acked': 'In seconds.',
    },
  },
  {
    of: 'trace-attrs',
    header: 'linux/netfilter/nf_tables.h',
    docs: {
      'rule-handle': 'Handle of the rule that was evaluated; absent of a policy, and at the end of a chain.',
      type: '`rule`: a rule was evaluated, or, without `ruleHandle`, the end of a chain was reached. `return`: the same in older kernels. `policy`: the policy of the base chain decided.',
      verdict: 'The verdict of the rule; absent of a policy. `continue` evaluates the next rule.',
      id: 'Number of the packet: the same in all events of one packet in one base chain, and the one that `nft monitor trace` prints.',
      'll-header':
        'The first 20 bytes of the link-layer header. The four attributes of the packet and those of its interfaces are in the first event of each base chain only.',
      'network-header': 'The first 40 bytes of the network header; as far as the kernel knows, without the transport header.',
      'transport-header': 'The first 20 bytes from the transport header on.',
      iif: 'Index of the interface that received the packet.',
      iiftype: 'Type of that interface, `ARPHRD_*` of linux/if_arp.h: 1 Ethernet, 772 loopback.',
      oif: 'Index of the interface that will send the packet.',
      oiftype: 'Type of that interface.',
      mark: 'Mark of the packet; absent if it is 0.',
      nfproto: 'Protocol of the packet: `NfProtocol`. The table of an `Ipv4` packet can be `Inet`.',
      policy: 'The policy of the base chain that decided; absent of a rule.',
      'ct-id': 'Number of the connection, as in `id` of the family conntrack. The four attributes of the connection need Linux 6.16.',
    },
  },
];
