import type { Overlay } from '../overlay.js';

/** @internal */
export const nftables: Overlay = {
  source: 'nftables',
  entries: [{ header: 'linux/netfilter/nfnetlink.h', changeGroup: 'mgmt', to: { value: 7 } }],
};
