import { expect } from 'chai';
import { encodePcap } from '../../../lib/testing/index.js';
import { KERNEL_ORIGIN } from '../../../lib/index.js';
import { hostOrder } from '../../support/host-order.js';
import { runCli } from '../run-cli.js';
import { useFiles } from './decoded.js';

const PCAP = encodePcap({ datagrams: [{ ...KERNEL_ORIGIN, bytes: new Uint8Array(20), time: 1, direction: 'sent', protocol: 0 }] });
const OTHER_ORDER = hostOrder === 'little' ? 'big' : 'little';
const WITHOUT_BYTES = String.raw`socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) = 3
sendto(3, "\x14\x00\x00\x00\x12\x00\x01\x03", 20, 0, NULL, 0) = 20
`;

describe('rxnetlink decode: input that it cannot decode', () => {
  const file = useFiles();

  for (const [title, content, message] of [
    ['an empty file', '', 'the input is empty'],
    ['a file of blank lines', '\n  \n', 'the input is empty'],
    ['a pcap that ends within a packet', PCAP.subarray(0, -1), /^EDECODE pcap: the file ends within a packet/],
    ['a pcap that ends within its header', PCAP.subarray(0, 10), /^EDECODE pcap: expected a header of 24 bytes/],
    ['a pcap without packets', PCAP.subarray(0, 24), 'the input has no netlink messages'],
    ['hexadecimal digits that end within a byte', '2000000012000', 'line 1: expected pairs of hexadecimal digits'],
    ['hexadecimal digits that end within a header', '# cut\n20000000', 'line 2: expected a message of at least 16 bytes, got 4'],
    ['hexadecimal digits that end within a message', '20000000120001030000000000000000', /^line 1: EDECODE message: expected a length/],
    ['a second line that is not hexadecimal', '20000000120001030000000000000000\nlo: up', 'line 2: expected pairs of hexadecimal digits'],
    ['text', 'Hello\n', /^the input is not a pcap of netlink, a log of `strace/],
    ['other bytes', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe), /^the input is not a pcap of netlink, a log of `strace/],
    [
      'a log of strace without bytes',
      WITHOUT_BYTES,
      /^the log of strace has no bytes of the messages; record it with `strace -f -e trace=network/,
    ],
    ['a log of strace without netlink', 'socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3\n', 'the input has no netlink messages'],
    ['a capture with a fault', '> soon ms protocol 0\n00\n', /^EDECODE line 1: the line of a datagram must begin with its time/],
    [
      'a capture of the other byte order',
      `% ${OTHER_ORDER}-endian\n> 0 ms protocol 0\n00000014\n`,
      new RegExp(`^a ${OTHER_ORDER}-endian machine recorded the capture`),
    ],
  ] as const) {
    it(`exits with 1 and one line: ${title}`, async () => {
      const { code, out, err } = await runCli('decode', file('input', content));
      expect({ code, out }).to.deep.equal({ code: 1, out: '' });
      expect(err).to.match(/^rxnetlink: [^\n]+\n$/);
      const line = err.slice('rxnetlink: '.length, -1);
      if (typeof message === 'string') expect(line).to.equal(message);
      else expect(line).to.match(message);
    });
  }

  for (const [argv, code, message] of [
    [['decode', '/nonexistent'], 1, /^cannot open \/nonexistent: it does not exist\n$/],
    [['decode', '--protocol', 'rout', '/nonexistent'], 64, /^--protocol rout: no netlink protocol has this name; did you mean route\?/],
    [['trace'], 64, /^trace: expected a command after --, or -p and the number of a process/],
    [['trace', '-p', 'x'], 64, /^trace: -p x is not the number of a process/],
    [['trace', '-p', '1', '--', 'true'], 64, /^trace: expected a command or -p, not both/],
    [['record'], 64, /^missing required argument 'file'/],
    [['record', '/nonexistent/x', 'lnks'], 64, /^record: lnks is not a table; did you mean links\?/],
    [['record', '/nonexistent/x', '--for', 'soon'], 64, /^--for soon: expected a time with its unit, such as 30s or 5m/],
    [['replay', '/nonexistent'], 1, /^cannot open \/nonexistent: it does not exist\n$/],
    [['replay', '/nonexistent', '--speed', '0'], 64, /^replay: --speed 0 is not a positive number/],
  ] as const) {
    it(`exits with ${String(code)} and one line: ${argv.join(' ')}`, async () => {
      const result = await runCli(...argv);
      expect(result).to.include({ code, out: '' });
      expect(result.err).to.match(/^rxnetlink: [^\n]+\n$/);
      expect(result.err.slice('rxnetlink: '.length)).to.match(message);
    });
  }
});
