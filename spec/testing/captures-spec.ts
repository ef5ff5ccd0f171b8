import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { DecodeError } from '../../lib/errors/index.js';
import {
  decodeFixture,
  decodePcap,
  encodeFixture,
  encodePcap,
  readCapture,
  replayKernel,
  writeCapture,
  type Capture,
  type CapturedDatagram,
} from '../../lib/testing/index.js';
import { KERNEL_ORIGIN, encodeMessages } from '../../lib/wire/index.js';
import { check } from '../support/fuzz.js';
import { host, hostOrder } from '../support/host-order.js';
import { spawnSync } from '../support/programs.js';
import { hex } from '../wire/bytes.js';

const GETLINK = encodeMessages([{ type: 18, flags: 0x301, sequence: 7, payload: new Uint8Array(16) }]);
const DONE = encodeMessages([{ type: 3, flags: 2, sequence: 7, portId: 99, payload: new Uint8Array(4) }]);
const NEWLINK = encodeMessages([{ type: 16, payload: Uint8Array.from({ length: 16 }, (_, index) => host(5, 0, 0, 0)[index - 4] ?? 0) }]);

const capture: Capture = {
  byteOrder: hostOrder,
  datagrams: [
    { ...KERNEL_ORIGIN, bytes: GETLINK, time: 1_700_000_000_000.25, direction: 'sent', protocol: 0 },
    { ...KERNEL_ORIGIN, bytes: DONE, time: 1_700_000_000_001.5, direction: 'received', protocol: 0 },
    { ...KERNEL_ORIGIN, group: 33, bytes: NEWLINK, time: 1_700_000_001_000, direction: 'received', protocol: 0 },
    { sender: { portId: 4711, groups: 0 }, group: 0, bytes: DONE, time: 1_700_000_001_000, direction: 'received', protocol: 16 },
    { ...KERNEL_ORIGIN, bytes: DONE.subarray(0, 16), length: 20, time: 1_700_000_001_001, direction: 'received', protocol: 0 },
  ],
};

/** Bytes as a fixture prints them: 16 a row, in groups of 4. */
const rows = (bytes: Uint8Array): string =>
  hex(bytes)
    .replaceAll(/.{1,32}/g, (row) => `  ${row.replaceAll(/.{8}(?=.)/g, '$& ')}\n`)
    .trimEnd();

/** Any capture, with times to the microsecond. */
const anyCapture = fc.array(
  fc.record({
    bytes: fc.uint8Array({ maxLength: 64 }),
    time: fc.integer({ min: 1, max: 2_000_000_000_000 }).map((number) => number / 8 / 125),
    direction: fc.constantFrom<CapturedDatagram['direction']>('sent', 'received'),
    protocol: fc.nat(22),
    sender: fc.record({ portId: fc.nat(0xffffffff), groups: fc.constant(0) }),
    group: fc.nat(0xffffffff),
  }),
  { maxLength: 4 },
);

