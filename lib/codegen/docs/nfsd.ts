import type { DocumentedOwner } from '../write/property-docs.js';

/** @internal */
export const lockdDocs: readonly DocumentedOwner[] = [
  { of: 'server', header: 'linux/lockd_netlink.h', docs: { gracetime: 'In seconds.' } },
];

/** @internal */
export const nfsdDocs: readonly DocumentedOwner[] = [
  {
    of: 'server',
    header: 'linux/nfsd_netlink.h',
    docs: {
      gracetime: 'In seconds.',
      leasetime: 'In seconds.',
    },
  },
];
