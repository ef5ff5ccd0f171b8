import type { DocumentedOwner } from '../write/property-docs.js';

/** @internal */
export const handshakeDocs: readonly DocumentedOwner[] = [
  {
    of: 'accept',
    header: 'linux/handshake.h',
    docs: {
      timeout: 'In milliseconds.',
    },
  },
];