describe('a pcap', () => {
  it('is what LINKTYPE_NETLINK says, byte for byte', () => {
    const [first] = capture.datagrams;
    // prettier-ignore
    expect([...encodePcap({ datagrams: [first!], byteOrder: 'little' })]).to.deep.equal([
      0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, // magic number, version 2.4
      0, 0, 0, 0, 0, 0, 0, 0, // no time zone, no accuracy
      0, 0, 0x40, 0, 253, 0, 0, 0, // snapshot length, link type
      0x00, 0xf1, 0x53, 0x65, 250, 0, 0, 0, // 1,700,000,000 s, 250 us
      48, 0, 0, 0, 48, 0, 0, 0, // kept, of
      0, 7, 0x03, 0x38, 0, 8, 0, 0, // to the kernel, ARPHRD_NETLINK
      0, 0, 0, 0, 0, 0, 0, 0, // sender, group, NETLINK_ROUTE
      ...GETLINK,
    ]);
  });

  it('has its headers in the byte order of the machine that recorded it', () => {
    const [first] = capture.datagrams;
    // prettier-ignore
    const header = [
      0xa1, 0xb2, 0xc3, 0xd4, 0, 2, 0, 4,
      0, 0, 0, 0, 0, 0, 0, 0,
      0, 0x40, 0, 0, 0, 0, 0, 253,
      0x65, 0x53, 0xf1, 0x00, 0, 0, 0, 250,
      0, 0, 0, 48, 0, 0, 0, 48,
    ];
    expect([...encodePcap({ datagrams: [first!], byteOrder: 'big' }).subarray(0, 40)]).to.deep.equal(header);
    const [magic] = new Uint32Array(encodePcap({ datagrams: [first!] }).buffer, 0, 1);
    expect(magic).to.equal(0xa1b2c3d4);
  });

  it('is read as it was written', () => {
    expect(decodePcap(encodePcap(capture))).to.deep.equal(capture);
  });

  it('is read as it was written, whatever it holds', () => {
    fc.assert(
      fc.property(anyCapture, (datagrams) => {
        expect(decodePcap(encodePcap({ datagrams })).datagrams).to.deep.equal(datagrams);
      }),
    );
  });

  it('is read in the other byte order and with nanoseconds, and without what only this library writes', () => {
    // prettier-ignore
    const file = Uint8Array.of(
      0xa1, 0xb2, 0x3c, 0x4d, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 253,
      0, 0, 0, 1, 0, 0x0f, 0x42, 0x40, 0, 0, 0, 32, 0, 0, 0, 40,
      0xff, 0xff, 0x03, 0x38, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12,
      0, 0, 0, 16, 0, 1, 0, 5, 0, 0, 0, 1, 0, 0, 0, 0,
    );
    const { byteOrder, datagrams } = decodePcap(file);
    expect(byteOrder).to.equal('big');
    expect(datagrams[0]).to.deep.include({ time: 1001, direction: 'sent', protocol: 12, length: 24, group: 0 });
  });

  it('of anything else is refused', () => {
    const file = encodePcap(capture);
    const ethernet = file.slice();
    ethernet.set(host(1, 0, 0, 0), 20);
    expect(() => decodePcap(ethernet)).to.throw(DecodeError, /link type 1 is not netlink/);
    expect(() => decodePcap(file.subarray(0, 10))).to.throw(DecodeError, /header/);
    expect(() => decodePcap(file.subarray(0, file.byteLength - 1))).to.throw(DecodeError, /ends within a packet/);
    expect(() => decodePcap(Uint8Array.of(0x0a, 0x0d, 0x0d, 0x0a, ...new Uint8Array(40)))).to.throw(DecodeError, /editcap/);
    expect(() => decodePcap(new Uint8Array(24))).to.throw(DecodeError, /no pcap/);
  });

  it('is refused when a packet has more bytes in the file than it had', () => {
    const file = encodePcap({ datagrams: capture.datagrams.slice(0, 1) });
    // The record's second length. 15 would make the datagram's length -1.
    new DataView(file.buffer).setUint32(24 + 12, 15, true);
    expect(() => decodePcap(file)).to.throw(DecodeError, /a packet of 15 bytes cannot have 48 bytes in the file/);
  });

  it('refuses to write a time that 32 bits of seconds cannot hold', () => {
    for (const time of [-1, 2 ** 32 * 1000, Number.NaN]) {
      const datagrams = [{ ...capture.datagrams[0]!, time }];
      expect(() => encodePcap({ datagrams })).to.throw(RangeError, `encodePcap: datagrams[0].time ${time}`);
    }
  });

  it('cut or changed anywhere never fails otherwise', () => {
    const file = encodePcap(capture);
    fc.assert(
      fc.property(fc.nat(file.byteLength - 1), fc.nat(255), fc.nat(file.byteLength), (at, value, length) => {
        const changed = file.slice(0, length);
        if (at < length) changed[at] = value;
        try {
          decodePcap(changed);
        } catch (error) {
          expect(error).to.be.instanceOf(DecodeError);
        }
      }),
      { numRuns: 500 },
    );
  });

  describe('in other programs', () => {
    let folder: string;
    let path: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'rxnetlink-pcap-'));
      path = join(folder, 'seen.pcap');
      writeCapture(path, capture);
    });
    after(() => {
      rmSync(folder, { recursive: true });
    });

    it('opens in tshark, which names families, messages, times and lengths', () => {
      const fields = [
        'frame.time_relative',
        'frame.len',
        'netlink.family',
        'netlink-route.nltype',
        'netlink.hdr_seq',
        'netlink-route.ifi_index',
      ];
      const { stdout, stderr, status } = spawnSync('tshark', ['-r', path, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])], {
        encoding: 'utf8',
      });
      expect(status, stderr).to.equal(0);
      expect(stdout.split('\n').slice(0, -1)).to.deep.equal([
        '0.000000000\t48\t0x0000\t18\t7\t0',
        '0.001250000\t36\t0x0000\t\t7\t',
        '0.999750000\t48\t0x0000\t16\t0\t5',
        '0.999750000\t36\t0x0010\t\t7\t',
        '1.000750000\t36\t0x0000\t\t7\t',
      ]);
    });

    it('opens in tcpdump', () => {
      const { stdout, stderr } = spawnSync('tcpdump', ['-r', path, '-tt'], { encoding: 'utf8' });
      expect(stderr).to.contain('link-type NETLINK (Linux netlink)');
      expect(stdout.split('\n')[0]).to.match(/^1700000000\.000250 /);
    });

    it('is read back from its file', () => {
      expect(readCapture(path)).to.deep.equal(capture);
    });
  });
});

