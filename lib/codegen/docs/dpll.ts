import type { DocumentedOwner } from '../write/property-docs.js';

/** @internal */
export const dpllDocs: readonly DocumentedOwner[] = [
  {
    of: 'pin',
    header: 'linux/dpll.h',
    docs: {
      frequency: 'In Hz.',
      'frequency-min': 'In Hz.',
      'frequency-max': 'In Hz.',
    },
  },
];
