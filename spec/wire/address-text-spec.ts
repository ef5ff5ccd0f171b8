import { expect } from 'chai';
import { EncodeError } from '../../lib/errors/index.js';
import { addressText, ipv4Text, ipv6Text, linkAddressText, parseIp, parseIpv4, parseIpv6, parseLinkAddress } from '../../lib/wire/index.js';
import { hex, octets } from './bytes.js';

// Compared with Python's ipaddress module, except the IPv4-mapped one: RFC 5952 section 5, and the output of `ip`.
const IPV6: [table: string, text: string][] = [
  ['20010db8 00000000 00010000 00000001', '2001:db8::1:0:0:1'],
  ['20010db8 00000001 00010001 00010001', '2001:db8:0:1:1:1:1:1'],
  ['20010db8 00000000 00000000 00020001', '2001:db8::2:1'],
  ['20010000 00000001 00000000 00000001', '2001:0:0:1::1'],
  ['20010db8 aaaabbbb ccccdddd eeee0aaa', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaa'],
  ['20010db8 00000000 00000000 00000000', '2001:db8::'],
  ['00000000 00000000 00000000 00000001', '::1'],
  ['00000000 00000000 00000000 00000000', '::'],
  ['fe800000 00000000 02427bff fe12abcd', 'fe80::242:7bff:fe12:abcd'],
  ['00010002 00030004 00050006 00070000', '1:2:3:4:5:6:7:0'],
  ['00000002 00030004 00050006 00070008', '0:2:3:4:5:6:7:8'],
  ['00010000 00000002 00000000 00000003', '1:0:0:2::3'],
  ['00000000 00000000 0000ffff c0000201', '::ffff:192.0.2.1'],
  ['00000000 00000000 00000000 c0000201', '::c000:201'],
  ['00000000 00000000 0001ffff c0000201', '::1:ffff:c000:201'],
  ['0064ff9b 00000000 00000000 c0000201', '64:ff9b::c000:201'],
];

describe('ipv6Text', () => {
  for (const [table, text] of IPV6) {
    it(`prints ${text}`, () => {
      expect(ipv6Text(octets(table))).to.equal(text);
      // The second call reads the cache.
      expect(ipv6Text(octets(`ff${table}`), 1)).to.equal(text);
    });
  }

  it('throws for fewer than 16 bytes', () => {
    expect(() => ipv6Text(new Uint8Array(15))).to.throw(RangeError, '16 bytes');
    expect(() => ipv6Text(new Uint8Array(16), 1)).to.throw(RangeError, 'offset 1');
  });
});

describe('ipv4Text', () => {
  it('prints four numbers', () => {
    expect(ipv4Text(octets('c0 00 02 01'))).to.equal('192.0.2.1');
    expect(ipv4Text(octets('00 00 00 00'))).to.equal('0.0.0.0');
    expect(ipv4Text(octets('ff ff ff ff'))).to.equal('255.255.255.255');
  });

  it('prints the address at an offset', () => {
    expect(ipv4Text(octets('00 0a 00 00 01 00'), 1)).to.equal('10.0.0.1');
  });

  it('prints each of 20,000 addresses correctly, also from the cache', () => {
    const address = new Uint8Array(4);
    for (let round = 0; round < 2; round++) {
      for (let index = 0; index < 20_000; index++) {
        address.set([10, index >> 16, (index >> 8) & 0xff, index & 0xff]);
        if (ipv4Text(address) !== `10.${index >> 16}.${(index >> 8) & 0xff}.${index & 0xff}`) expect.fail(`at ${index}`);
      }
    }
  });

  it('throws for fewer than 4 bytes', () => {
    expect(() => ipv4Text(new Uint8Array(3))).to.throw(RangeError, '4 bytes');
    expect(() => ipv4Text(new Uint8Array(4), -1)).to.throw(RangeError);
  });
});

describe('linkAddressText', () => {
  it('prints a MAC address', () => {
    expect(linkAddressText(octets('02 42 7b 12 ab cd'))).to.equal('02:42:7b:12:ab:cd');
  });

  it('prints addresses of InfiniBand (20 bytes), FireWire (8) and tunnels (4, 0)', () => {
    const infiniband = '80:00:00:48:fe:80:00:00:00:00:00:00:f4:52:14:03:00:7b:cb:a1';
    expect(linkAddressText(parseLinkAddress(infiniband))).to.equal(infiniband);
    expect(linkAddressText(octets('00 11 22 33 44 55 66 77'))).to.equal('00:11:22:33:44:55:66:77');
    expect(linkAddressText(octets('0a 00 00 01'))).to.equal('0a:00:00:01');
    expect(linkAddressText(octets(''))).to.equal('');
  });
});

describe('addressText', () => {
  it('chooses the form by the length', () => {
    expect(addressText(octets('0a 00 00 01'))).to.equal('10.0.0.1');
    expect(addressText(octets('20010db8 00000000 00000000 00000001'))).to.equal('2001:db8::1');
    expect(addressText(octets('02 42 7b 12 ab cd'))).to.equal('02:42:7b:12:ab:cd');
    expect(addressText(octets('ff 0a 00 00 01 ff'), 1, 4)).to.equal('10.0.0.1');
  });
});

describe('parseIpv4', () => {
  it('parses four numbers', () => {
    expect(hex(parseIpv4('192.0.2.255'))).to.equal('c00002ff');
  });

  for (const text of [
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.-4',
    ' 1.2.3.4',
    '1.2.3.4 ',
    '1..3.4',
    '0x1.2.3.4',
    '::1',
    '١.2.3.4',
  ]) {
    it(`rejects '${text}'`, () => {
      expect(() => parseIpv4(text)).to.throw(EncodeError, 'is not an IPv4 address');
    });
  }
});

describe('parseIpv6', () => {
  for (const [table, text] of IPV6) {
    it(`parses ${text}`, () => {
      expect(hex(parseIpv6(text))).to.equal(hex(octets(table)));
    });
  }

  it('parses forms that RFC 5952 does not recommend', () => {
    expect(hex(parseIpv6('2001:0DB8:0:0:0:0:0:0001'))).to.equal('20010db8000000000000000000000001');
    expect(hex(parseIpv6('1:2:3:4:5:6:192.0.2.1'))).to.equal('000100020003000400050006c0000201');
    expect(hex(parseIpv6('::192.0.2.1'))).to.equal('000000000000000000000000c0000201');
    expect(hex(parseIpv6('1:2:3:4:5:6:7::'))).to.equal('00010002000300040005000600070000');
    expect(hex(parseIpv6('::2:3:4:5:6:7:8'))).to.equal('00000002000300040005000600070008');
  });

  const wrong = ['', ':', ':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7::8', ':1:2:3:4:5:6:7', '1:2:3:4:5:6:7:'];
  for (const text of [
    ...wrong,
    '12345::',
    'g::',
    'fe80::1%eth0',
    '1.2.3.4::',
    '::1.2.3',
    '::1.2.3.4:5',
    '1:2:3:4:5:6:7:1.2.3.4',
    '1.2.3.4',
    ' ::1',
  ]) {
    it(`rejects '${text}'`, () => {
      expect(() => parseIpv6(text)).to.throw(EncodeError, 'is not an IPv6 address');
    });
  }
});

describe('parseIp', () => {
  it('distinguishes IPv4 and IPv6', () => {
    expect(parseIp('10.0.0.1')).to.have.length(4);
    expect(parseIp('::ffff:10.0.0.1')).to.have.length(16);
    expect(() => parseIp('eth0')).to.throw(EncodeError);
  });
});

describe('parseLinkAddress', () => {
  it('parses colons and hyphens, and any length', () => {
    expect(hex(parseLinkAddress('02:42:7b:12:AB:cd'))).to.equal('02427b12abcd');
    expect(hex(parseLinkAddress('02-42-7b-12-ab-cd'))).to.equal('02427b12abcd');
    expect(hex(parseLinkAddress('0:1:2'))).to.equal('000102');
    expect(parseLinkAddress('')).to.have.length(0);
  });

  for (const text of ['02:42:7b:12:ab:', '02:42-7b', 'zz', '02427b12abcd', '02::42', ':02']) {
    it(`rejects '${text}'`, () => {
      expect(() => parseLinkAddress(text)).to.throw(EncodeError, 'is not a link-layer address');
    });
  }
});
