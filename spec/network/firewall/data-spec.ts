import { expect } from 'chai';
import { dataType, dataTypeOf, dataTypes, parseDataType } from '../../../lib/network/firewall/data/data-types.js';
import { parseInterval, printInterval } from '../../../lib/network/firewall/data/interval.js';
import { keyBytes, keyInNetworkOrder, keyNumber, keyTypesOf, parseKey, printKey } from '../../../lib/network/firewall/data/key.js';
import { parseVerdict, printVerdict } from '../../../lib/network/firewall/data/verdict.js';
import { FieldError } from '../../../lib/network/common/field-error.js';
import { hostIsLittleEndian } from '../../../lib/wire/index.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Runs a function that must fail with a FieldError; returns `path: text`. */
function failure(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof FieldError) return `${error.path}: ${error.message}`;
    throw error;
  }
  throw new Error('the function returned; expected a FieldError');
}

describe('data types of nftables', () => {
  const rows = [
    ['ipv4_addr', '10.0.0.1', '0a000001', '10.0.0.1'],
    ['ipv6_addr', 'FE80::1', `fe80${'00'.repeat(13)}01`, 'fe80::1'],
    ['ether_addr', '02-00-00-00-00-0A', '02000000000a', '02:00:00:00:00:0a'],
    ['inet_proto', 'tcp', '06', 'tcp'],
    ['inet_proto', 'icmpv6', '3a', 'ipv6-icmp'],
    ['inet_proto', 200, 'c8', 200],
    ['inet_service', 443, '01bb', 443],
    ['inet_service', '443', '01bb', 443],
    ['ether_type', 'vlan', '8100', '8021q'],
    ['icmp_type', 'echo-request', '08', 'echo-request'],
    ['tcp_flag', 'syn,ack', '12', 'syn,ack'],
    ['pkt_type', 'unicast', '00', 'host'],
    ['dscp', 'ef', '2e', 'ef'],
    ['ifname', 'eth0', `65746830${'00'.repeat(12)}`, 'eth0'],
    ['ifname', 'a\\*', `612a${'00'.repeat(14)}`, 'a\\*'],
  ] as const;
  for (const [name, value, bytes, printed] of rows)
    it(`converts ${value} of ${name}`, () => {
      const type = dataType(name);
      expect(hex(type.parse(value, 'x'))).to.equal(bytes);
      expect(type.print(Buffer.from(bytes, 'hex'))).to.equal(printed);
    });

  // nft's own numbers are those of a little-endian machine here.
  const hostRows = [
    ['mark', '0x10', '10000000', 16],
    ['ct_state', 'related|established', '06000000', 'established,related'],
    ['ct_state', 'new', '08000000', 'new'],
    ['ct_status', 'dnat', '20000000', 'dnat'],
    ['iface_index', 'lo', '01000000', 'lo'],
    ['classid', '1:10', '10000100', '1:10'],
    ['classid', 'none', '00000000', 'none'],
    ['classid', 'root', 'ffffffff', 'root'],
    ['iface_type', 'loopback', '0403', 'loopback'],
    ['uid', 1000, 'e8030000', 1000],
  ] as const;
  for (const [name, value, bytes, printed] of hostRows)
    it(`converts ${value} of ${name} in the order of the machine`, () => {
      const type = dataType(name);
      const expected = Buffer.from(bytes, 'hex');
      if (!hostIsLittleEndian) expected.reverse();
      expect(hex(type.parse(value, 'x'))).to.equal(hex(expected));
      expect(type.print(expected)).to.equal(printed);
    });

  const wrong = [
    ['ipv4_addr', 'fe80::1', "x: expected an IPv4 address, not 'fe80::1'"],
    ['ipv4_addr', 7, 'x: expected an IPv4 address, not 7'],
    ['inet_service', 65_536, 'x: expected an integer from 0 to 65535, not 65536'],
    ['inet_service', -1, 'x: expected an integer from 0 to 65535, not -1'],
    ['ct_dir', 'orginal', "x: expected 'original', 'reply' or an integer from 0 to 255, not 'orginal'; did you mean original?"],
    ['icmp_type', 'echo', "x: expected a known name or an integer from 0 to 255, not 'echo'"],
    ['iface_index', 'eth0', "x: expected 'lo' or an index, not 'eth0'; the kernel stores the index, and iifname or oifname match a name"],
    ['ifname', 'a-very-long-name-x', "x: expected a name of 1 to 15 bytes, not 'a-very-long-name-x'"],
    ['classid', '1', "x: expected a handle such as '1:10', 'none' or 'root', not '1'"],
  ] as const;
  for (const [name, value, text] of wrong)
    it(`rejects ${value} as ${name}`, () => {
      expect(failure(() => dataType(name).parse(value, 'x'))).to.equal(text);
    });

  it('finds each type by its number', () => {
    for (const type of dataTypes()) expect(dataTypeOf(type.number)).to.equal(type);
  });

  it('suggests the name of a type', () => {
    expect(failure(() => parseDataType('ipv4_adr', 'type'))).to.equal(
      "type: 'ipv4_adr' is not a data type of nftables; did you mean ipv4_addr?",
    );
  });
});

