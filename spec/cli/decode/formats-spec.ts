import { expect } from 'chai';
import { encodeFixture, encodePcap, type CapturedDatagram } from '../../../lib/testing/index.js';
import { KERNEL_ORIGIN } from '../../../lib/index.js';
import { linesOf, runCli } from '../run-cli.js';
import { needsLittleEndian } from '../../support/host-order.js';
import { datagramsOf, decodeFile, fixture, nameOf, useFiles } from './decoded.js';

/** RTM_GETLINK of interface 1 with NLM_F_REQUEST and sequence number 7: struct nlmsghdr and struct ifinfomsg (linux/rtnetlink.h). */
const REQUEST = '20000000120001000700000000000000' + '00000000010000000000000000000000';
/** The header of CTRL_CMD_NEWFAMILY with CTRL_ATTR_FAMILY_ID 60000 and CTRL_ATTR_FAMILY_NAME "wireguard" (linux/genetlink.h). */
const NEW_FAMILY = '2c000000100000000000000000000000' + '01020000' + '0600010060ea0000' + '0e0002007769726567756172' + '64000000';
/** A dump request of family 60000 with command 0 and WGDEVICE_A_IFNAME "wg0" (linux/wireguard.h). */
const OF_FAMILY = '1c00000060ea01030100000000000000' + '00010000' + '080002007767300a'.replace('0a', '00');

