import type { OverlayEntry } from '../overlay.js';
import { names } from './words.js';

const HEADER = 'linux/rtnetlink.h';

/* Numbers of rtnetlink that administrators may add to (iproute2 keeps their names in files): they stay numbers. */

/** RT_SCOPE_*. @internal */
export const scopes: OverlayEntry = {
  header: HEADER,
  addDefinitions: [
    names('rt-scope', 'rt-scope-', [
      ['universe', 0],
      ['site', 200],
      ['link', 253],
      ['host', 254],
      ['nowhere', 255],
    ]),
  ],
};

/** RTPROT_*. @internal */
export const protocols: OverlayEntry = {
  header: HEADER,
  addDefinitions: [
    names('rt-protocol', 'rtprot-', [
      ['unspec', 0],
      'redirect',
      'kernel',
      'boot',
      'static',
      ['gated', 8],
      'ra',
      'mrt',
      'zebra',
      'bird',
      'dnrouted',
      'xorp',
      'ntk',
      'dhcp',
      'mrouted',
      'keepalived',
      ['babel', 42],
      ['openr', 99],
      ['bgp', 186],
      'isis',
      'ospf',
      'rip',
      ['eigrp', 192],
    ]),
  ],
};

/** RT_TABLE_*. @internal */
export const tables: OverlayEntry = {
  header: HEADER,
  addDefinitions: [
    names('rt-table', 'rt-table-', [
      ['unspec', 0],
      ['compat', 252],
      ['default', 253],
      ['main', 254],
      ['local', 255],
    ]),
  ],
};
