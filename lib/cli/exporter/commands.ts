import type { CommandSpec } from '../command.js';
import { NETNS_OPTION } from '../common-options.js';

/** The command that serves metrics. */
export const EXPORTER_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'exporter',
    summary: 'metrics for Prometheus',
    details: [
      'Serves http://127.0.0.1:19100/metrics until Ctrl-C, in the text format of Prometheus and with the names of node_exporter where it has the same',
      'metrics. A scrape reads the kernel: links with their counters, speeds, qdiscs, ARP entries, TCP sockets by state, tracked connections and the',
      'counters of nftables that have a name (both need CAP_NET_ADMIN). What cannot be read is missing, and a metric and a line on standard error state',
      'it. It changes nothing.',
    ].join('\n'),
    options: [
      NETNS_OPTION,
      { flags: '--port <port>', text: 'the port; 19100 if omitted, 0 for one that is free' },
      { flags: '--listen <address>', text: 'an IP address in place of 127.0.0.1: all who reach it can read the metrics' },
      { flags: '--include <patterns>', text: 'only these links, as names with * and ?, separated by commas' },
      { flags: '--exclude <patterns>', text: 'all links except these' },
      {
        flags: '--collectors <names>',
        text: 'only these of links, ethtool, qdiscs, neighbours, tcp, conntrack, nftables, separated by commas',
      },
      { flags: '--timeout <time>', text: 'how long a collector may need; 5s if omitted' },
    ],
    examples: [
      { line: 'rxnetlink exporter', text: 'all metrics of this namespace' },
      { line: "rxnetlink exporter --exclude 'veth*,docker?' --port 9100", text: 'without some links, at the port of node_exporter' },
      { line: 'rxnetlink exporter --collectors links,qdiscs,tcp', text: 'what a user without capabilities can read' },
    ],
    load: async () => (await import('./exporter.js')).action,
  },
];