describe('intervals of nftables', () => {
  const rows = [
    ['ipv4_addr', '10.0.0.0/8', '0a000000', '0affffff', '10.0.0.0/8'],
    ['ipv4_addr', '10.0.0.0/32', '0a000000', '0a000000', '10.0.0.0'],
    ['ipv4_addr', '0.0.0.0/0', '00000000', 'ffffffff', '0.0.0.0/0'],
    ['ipv4_addr', '10.0.0.1-10.0.0.9', '0a000001', '0a000009', '10.0.0.1-10.0.0.9'],
    ['ipv4_addr', { prefix: { addr: '10.0.0.0', len: 9 } }, '0a000000', '0a7fffff', '10.0.0.0/9'],
    ['inet_service', '1024-2048', '0400', '0800', '1024-2048'],
    ['inet_service', { range: [1, 2] }, '0001', '0002', '1-2'],
    ['icmp_type', 'echo-reply', '00', '00', 'echo-reply'],
    ['icmp_type', 'echo-reply-echo-request', '00', '08', 'echo-reply-echo-request'],
    ['ifname', 'b*', `62${'00'.repeat(15)}`, `62${'ff'.repeat(15)}`, 'b*'],
    ['ifname', 'b-1', `622d31${'00'.repeat(13)}`, `622d31${'00'.repeat(13)}`, 'b-1'],
  ] as const;
  for (const [name, value, from, to, printed] of rows)
    it(`converts ${JSON.stringify(value)} of ${name}`, () => {
      const interval = parseInterval(dataType(name), value, 'x');
      expect([hex(interval.from), hex(interval.to)]).to.deep.equal([from, to]);
      expect(printInterval(dataType(name), interval)).to.equal(printed);
    });

  const wrong = [
    ['ipv4_addr', '10.0.0.1/8', "x: '10.0.0.1/8' has host bits; the network is '10.0.0.0/8'"],
    ['ipv4_addr', '10.0.0.0/33', 'x: expected a prefix length from 0 to 32, not 33'],
    ['ipv4_addr', '10.0.0.9-10.0.0.1', 'x: the first value, 10.0.0.9, is over the last one, 10.0.0.1'],
    ['inet_service', '5-1', 'x: the first value, 5, is over the last one, 1'],
    ['inet_service', { range: [1] }, 'x.range: expected a first and a last value, not array'],
    ['inet_service', { range: [1, 'a'] }, "x.range[1]: expected an integer from 0 to 65535, not 'a'"],
    ['ipv4_addr', { prefix: { addr: '10.0.0.0' } }, 'x.prefix.len: expected a prefix length, not undefined'],
    ['ifname', { prefix: { addr: 'a', len: 8 } }, 'x.prefix: a value of the type ifname has no prefix'],
  ] as const;
  for (const [name, value, text] of wrong)
    it(`rejects ${JSON.stringify(value)} as ${name}`, () => {
      expect(failure(() => parseInterval(dataType(name), value, 'x'))).to.equal(text);
    });
});

describe('keys of nftables', () => {
  const types = [dataType('ipv4_addr'), dataType('inet_service')];

  it('numbers a concatenation with the first field in the highest bits', () => {
    expect(keyNumber(types)).to.equal(461);
    expect(keyTypesOf(461, dataTypeOf)).to.deep.equal(types);
    expect(keyTypesOf(4, dataTypeOf)).to.equal(undefined);
    expect(keyBytes(types)).to.equal(8);
  });

  it('pads each field to 4 bytes', () => {
    for (const value of ['10.0.0.0/8 . 1-1024', ['10.0.0.0/8', '1-1024'], { concat: ['10.0.0.0/8', { range: [1, 1024] }] }]) {
      const key = parseKey(types, value, 'x');
      expect([hex(key.from), hex(key.to)]).to.deep.equal(['0a00000000010000', '0affffff04000000']);
      expect(printKey(types, key)).to.equal('10.0.0.0/8 . 1-1024');
    }
  });

  it('names the field that is wrong', () => {
    expect(failure(() => parseKey(types, '10.0.0.1 . x', 'elements[0]'))).to.match(/^elements\[0\]\[1\]: expected an integer/);
    expect(failure(() => parseKey(types, '10.0.0.1', 'x'))).to.equal('x: expected 2 fields (ipv4_addr . inet_service), got 1');
    expect(failure(() => parseKey(types, 7, 'x'))).to.equal("x: expected 2 fields such as 'a . b', not 7");
  });

  it('converts the fields in host order for a set of intervals', () => {
    const mixed = [dataType('mark'), dataType('inet_service'), dataType('ifname')];
    const { from } = parseKey(mixed, '1 . 2 . ab', 'x');
    expect(hex(keyInNetworkOrder(mixed, from))).to.equal(`00000001000200006162${'00'.repeat(14)}`);
    expect(hex(keyInNetworkOrder([dataType('mark')], dataType('mark').parse(1, 'x')))).to.equal('00000001');
    expect(hex(keyInNetworkOrder([dataType('ifname')], dataType('ifname').parse('ab', 'x')))).to.equal(`6162${'00'.repeat(14)}`);
  });
});

describe('verdicts of nftables', () => {
  const rows = [
    ['accept', { code: 'accept' }, 'accept'],
    [{ drop: null }, { code: 'drop' }, 'drop'],
    [{ jump: 'c' }, { code: 'jump', chain: 'c' }, { jump: 'c' }],
    [{ goto: { target: 'c' } }, { code: 'goto', chain: 'c' }, { goto: 'c' }],
  ] as const;
  for (const [value, attributes, printed] of rows)
    it(`converts ${JSON.stringify(value)}`, () => {
      expect(parseVerdict(value, 'x')).to.deep.equal(attributes);
      expect(printVerdict(attributes)).to.deep.equal(printed);
    });

  it('rejects other values', () => {
    expect(failure(() => parseVerdict('acept', 'x'))).to.match(/^x: expected 'accept', .* not 'acept'; did you mean accept\?$/);
    expect(failure(() => parseVerdict({ jump: 7 }, 'x'))).to.equal('x.jump: expected the name of a chain, not 7');
  });
});
