import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { DecodeError } from '../../lib/errors/index.js';
import { decodePcap, encodePcap, readCapture, writeCapture } from '../../lib/testing/index.js';
import { hostIsLittleEndian } from '../../lib/wire/index.js';
import { host } from '../support/host-order.js';
import { spawnSync } from '../support/programs.js';
import { GETLINK, anyCapture, capture } from './recorded.js';

describe('pcap', () => {
  it('is encoded as LINKTYPE_NETLINK specifies, byte for byte', () => {
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

  it('has headers in the byte order of the machine that recorded it', () => {
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

  it('decodes to the capture that was encoded', () => {
    expect(decodePcap(encodePcap(capture))).to.deep.equal(capture);
  });

  it('decodes to the capture that was encoded, for random captures', () => {
    fc.assert(
      fc.property(anyCapture, (datagrams) => {
        expect(decodePcap(encodePcap({ datagrams })).datagrams).to.deep.equal(datagrams);
      }),
    );
  });

  it('decodes files in the other byte order, with nanoseconds, and without the origin that only this library writes', () => {
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

  it('rejects other files and link types', () => {
    const file = encodePcap(capture);
    const ethernet = file.slice();
    ethernet.set(host(1, 0, 0, 0), 20);
    expect(() => decodePcap(ethernet)).to.throw(DecodeError, /expected link type 253 \(netlink\), got 1/);
    expect(() => decodePcap(file.subarray(0, 10))).to.throw(DecodeError, /header/);
    expect(() => decodePcap(file.subarray(0, file.byteLength - 1))).to.throw(DecodeError, /ends within a packet/);
    expect(() => decodePcap(Uint8Array.of(0x0a, 0x0d, 0x0d, 0x0a, ...new Uint8Array(40)))).to.throw(DecodeError, /editcap/);
    expect(() => decodePcap(new Uint8Array(24))).to.throw(DecodeError, /not a pcap/);
  });

  it('rejects a packet with more bytes in the file than its length', () => {
    const file = encodePcap({ datagrams: capture.datagrams.slice(0, 1) });
    // The original length of the record: 15 would give the datagram the length -1.
    new DataView(file.buffer).setUint32(24 + 12, 15, hostIsLittleEndian);
    expect(() => decodePcap(file)).to.throw(DecodeError, /a packet of 15 bytes has 48 bytes in the file/);
  });

  it('rejects a time that 32 bits of seconds cannot hold', () => {
    for (const time of [-1, 2 ** 32 * 1000, Number.NaN]) {
      const datagrams = [{ ...capture.datagrams[0]!, time }];
      expect(() => encodePcap({ datagrams })).to.throw(RangeError, `encodePcap: datagrams[0].time ${time}`);
    }
  });

  it('decodes or throws a DecodeError when it is truncated or changed anywhere', () => {
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

    it('opens in tshark, which prints families, messages, times and lengths', () => {
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

    it('decodes from the file that it was written to', () => {
      expect(readCapture(path)).to.deep.equal(capture);
    });
  });
});
