import type { CommandSpec, OptionSpec } from '../command.js';
import { JSON_OPTION, NETNS_OPTION } from '../common-options.js';
import { loadPart } from './load-part.js';

/** The first words after `rxnetlink fleet`. */
const SUBJECTS = [
  ...['hosts', 'links', 'addresses', 'routes', 'rules', 'neighbours'],
  ...['link-counters', 'sockets', 'conntrack-statistics', 'firewall-counters', 'monitor', 'plan', 'streams', 'forget'],
] as const;

/** The options with which a command logs in at the server. */
const KEY_OPTIONS: readonly OptionSpec[] = [
  { flags: '--nkey <file>', text: 'the file with the private key of the user (an nkey seed)' },
  { flags: '--creds <file>', text: 'the file with the credentials of the user (a JWT and its key)' },
  { flags: '--tls-ca <file>', text: 'the certificate of the authority that signed that of the server' },
];

/** The options with which a reader logs in and finds the streams. */
export const LOGIN_OPTIONS: readonly OptionSpec[] = [
  ...KEY_OPTIONS,
  { flags: '--cells <number>', text: 'the number of streams of the fleet; if omitted 1, and readers find the others' },
];

/** The options by which a command reaches the server. */
const SERVER_OPTIONS: readonly OptionSpec[] = [
  { flags: '--server <urls>', text: 'the nats-server: tls://nats.example.com:4222; several of a cluster are separated by commas' },
  ...KEY_OPTIONS,
];

/** The commands of a fleet. */
export const FLEET_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'agent',
    summary: 'keep the state of this host in a nats-server, for `rxnetlink fleet`',
    details: [
      'Runs until Ctrl-C, and needs no capability for its tables. It sends the rows of the tables to JetStream, and their changes. It changes nothing',
      'on this host, unless --serve-remote and a policy permit it. Needs the packages @nats-io/nats-core, @nats-io/jetstream and @nats-io/transport-node.',
    ].join('\n'),
    options: [
      ...SERVER_OPTIONS,
      { flags: '--host <name>', text: 'the name of this host in the fleet; that of the machine if omitted' },
      {
        flags: '--tables <names>',
        text: [
          'links, addresses, routes, rules, neighbours (all of these if omitted), nexthops, qdiscs, family/operation, or a table that is read at an',
          'interval: link-counters, sockets, conntrack-statistics, firewall-counters (the last two need CAP_NET_ADMIN)',
        ].join(' '),
      },
      { flags: '--cells <number>', text: 'the number of streams of the fleet; 1 if omitted' },
      { flags: '--cell <number>', text: 'the stream of this host, from 0; by the name of the host if omitted' },
      { flags: '--sample <time>', text: 'the interval of these readings; 10s if omitted, 1s at least' },
      NETNS_OPTION,
      { flags: '--beat <time>', text: 'the time between two signs of life; 2s if omitted, 10s from 1,000 hosts on' },
      {
        flags: '--serve-remote',
        text: 'let others send netlink requests to this host, as far as the policy permits: reading, if there is none',
      },
      { flags: '--policy <file>', text: 'the policy of --serve-remote in JSON' },
      JSON_OPTION,
    ],
    examples: [
      { line: 'rxnetlink agent --server nats://127.0.0.1:4222', text: 'an agent for a server on this machine' },
      {
        line: 'rxnetlink agent --server tls://nats.example.com:4222 --nkey agent.nk --tls-ca ca.pem --serve-remote',
        text: 'with a key, over TLS; `rxnetlink fleet plan` can read this host',
      },
    ],
    load: () => loadPart(import('./agent.js')),
  },
  {
    name: 'fleet',
    summary: 'the state of many hosts, from a nats-server',
    details: [
      'hosts lists the agents. links, addresses, routes, rules and neighbours list the tables of all hosts; link-counters, sockets, conntrack-statistics',
      'and firewall-counters list what agents read at an interval, if their option --tables names it. monitor prints changes until Ctrl-C; it includes',
      'one of the latter tables only if you name it.',
      'plan compares each host with a document; these hosts need agents with --serve-remote, and it exits with 2 if one of them differs. streams makes the',
      'streams of the server, which agents do themselves if they may. forget removes a host that does not exist any more: its rows and its last beat.',
    ].join('\n'),
    arguments: [
      { name: 'what', required: true, text: SUBJECTS.join(', '), values: SUBJECTS },
      {
        name: 'words...',
        text: 'of plan: a document; of forget: a host; of a table: properties of the objects as name=value; of monitor: names of tables',
      },
    ],
    options: [
      ...SERVER_OPTIONS,
      {
        flags: '--cells <number>',
        text: 'of streams: the number of streams to make, 1 if omitted; the other commands find them',
      },
      { flags: '--hosts <patterns>', text: 'only these hosts: names with *, separated by commas' },
      { flags: '--beat <time>', text: 'of streams: the time between two signs of life of the agents; 2s if omitted' },
      { flags: '--watch', text: 'keep the table up to date until Ctrl-C; what has changed is marked' },
      {
        flags: '--force',
        text: 'of forget: remove the host although its agent runs, and end the agent at its next beat; waits for one within a minute',
      },
      { flags: '--timeout <time>', text: 'how long to wait for a host; if omitted 5s, and 30s for plan' },
      JSON_OPTION,
    ],
    examples: [
      { line: 'rxnetlink fleet hosts --server nats://127.0.0.1:4222', text: 'the hosts, and if their agents work' },
      {
        line: "rxnetlink fleet routes to=default --hosts 'web-*' --server nats://127.0.0.1:4222",
        text: 'the default routes of some hosts',
      },
      { line: 'rxnetlink fleet monitor links --server nats://127.0.0.1:4222 --json', text: 'the changes of all links, for a program' },
      { line: "rxnetlink fleet plan base.json --hosts 'web-*' --server nats://127.0.0.1:4222", text: 'how hosts differ from a document' },
      { line: 'rxnetlink fleet forget web-1 --server nats://127.0.0.1:4222', text: 'remove a machine that was scrapped' },
    ],
    load: () => loadPart(import('./fleet.js')),
  },
];
