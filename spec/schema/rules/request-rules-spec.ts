import { expect } from 'chai';
import { operationCodec, type AttributeSchema, type FamilySchema, type OperationMode } from '../../../lib/schema/index.js';
import { host } from '../../support/host-order.js';
import { attribute, family, tlv } from '../schemas.js';

const af: AttributeSchema = attribute(1, 'af', { type: 'u16' });
const attributes: readonly AttributeSchema[] = [
  attribute(1, 'server', { type: 'nest', set: 'server' }),
  attribute(2, 'note', { type: 'u32' }),
];
const sample: FamilySchema = family(attributes, {
  structs: [
    {
      name: 'bits',
      size: 4,
      members: [{ name: 'on', property: 'on', type: 'u32', offset: 0, size: 4, checks: { flagsMask: 3 } }],
    },
  ],
  sets: [
    {
      name: 'server',
      attributes: [
        af,
        attribute(2, 'addr', { type: 'binary', address: { family: 'af', width: 16 } }),
        attribute(3, 'mark', { type: 'u32', excludes: ['addr'] }),
        attribute(4, 'mask', { type: 'u32', hint: 'netmask', address: { family: 'af' } }),
        attribute(5, 'bits', { type: 'binary', struct: 'bits' }),
      ],
    },
  ],
  operations: [
    {
      name: 'get',
      set: 'top',
      do: { request: 1, needs: [['server'], ['server', 'mark']] },
      dump: { request: 1, reply: 1, needs: [['note']] },
    },
    { name: 'set', set: 'top', do: { request: 2 } },
    { name: 'del', set: 'top', do: { request: 3 }, needsOne: { properties: ['server', 'note'], otherwise: 'deletes all' } },
  ],
});
const encode = (value: object, mode?: OperationMode, op = 'set'): number[] => Array.from(operationCodec(sample, op).encode(value, mode));
const server = (...bytes: number[]): number[] => tlv(0x8001, ...bytes);
const V4 = [192, 0, 2, 1, ...Array.from({ length: 12 }, () => 0)];
const V6 = [0x20, 1, 0xd, 0xb8, ...Array.from({ length: 11 }, () => 0), 1];

describe('rules for requests', () => {
  it('rejects two properties of which the kernel ignores one', () => {
    expect(() => encode({ server: { mark: 1, addr: '192.0.2.1' } }, 'do')).to.throw(
      'EENCODE .server.mark: the kernel ignores addr beside mark; omit one of them',
    );
    expect(() => encode({ server: { addr: '192.0.2.1', mark: 1 } }, 'do')).to.throw('EENCODE .server.mark: ');
    expect(encode({ server: { mark: 1, addr: undefined } }, 'do')).to.deep.equal(server(...tlv(3, ...host(1, 0, 0, 0))));
  });

  it('accepts both in a message of the kernel', () => {
    expect(encode({ server: { mark: 1, addr: new Uint8Array(V4) } }, 'reply')).to.deep.equal(
      server(...tlv(3, ...host(1, 0, 0, 0)), ...tlv(2, ...V4)),
    );
  });

  it('names a property that is missing, by mode', () => {
    expect(() => encode({}, 'do', 'get')).to.throw("EENCODE 'server' is missing");
    expect(() => encode({ server: {} }, 'do', 'get')).to.throw("EENCODE .server: 'mark' is missing");
    expect(() => encode({ server: { mark: undefined } }, 'do', 'get')).to.throw("EENCODE .server: 'mark' is missing");
    expect(() => encode({ server: 7 }, 'do', 'get')).to.throw('EENCODE .server: 7 is not an object');
    expect(encode({ server: { mark: 1 } }, 'do', 'get')).to.deep.equal(server(...tlv(3, ...host(1, 0, 0, 0))));
    expect(() => encode({ server: { mark: 1 } }, 'dump', 'get')).to.throw("EENCODE 'note' is missing");
    expect(encode({}, 'reply', 'get')).to.deep.equal([]);
  });

  it('names the properties of which one is missing', () => {
    const reason = "EENCODE one of 'server', 'note' is missing: without it the kernel deletes all";
    for (const request of [{}, { note: undefined }, { note: 0 }]) expect(() => encode(request, 'do', 'del')).to.throw(reason);
    expect(encode({ note: 1 }, 'do', 'del')).to.deep.equal(tlv(2, ...host(1, 0, 0, 0)));
    expect(encode({}, 'reply', 'del')).to.deep.equal([]);
  });

  it('checks the members of structs', () => {
    expect(() => encode({ server: { bits: { on: 4 } } }, 'do')).to.throw('EENCODE .server.bits.on: 4 has bits that are not in 0x3');
    expect(encode({ server: { bits: { on: 3 } } }, 'do')).to.deep.equal(server(...tlv(5, ...host(3, 0, 0, 0))));
  });
});

