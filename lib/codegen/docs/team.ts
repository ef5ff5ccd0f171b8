import type { DocumentedOwner } from '../write/property-docs.js';

/** @internal */
export const teamDocs: readonly DocumentedOwner[] = [
  {
    of: 'attr-port',
    header: 'linux/if_team.h',
    docs: {
      speed: 'In Mbit/s.',
      duplex: '1 is full.',
    },
  },
];
