import type { CommandSpec, OptionSpec } from '../command.js';

const JSON_OPTION: OptionSpec = { flags: '--json', text: 'print one JSON object for each message' };
const STRACE_LINE = 'strace -f -e trace=network -e read=all -e write=all -o log.txt ip link';

/** The commands that read and record the netlink traffic of programs. */
export const DECODE_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'decode',
    summary: 'netlink messages of a file in words',
    details: [
      'Reads a pcap (tcpdump on an nlmon interface), a log of strace with its hexdumps, a capture of `rxnetlink record`, and hexadecimal',
      'digits: one datagram a line, or a hexdump. Without a file it reads the standard input.',
      'For strace use `-e trace=network -e read=all -e write=all`: with -x or -xx alone, strace prints what it has decoded itself, without',
      'the bytes. Generic families get their names from the controller in the file, else from the running kernel. Of key material only the',
      'length is printed.',
    ].join(' '),
    arguments: [{ name: 'file', text: 'the file; - is the standard input' }],
    options: [
      JSON_OPTION,
      { flags: '--protocol <name>', text: 'the netlink protocol where the file has none, such as generic (default: route)' },
    ],
    examples: [
      { line: 'rxnetlink decode log.txt', text: `the messages of ip, after \`${STRACE_LINE}\`` },
      { line: 'rxnetlink decode nlmon.pcap --json', text: 'a capture of nlmon, for a program' },
      { line: 'rxnetlink decode --protocol generic dump.hex', text: 'a hexdump of messages of generic netlink' },
    ],
    load: async () => (await import('./decode.js')).action,
  },
  {
    name: 'trace',
    summary: 'the netlink messages of a program while it runs',
    details: [
      'Runs a command, or attaches to a process, through strace, and decodes each message in both directions. The output of the command',
      'itself appears on the standard error. The exit code is that of the command. A log of strace alone does not have all attributes.',
    ].join(' '),
    arguments: [{ name: 'command...', text: 'the command and its arguments, after --' }],
    options: [
      { flags: '-p, --process <pid>', text: 'attach to a process until Ctrl-C' },
      JSON_OPTION,
      { flags: '--write <file>', text: 'also write a capture: a pcap if the name ends in .pcap, else text' },
    ],
    examples: [
      { line: 'rxnetlink trace -- ip link show lo', text: 'the request of ip and the answer of the kernel' },
      { line: 'rxnetlink trace -p 812 --json', text: 'the messages of a daemon, for a program' },
      { line: 'rxnetlink trace --write nft.pcap -- nft list ruleset', text: 'a capture for Wireshark or for a test' },
    ],
    load: async () => (await import('./trace.js')).action,
  },
  {
    name: 'record',
    summary: 'a capture of tables and their changes, for tests',
    details: [
      'Lists the tables and watches them until Ctrl-C or the end of --for, and writes all messages. In a test, replayKernel() of',
      'rxnetlink/testing answers the same requests from the file. To record another program, use `rxnetlink trace --write`.',
    ].join(' '),
    arguments: [
      { name: 'file', required: true, text: 'the capture: a pcap if the name ends in .pcap, else text to read and edit' },
      { name: 'table...', text: 'links, addresses, routes, rules, neighbours, fdb, qdiscs; the first three if omitted' },
    ],
    options: [
      { flags: '--for <time>', text: 'end after this time, such as 10s or 5m' },
      { flags: '--netns <namespace>', text: 'work in another network namespace: a name of `ip netns`, or a path' },
    ],
    examples: [{ line: 'rxnetlink record links.pcap links --for 10s', text: 'the links, and what changes in ten seconds' }],
    load: async () => (await import('./record.js')).action,
  },
  {
    name: 'replay',
    summary: 'the messages of a capture at their recorded pace',
    arguments: [{ name: 'file', required: true, text: 'a capture of `rxnetlink record`, or a pcap' }],
    options: [JSON_OPTION, { flags: '--speed <factor>', text: 'play faster (2) or slower (0.5)' }],
    examples: [{ line: 'rxnetlink replay links.pcap --speed 10', text: 'ten times as fast as it happened' }],
    load: async () => (await import('./replay.js')).action,
  },
];
