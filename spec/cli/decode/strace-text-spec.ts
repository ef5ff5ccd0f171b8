import { expect } from 'chai';
import { StraceLog } from '../../../lib/cli/decode/input/strace-log.js';
import { Protocol } from '../../../lib/index.js';

/** A netlink header of 16 bytes, as rows of a dump. */
const ROW = ' | 00000  10 00 00 00 03 00 02 00  01 00 00 00 00 00 00 00  ................ |';
const DUMP = ` * 16 bytes in buffer 0\n${ROW}`;
const MESSAGE = '{nlmsg_len=16, nlmsg_type=NLMSG_DONE, nlmsg_flags=NLM_F_MULTI, nlmsg_seq=1, nlmsg_pid=0}';
const OPEN = '7  socket(AF_NETLINK, SOCK_RAW|SOCK_CLOEXEC, NETLINK_NETFILTER) = 3';

function read(...lines: readonly string[]): { datagrams: string[]; log: StraceLog } {
  const log = new StraceLog(Protocol.Route, (inode, process) => (inode === '99' && process === 8 ? Protocol.Xfrm : undefined));
  const found = lines
    .join('\n')
    .split('\n')
    .flatMap((line) => log.read(line));
  found.push(...log.end());
  const datagrams = found.map(
    ({ direction, protocol, process, group, bytes }) =>
      `${String(direction)} ${String(protocol)} by ${String(process)} group ${String(group)} ${String(bytes.byteLength)} bytes`,
  );
  return { datagrams, log };
}

describe('a log of strace', () => {
  for (const [title, lines, expected] of [
    [
      'takes the protocol from the call of socket',
      [OPEN, `7  sendto(3, ${MESSAGE}, 16, 0, NULL, 0) = 16`, ROW],
      ['sent 12 by 7 group 0 16 bytes'],
    ],
    [
      'takes the protocol from the name of a descriptor (-yy)',
      [`[pid 12] recvmsg(4<NETLINK:[GENERIC:12]>, {msg_name={sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}}, 0) = 16`, DUMP],
      ['received 16 by 12 group 0 16 bytes'],
    ],
    [
      'looks up a socket of another namespace by its inode',
      [`8  recvmsg(4<NETLINK:[99]>, {msg_name={sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}}, 0) = 16`, DUMP],
      ['received 6 by 8 group 0 16 bytes'],
    ],
    [
      'uses the default for a socket that was opened before the log began',
      [`recvmsg(9, {msg_name={sa_family=AF_NETLINK, nl_pid=0, nl_groups=0x000010}, msg_iov=[{iov_base=${MESSAGE}}]}, 0) = 16`, DUMP],
      ['received 0 by undefined group 5 16 bytes'],
    ],
    [
      'joins the halves of a call that another thread interrupts',
      [
        OPEN,
        '7  recvmsg(3,  <unfinished ...>',
        '8  bind(4, {sa_family=AF_INET}, 16) = 0',
        `7  <... recvmsg resumed>{msg_iov=[]}, 0) = 16`,
        DUMP,
      ],
      ['received 12 by 7 group 0 16 bytes'],
    ],
    [
      'reads each datagram of a call for many',
      [
        OPEN,
        '7  recvmmsg(3, [{msg_hdr={}}, {msg_hdr={}}], 64, MSG_DONTWAIT, NULL) = 2',
        ' = 1 buffers in vector 0',
        DUMP,
        ' = 1 buffers in vector 1',
        DUMP,
      ],
      ['received 12 by 7 group 0 16 bytes', 'received 12 by 7 group 0 16 bytes'],
    ],
    [
      'joins the buffers of one datagram',
      [OPEN, '7  sendmsg(3, {msg_iovlen=2}, 0) = 32', DUMP, DUMP.replace('buffer 0', 'buffer 1')],
      ['sent 12 by 7 group 0 32 bytes'],
    ],
    ['skips a datagram at which the program only peeks', [OPEN, `7  recvmsg(3, {}, MSG_PEEK|MSG_TRUNC) = 16`, DUMP], []],
    ['skips calls that failed', [OPEN, '7  recvmsg(3, {msg_namelen=12}, 0)   = -1 EAGAIN (Resource temporarily unavailable)'], []],
    [
      'skips sockets of other domains, also with the number of a closed one',
      [OPEN, '7  socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3', '7  sendto(3, "GET / HTTP/1.1\\r\\n", 16, 0, NULL, 0) = 16', ROW],
      [],
    ],
    ['skips an annotated socket of another domain', ['7  sendto(3<TCP:[1.2.3.4:5->6.7.8.9:80]>, "GET", 16, 0, NULL, 0) = 16', ROW], []],
    [
      'finds the socket of a process in its child',
      [OPEN, `9  sendto(3, ${MESSAGE}, 16, 0, NULL, 0) = 16`, ROW, '9  +++ exited with 0 +++'],
      ['sent 12 by 9 group 0 16 bytes'],
    ],
  ] as const) {
    it(title, () => {
      expect(read(...lines).datagrams).to.deep.equal(expected);
    });
  }

  it('emits a datagram with its last byte, and does not wait for the next call', () => {
    const log = new StraceLog(Protocol.Route);
    for (const line of [OPEN, '7  1795837817.5 sendto(3, x, 16, 0, NULL, 0) = 16']) expect(log.read(line)).to.deep.equal([]);
    expect(log.read(ROW)).to.have.length(1);
  });

  it('reads the time of -ttt, and counts calls without bytes', () => {
    const log = new StraceLog(Protocol.Route);
    log.read('1795837815.25 socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) = 3');
    log.read('1795837815.5 sendto(3, x, 16, 0, NULL, 0) = 16');
    expect(log.read(ROW)[0]).to.include({ time: 1_795_837_815_500 });
    log.read('1795837815.75 sendto(3, x, 16, 0, NULL, 0) = 16');
    log.end();
    expect(log.withoutBytes).to.equal(1);
  });
});