describe('a hex fixture', () => {
  const whole: Capture = { ...capture, command: 'ip link show dev eth0', expected: { ifname: 'eth0', mtu: [1500] } };

  it('is text that people can read', () => {
    expect(encodeFixture(whole)).to.equal(`% ${hostOrder}-endian
$ ip link show dev eth0
@ 2023-11-14T22:13:20.000Z
> 0.25 ms protocol 0
${rows(GETLINK)}
< 1.5 ms protocol 0
${rows(DONE)}
< 1000 ms protocol 0 group 33
${rows(NEWLINK)}
< 1000 ms protocol 16 from 4711
${rows(DONE)}
< 1001 ms protocol 0 length 20
${rows(DONE.subarray(0, 16))}
= {
  "ifname": "eth0",
  "mtu": [
    1500
  ]
}
`);
  });

  it('is read as it was written', () => {
    expect(decodeFixture(encodeFixture(whole))).to.deep.equal(whole);
  });

  it('is read as it was written, whatever it holds', () => {
    fc.assert(
      fc.property(anyCapture, (datagrams) => {
        const sorted = [...datagrams].sort((left, right) => left.time - right.time);
        const read = decodeFixture(encodeFixture({ datagrams: sorted })).datagrams;
        const rounded = (list: readonly CapturedDatagram[]): unknown[] =>
          list.map((item) => ({ ...item, time: Math.round(item.time * 1000) }));
        expect(rounded(read)).to.deep.equal(rounded(sorted));
      }),
    );
  });

  it('may be written by hand', () => {
    const { byteOrder, datagrams, command } = decodeFixture(`
      # what iproute2 asks
      $ ip link
      > 0 ms
        10000000 1200 0103   # length, type, flags
        01 00 00 00
        00 00 00 00

      < -1 ms nsid 3 unsure groups 2
      10
    `);
    expect(command).to.equal('ip link');
    expect(byteOrder).to.equal('little');
    expect(datagrams).to.deep.equal([
      {
        ...{ time: 0, direction: 'sent', protocol: 0, sender: { portId: 0, groups: 0 }, group: 0 },
        bytes: Uint8Array.of(16, 0, 0, 0, 18, 0, 1, 3, 1, 0, 0, 0, 0, 0, 0, 0),
      },
      {
        time: -1,
        direction: 'received',
        protocol: 0,
        sender: { portId: 0, groups: 2 },
        group: 0,
        nsid: 3,
        unsure: true,
        bytes: Uint8Array.of(16),
      },
    ]);
  });

  const wrong: [string, RegExp][] = [
    ['0011', /line 1: bytes without a datagram/],
    ['> 0 ms\n001', /line 1: .*hex digits/],
    ['> 0 ms\nzz', /line 1: .*hex digits/],
    ['\n> 5 protocol 0', /line 2: .*its time/],
    ['> 5 ms planet 0', /line 1: 'planet' is none of/],
    ['> 5 ms group', /line 1: group wants a number/],
    ['@ yesterday', /line 1: 'yesterday' is no time/],
    ['% middle-endian', /line 1: 'middle-endian' is not little-endian or big-endian/],
    ['= {', /line 1: the expected value is no JSON/],
    ['> 100000000000000000 ms', /line 1: '100000000000000000 ms' is beyond the times/],
    ['@ 2023-11-14\n> 8640000000000000 ms', /line 2: .* is beyond the times/],
    ['> 0 ms length -1', /line 1: length wants a number from 0 to 4294967295, not '-1'/],
    ['> 0 ms protocol 65536', /line 1: protocol wants a number from 0 to 65535/],
    ['> 0 ms length 1\n0011', /line 1: length 1 is less than the 2 bytes/],
  ];
  for (const [text, message] of wrong) {
    it(`is refused where it says ${JSON.stringify(text)}`, () => {
      expect(() => decodeFixture(text)).to.throw(DecodeError, message);
    });
  }

  it('refuses to write a time that a Date cannot hold', () => {
    for (const time of [1e17, Number.NaN]) {
      const datagrams = [{ ...capture.datagrams[0]!, time }];
      expect(() => encodeFixture({ datagrams })).to.throw(RangeError, `encodeFixture: datagrams[0].time ${time}`);
    }
  });

  it('throws nothing but a DecodeError for any text, and what it reads can be written and replayed', () => {
    const number = fc.oneof(
      fc.constantFrom('0', '1', '-1', '1e17', '100000000000000000', '-8640000000000001', '4294967296', '65536', 'NaN', 'Infinity', '0x10'),
      fc.double().map(String),
    );
    const name = fc.constantFrom('protocol', 'from', 'groups', 'group', 'nsid', 'length', 'unsure', 'ms', '@', '=', '$');
    const field = fc.tuple(name, number).map((words) => words.join(' '));
    const line = fc.oneof(
      fc
        .tuple(fc.constantFrom('>', '<'), number, fc.array(field, { maxLength: 2 }))
        .map(([mark, time, fields]) => [mark, time, 'ms', ...fields].join(' ')),
      fc.constantFrom('10000000 12000103 01000000 00000000', '10000000 10000000', '0', '@ 2023-11-14', '= {', '= {}', '# nothing'),
      fc.string({ unit: 'binary' }),
    );
    check(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        let read: Capture;
        try {
          read = decodeFixture(lines.join('\n'));
        } catch (error) {
          expect(error).to.be.instanceOf(DecodeError);
          return;
        }
        expect(decodeFixture(encodeFixture(read)).datagrams).to.have.length(read.datagrams.length);
        replayKernel(read);
      }),
    );
  }).timeout(600_000);

  it('is what a file with another name than .pcap holds', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rxnetlink-hex-'));
    try {
      const path = join(folder, 'seen.hex');
      writeCapture(path, whole);
      expect(readCapture(path)).to.deep.equal(whole);
      writeFileSync(path, '');
      expect(readCapture(path)).to.deep.equal({ datagrams: [] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
