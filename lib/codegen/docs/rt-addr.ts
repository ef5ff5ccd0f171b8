import type { DocumentedOwner } from '../write/property-docs.js';

/** @internal */
export const rtAddrDocs: readonly DocumentedOwner[] = [
  {
    of: 'ifaddrmsg',
    header: 'linux/if_addr.h',
    docs: {
      'ifa-scope': 'Where the address is valid; {@link RtScope} has the numbers with names.',
    },
  },
  {
    of: 'ifa-cacheinfo',
    header: 'linux/if_addr.h',
    docs: {
      'ifa-prefered': 'Seconds for which the address is preferred; 0xffffffff is forever.',
      'ifa-valid': 'Seconds for which the address is valid; 0xffffffff is forever.',
      cstamp: 'Time of creation, in 1/100 s since boot.',
      tstamp: 'Time of the last change, in 1/100 s since boot.',
    },
  },
  {
    of: 'addr-attrs',
    header: 'linux/if_addr.h',
    docs: {
      proto: 'Who added the address, one of {@link IfaProtocol} or a number of a program.',
      'rt-priority': 'Metric of the route to the prefix.',
      'target-netnsid': 'Id of the namespace that a request reads.',
      local: 'The address itself. Of a point-to-point address `address` is the peer.',
    },
  },
];
