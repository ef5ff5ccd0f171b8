import type { HeaderNames } from '../header-names.js';

export const nfhookNames: HeaderNames = {
  headers: ['linux/netfilter/nfnetlink.h', 'linux/netfilter/nfnetlink_hook.h'],
  enums: { type: 'NFNL_HOOK_TYPE_' },
  sets: { hook: 'NFNLA_HOOK_', 'chain-info': 'NFNLA_HOOK_INFO_', chain: 'NFNLA_CHAIN_', bpf: 'NFNLA_HOOK_BPF_' },
  operations: { prefix: 'NFNL_MSG_HOOK_', base: 'NFNL_SUBSYS_HOOK << 8' },
};
