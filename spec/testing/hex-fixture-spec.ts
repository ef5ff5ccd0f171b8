import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { DecodeError } from '../../lib/errors/index.js';
import {
  decodeFixture,
  encodeFixture,
  readCapture,
  replayKernel,
  writeCapture,
  type Capture,
  type CapturedDatagram,
} from '../../lib/testing/index.js';
import { check, codePoint } from '../support/fuzz.js';
import { hostOrder } from '../support/host-order.js';
import { hex } from '../wire/bytes.js';
import { DONE, GETLINK, NEWLINK, anyCapture, capture } from './recorded.js';

/** Prints bytes as a fixture does: 16 in each row, in groups of 4. */
const rows = (bytes: Uint8Array): string =>
  hex(bytes)
    .replaceAll(/.{1,32}/g, (row) => `  ${row.replaceAll(/.{8}(?=.)/g, '$& ')}\n`)
    .trimEnd();

describe('hex fixture', () => {
  const whole: Capture = { ...capture, command: 'ip link show dev eth0', expected: { ifname: 'eth0', mtu: [1500] } };

  it('is readable text', () => {
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

  it('decodes to the capture that was encoded', () => {
    expect(decodeFixture(encodeFixture(whole))).to.deep.equal(whole);
  });

  it('decodes to the capture that was encoded, for random captures', () => {
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

  it('accepts handwritten text', () => {
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
    ['0011', /line 1: bytes before the first datagram/],
    ['> 0 ms\n001', /line 1: .*hex digits/],
    ['> 0 ms\nzz', /line 1: .*hex digits/],
    ['\n> 5 protocol 0', /line 2: .*its time/],
    ['> 5 ms planet 0', /line 1: 'planet' is unknown/],
    ['> 5 ms group', /line 1: group must be a number/],
    ['@ yesterday', /line 1: 'yesterday' is not a time/],
    ['% middle-endian', /line 1: 'middle-endian' is not little-endian or big-endian/],
    ['= {', /line 1: the expected value is not valid JSON/],
    ['> 100000000000000000 ms', /line 1: '100000000000000000 ms' is beyond the times/],
    ['@ 2023-11-14\n> 8640000000000000 ms', /line 2: .* is beyond the times/],
    ['> 0 ms length -1', /line 1: length must be a number from 0 to 4294967295, not '-1'/],
    ['> 0 ms protocol 65536', /line 1: protocol must be a number from 0 to 65535/],
    ['> 0 ms length 1\n0011', /line 1: length 1 is less than the 2 bytes/],
  ];
  for (const [text, message] of wrong) {
    it(`rejects ${JSON.stringify(text)}`, () => {
      expect(() => decodeFixture(text)).to.throw(DecodeError, message);
    });
  }

  it('rejects a time that a Date cannot hold', () => {
    for (const time of [1e17, Number.NaN]) {
      const datagrams = [{ ...capture.datagrams[0]!, time }];
      expect(() => encodeFixture({ datagrams })).to.throw(RangeError, `encodeFixture: datagrams[0].time ${time}`);
    }
  });

  it('decodes any text or throws a DecodeError, and a decoded capture can be encoded and replayed', () => {
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
      fc.string({ unit: codePoint }),
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
        if ((read.byteOrder ?? hostOrder) === hostOrder) replayKernel(read);
      }),
    );
  }).timeout(600_000);

  it('is the format of files without the extension .pcap', () => {
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