describe('rxnetlink decode: formats', () => {
  const file = useFiles();
  before(function () {
    needsLittleEndian(this);
  });

  const hex = (text: string): string[] => text.match(/../g)!;
  const rows = (offset: (at: number) => string, gap: string, end: string): string =>
    [0, 16]
      .map(
        (at) =>
          `${offset(at)}${hex(REQUEST)
            .slice(at, at + 16)
            .join(' ')
            .replace(/^(.{23}) /, `$1${gap}`)}${end}`,
      )
      .join('\n');

  for (const [title, text] of [
    ['one line', REQUEST],
    ['pairs with blanks', hex(REQUEST).join(' ')],
    [
      'a C array',
      hex(REQUEST)
        .map((pair) => `0x${pair},`)
        .join(' '),
    ],
    [
      'a C string',
      hex(REQUEST)
        .map((pair) => String.raw`\x${pair}`)
        .join(''),
    ],
    ['words of four bytes', `  ${REQUEST.replaceAll(/.{8}(?=.)/g, '$& ')}`],
    ['hexdump -C', `${rows((at) => `${at.toString(16).padStart(8, '0')}  `, '  ', '  |................|')}\n00000020`],
    ['xxd', rows((at) => `${at.toString(16).padStart(8, '0')}: `, ' ', '  ................').replaceAll(/(\w\w) (\w\w)(?= )/g, '$1$2')],
    ['rows of strace', rows((at) => ` | ${at.toString(16).padStart(5, '0')}  `, '  ', '  ................ |')],
    ['comments and empty lines', `# a request\n\n${REQUEST}\n\n`],
  ] as const) {
    it(`reads hexadecimal digits: ${title}`, async () => {
      const [message, ...others] = await decodeFile(file('request.hex', `${text}\n`));
      expect(others).to.deep.equal([]);
      expect(message).to.deep.include({ direction: 'sent', protocol: 'route', kind: 'request', family: 'rt-link', operation: 'getlink' });
      expect(message).to.deep.include({ type: 18, flags: ['request'], sequence: 7, portId: 0 });
      expect(message?.value).to.include({ ifiIndex: 1 });
    });
  }

  it('distinguishes a job of the CAN gateway from a route with the same message number', async () => {
    // RTM_NEWROUTE with struct rtcanmsg of AF_CAN (29), CGW_SRC_IF (9) 3 and CGW_DST_IF (10) 4 (linux/can/gw.h); the same as a part of a dump.
    const job = '1d010000' + '0800090003000000' + '08000a0004000000';
    const text = `24000000180005000100000000000000${job}\n24000000180002000100000000000000${job}\n`;
    const messages = await decodeFile(file('cangw.hex', text));
    expect(messages.map(({ family, operation, kind }) => [family, operation, kind])).to.deep.equal([
      ['rt-cangw', 'newroute', 'request'],
      ['rt-cangw', 'getroute', 'reply'],
    ]);
    for (const { value } of messages) expect(value).to.include({ canFamily: 29, gwtype: 'can-can', srcIf: 3, dstIf: 4 });
    // RTM_NEWROUTE with struct rtmsg of AF_INET.
    const [route] = await decodeFile(file('route.hex', '1c000000180005000100000000000000' + '021800000000000000000000\n'));
    expect(route).to.include({ family: 'rt-route', operation: 'newroute' });
  });

  it('reads one datagram a line, of the protocol that --protocol names', async () => {
    const path = file('dump.hex', `${REQUEST}\n${REQUEST}\n`);
    expect(await decodeFile(path)).to.have.length(2);
    // Message type 18 is XFRM_MSG_GETSA (linux/xfrm.h).
    const [message] = await decodeFile(path, '--protocol', 'xfrm');
    expect(message).to.include({ protocol: 'xfrm', family: 'xfrm' });
  });

  it('names generic families by messages of the controller that follow, and shows others as numbers', async () => {
    const learned = await decodeFile(file('learned.hex', `${OF_FAMILY}\n${NEW_FAMILY}\n`), '--protocol', 'generic');
    expect(learned.map(nameOf)).to.deep.equal(['> wireguard get-device dump', '< nlctrl newfamily-ntf notification']);
    expect(learned[0]?.value).to.deep.equal({ ifname: 'wg0' });
    const [unknown] = await decodeFile(file('unknown.hex', OF_FAMILY), '--protocol', 'generic');
    expect(unknown).to.deep.include({ family: 'family 60000', operation: 'command 0' });
    expect(unknown?.unknown).to.deep.equal([{ path: '', type: 2, bytes: '77673000' }]);
  });

  it('decodes pcap and captures of the library as it decodes the log that they were made of', async () => {
    const logged = await datagramsOf(fixture('ip.log'));
    const datagrams = logged.map(({ bytes, protocol, direction = 'sent' }, index): CapturedDatagram => ({
      ...KERNEL_ORIGIN,
      bytes,
      protocol,
      direction,
      time: 1000 + index,
    }));
    const expected = (await decodeFile(fixture('ip.log'))).map(nameOf);
    expect((await decodeFile(file('ip.pcap', encodePcap({ datagrams })))).map(nameOf)).to.deep.equal(expected);
    expect((await decodeFile(file('ip.txt', encodeFixture({ datagrams })))).map(nameOf)).to.deep.equal(expected);
    const lines = await linesOf('decode', file('ip.pcap', encodePcap({ datagrams })));
    expect(lines.filter((line) => line.startsWith('1.000 ms'))).to.have.length(1);
    expect((await linesOf('replay', file('ip.pcap', encodePcap({ datagrams })), '--speed', '10')).length).to.equal(lines.length);
  });

  it('decodes the short header with which getifaddrs() asks for a table', async () => {
    // RTM_GETADDR with struct rtgenmsg: one byte of address family, AF_INET6.
    const [message] = await decodeFile(file('short.hex', '1400000016000103010000000000000' + '00a000000'));
    expect(message).to.deep.include({ operation: 'getaddr', mode: 'dump', value: { ifaFamily: 10 } });
  });

  it('prints a uevent as its lines', async () => {
    const text = Buffer.from('add@/devices/x\0ACTION=add\0SUBSYSTEM=net\0').toString('hex');
    const [message] = await decodeFile(file('uevent.hex', text), '--protocol', 'kobject_uevent');
    expect(message).to.deep.include({ kind: 'text', value: ['add@/devices/x', 'ACTION=add', 'SUBSYSTEM=net'] });
  });

  it('decodes the messages before a fault, names the place of the fault, and goes on', async () => {
    const { code, out, err } = await runCli('decode', file('cut.hex', `${REQUEST}${REQUEST.slice(0, 40)}\n${REQUEST}\n`), '--json');
    expect({ code, err }).to.deep.equal({
      code: 1,
      err: 'rxnetlink: line 1: EDECODE message: expected a length from 16 to 20, got 32 (offset 32)\n',
    });
    expect(out.split('\n')).to.have.length(3);
  });
});
