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
      '',
      'For strace use `-e trace=network -e read=all -e write=all`: with -x or -xx alone, strace prints what it has decoded itself, without',
      'the bytes. Generic families get their names from the controller in the file, else from the running kernel. Of key material only the',
      'length is printed.',
    ].join('\n'),
    arguments: [{ name: 'file', text: 'the file; - is the standard input' }],
    options: [
      JSON_OPTION,
      { flags: '--protocol <name>', text: 'the netlink protocol where the file has none, such as generic (default: route)' },
    ],
    examples: [
      { line: `${STRACE_LINE} && rxnetlink decode log.txt`, text: 'the messages of ip' },
      { line: 'rxnetlink decode nlmon.pcap --json', text: 'a capture of nlmon, for a program' },
      { line: 'echo 2000000012000103010000000000000000000000000000000000000000000000 | rxnetlink decode', text: 'one message' },
    ],
    load: async () => (await import('./decode.js')).action,
  },
];
