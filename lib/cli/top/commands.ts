import type { CommandSpec } from '../command.js';
import { JSON_OPTION, NETNS_OPTION } from '../common-options.js';

/** The commands that show rates. */
export const TOP_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'top',
    summary: 'links by rate, once a second',
    details: [
      'Bits and packets per second of each link, its errors and drops, the drops and the waiting bytes of its root qdisc; the number of TCP and UDP',
      'sockets and of tracked connections (needs CAP_NET_ADMIN). Keys: s sorts by another column, the arrows and page keys scroll, q quits.',
      'If the output is not a terminal, one table a second is printed.',
    ].join('\n'),
    options: [JSON_OPTION, NETNS_OPTION],
    examples: [
      { line: 'rxnetlink top', text: 'the links of this namespace, the fastest first' },
      { line: 'rxnetlink top --netns blue --json', text: 'one object a second, for a program' },
    ],
    load: async () => (await import('./top.js')).action,
  },
];
