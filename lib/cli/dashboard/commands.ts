import type { CommandSpec } from '../command.js';
import { NETNS_OPTION } from '../common-options.js';
import { LOGIN_OPTIONS } from '../fleet/commands.js';

/** The command that serves a page. */
export const DASHBOARD_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'dashboard',
    summary: 'a page for the browser: tables, traffic and topology, live',
    details: [
      'Prints an address that logs one browser in, and another one after each login. The page is served at the loopback of this machine only, until Ctrl-C:',
      'to at most 16 visible pages, of which one browser can open about six. A hidden tab has a break. It shows links with their traffic, addresses, routes,',
      'neighbours, TCP sockets, tracked connections and counters of the firewall (both need CAP_NET_ADMIN), and how the links of all namespaces are connected',
      '(needs CAP_SYS_ADMIN). It changes nothing.',
      '',
      'With --fleet, the page shows the hosts of a fleet (see `rxnetlink fleet`), and the tables of the host that you choose in it: as long as a page shows it.',
    ].join('\n'),
    options: [
      NETNS_OPTION,
      { flags: '--port <port>', text: 'the port of the page; one that is free if omitted' },
      { flags: '--fleet <urls>', text: 'show the hosts of a fleet: the address of its nats-server, such as tls://nats.example.com:4222' },
      ...LOGIN_OPTIONS,
    ],
    examples: [
      { line: 'rxnetlink dashboard', text: 'this namespace; open the printed address in a browser' },
      { line: 'rxnetlink dashboard --fleet nats://127.0.0.1:4222', text: 'the hosts of a fleet' },
      { line: 'rxnetlink dashboard --netns blue --port 8080', text: 'another namespace, at a port for `ssh -L 8080:127.0.0.1:8080`' },
    ],
    load: async () => (await import('./dashboard.js')).action,
  },
];