describe('masks of addresses', () => {
  const decoded = (...bytes: number[]): unknown =>
    (operationCodec(sample, 'set').decodePayload(Uint8Array.from(server(...bytes))) as { server: unknown }).server;

  it('are text in network order for IPv4, and set the family', () => {
    const bytes = [...tlv(4, 255, 255, 254, 0), ...tlv(1, ...host(2, 0))];
    expect(encode({ server: { mask: '255.255.254.0' } }, 'do')).to.deep.equal(server(...bytes));
    expect(decoded(...bytes)).to.deep.equal({ mask: '255.255.254.0', af: 2 });
  });

  it('are numbers in the order of the host for IPv6, and set the family', () => {
    const bytes = [...tlv(4, ...host(64, 0, 0, 0)), ...tlv(1, ...host(10, 0))];
    expect(encode({ server: { mask: 64 } }, 'do')).to.deep.equal(server(...bytes));
    expect(decoded(...bytes)).to.deep.equal({ mask: 64, af: 10 });
  });

  it('agree with the address, in either order', () => {
    expect(() => encode({ server: { mask: 64, addr: '192.0.2.1' } }, 'do')).to.throw(
      'EENCODE .server.addr: "192.0.2.1" is an IPv4 address but .server.mask has set af to 10 (AF_INET6); all addresses must be of one family',
    );
    expect(() => encode({ server: { addr: '192.0.2.1', mask: 64 } }, 'do')).to.throw(
      'EENCODE .server.mask: 64 is a prefix length of IPv6 but .server.addr has set af to 2 (AF_INET); all addresses must be of one family',
    );
    expect(() => encode({ server: { addr: '2001:db8::1', mask: '255.0.0.0' } }, 'do')).to.throw(
      'EENCODE .server.mask: "255.0.0.0" is an IPv4 address but .server.addr has set af to 10 (AF_INET6)',
    );
  });

  it('are in range', () => {
    for (const mask of [0, 129, 1.5, -1, NaN])
      expect(() => encode({ server: { mask } }, 'do'), String(mask)).to.throw(
        /is not a prefix length from 1 to 128; an IPv4 mask is text$/,
      );
    expect(() => encode({ server: { mask: '255.0.0' } }, 'do')).to.throw('EENCODE .server.mask: "255.0.0" is not an IP address');
    expect(encode({ server: { af: 10, mask: 300 } }, 'reply')).to.deep.equal(
      server(...tlv(1, ...host(10, 0)), ...tlv(4, ...host(44, 1, 0, 0))),
    );
  });

  it('have the form of an address of 16 bytes whose family follows', () => {
    const family = tlv(1, ...host(10, 0));
    expect(decoded(...tlv(2, ...V6), ...tlv(4, ...host(64, 0, 0, 0)), ...family)).to.deep.equal({ addr: '2001:db8::1', mask: 64, af: 10 });
    expect(decoded(...tlv(2, ...V6), ...tlv(4, ...host(64, 0, 0, 0)))).to.deep.equal({ addr: new Uint8Array(V6), mask: 64 });
  });
});

describe('integers of 4 or 8 bytes', () => {
  const wide = family([attribute(1, 'pn', { type: 'u32-or-u64', checks: { min: 1 } })]);
  const codec = operationCodec(wide, 'get');

  it('have the width of their type, in both directions', () => {
    for (const [value, bytes] of [
      [7, host(7, 0, 0, 0)],
      [7n, host(7, 0, 0, 0, 0, 0, 0, 0)],
      [0xffff_ffff, host(255, 255, 255, 255)],
      [0x1_0000_0000n, host(0, 0, 0, 0, 1, 0, 0, 0)],
    ] as const) {
      expect(Array.from(codec.encode({ pn: value }, 'do'))).to.deep.equal(tlv(1, ...bytes));
      for (const kind of ['compiled', 'closures'] as const)
        expect(operationCodec(wide, 'get', kind).decodePayload(Uint8Array.from(tlv(1, ...bytes)))).to.deep.equal({ pn: value });
    }
  });

  it('are in range', () => {
    for (const pn of [-1, 1.5, 0x1_0000_0000, '7', -1n, 2n ** 64n])
      expect(() => codec.encode({ pn }, 'do'), String(pn)).to.throw(/^EENCODE \.pn: .* is not a(n integer| bigint) from 0 to/);
    for (const pn of [0, 0n]) expect(() => codec.encode({ pn }, 'do')).to.throw('EENCODE .pn: 0 is out of range: at least 1');
  });
});
