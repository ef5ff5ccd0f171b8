import type { CommandSpec } from '../command.js';

/** The commands that show changes as they happen. */
export const MONITOR_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'monitor',
    summary: 'every change as a sentence',
    details: [
      'Without names: everything that this process may listen to. A name is a table (links, addresses, memberships, routes, nexthops, rules, neighbours, fdb,',
      'mdb, vlans, qdiscs, classes, filters, actions, netconf, nsids, firewall, connections, expectations, ipsec, sockets, devices) or a generic',
      'family (families, ethtool, devlink, nl80211, ...; generic for all). Only by their names: audit, processes, handshake, nfsd, sunrpc.',
      'Standard error names what this process may not listen to. If the reader of the output is too slow, the kernel drops messages: a line reports how many.',
      'A change ends with the process that asked for it, or with `by port N`: the netlink port of its socket, usually the process ID of a process that has ended.',
    ].join('\n'),
    arguments: [{ name: 'what...', text: 'tables and families to listen to; all if omitted' }],
    options: [
      { flags: '--json', text: 'print one JSON object a line, for programs' },
      { flags: '--timestamps', text: 'begin each line with its time' },
      { flags: '--buffer <size>', text: 'the size of the receive queue of each socket, such as 512k; 64M if omitted' },
      { flags: '--netns <namespace>', text: 'listen in another network namespace: a name of `ip netns`, or a path' },
      { flags: '--all-namespaces', text: 'listen in all namespaces that have a name, also in those that are created later' },
    ],
    examples: [
      { line: 'rxnetlink monitor', text: 'everything' },
      { line: 'rxnetlink monitor links addresses routes', text: 'what `ip monitor link address route` shows' },
      { line: 'rxnetlink monitor firewall --timestamps', text: 'who changes the firewall, and when' },
      { line: 'rxnetlink monitor --all-namespaces --json', text: 'the changes of all containers with a name, for a program' },
    ],
    load: async () => (await import('./monitor.js')).action,
  },
];
