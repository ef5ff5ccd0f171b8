import { expect } from 'chai';
import { operationCodec } from '../../../lib/schema/index.js';
import { hex } from '../../wire/bytes.js';
import { host } from '../../support/host-order.js';
import { tlv } from '../schemas.js';
import { both, decoded, encoded, rejection, zeros } from './coding.js';
import { STRUCTS } from './struct-samples.js';

const V4 = (...bytes: number[]): number[] => [...bytes, ...zeros(12)];
const V6 = [0x20, 1, 0xd, 0xb8, ...zeros(11), 1];

describe('addresses of 16 bytes', () => {
  const sel = (family: number, ...bytes: number[]): number[] => [...bytes, ...host(family, 0), 8, 0];

  it('have the family of a field beside or around them', () => {
    const header = [...sel(10, ...V6, ...V6), ...V4(192, 0, 2, 1), 0, 0, 1, 0, ...V4(192, 0, 2, 2), ...host(2, 0), 0, 0];
    both(
      'state',
      [
        ...header,
        ...tlv(1, ...V4(192, 0, 2, 3)),
        ...tlv(2, ...V4(192, 0, 2, 4), 0, 0, 0, 1),
        ...tlv(11, ...tlv(1, ...V4(192, 0, 2, 5))),
      ].map((byte, at, all) => nested(byte, at, all)),
      {
        sel: { daddr: '2001:db8::1', saddr: '2001:db8::1', family: 10, prefixlenD: 8 },
        id: { daddr: '192.0.2.1', spi: 256 },
        saddr: '192.0.2.2',
        family: 2,
        coaddr: '192.0.2.3',
        ids: [{ daddr: '192.0.2.4', spi: 1 }],
        inner: { coaddr: '192.0.2.5' },
      },
    );
  });

  it('have the family of a struct beside them if there is no nearer field', () => {
    both('acquire', [...V6, 0, 0, 0, 0, ...sel(10, ...V6, ...V6), ...tlv(1, ...V6)], {
      id: { daddr: '2001:db8::1', spi: 0 },
      sel: { daddr: '2001:db8::1', saddr: '2001:db8::1', family: 10, prefixlenD: 8 },
      coaddr: '2001:db8::1',
    });
  });

  it('have the family around them if their own is AF_UNSPEC', () => {
    const header = [
      ...sel(0, ...V4(10, 0, 0, 1), ...V4(10, 0, 0, 2)),
      ...V4(192, 0, 2, 1),
      0,
      0,
      1,
      0,
      ...V4(192, 0, 2, 2),
      ...host(2, 0),
      0,
      0,
    ];
    const value = {
      sel: { daddr: '10.0.0.1', saddr: '10.0.0.2', family: 0, prefixlenD: 8 },
      id: { daddr: '192.0.2.1', spi: 256 },
      saddr: '192.0.2.2',
      family: 2,
    };
    both('state', header, value);
    expect(encoded('state', value)).to.equal(hex(Uint8Array.from(header)));
    expect(rejection('state', { sel: { family: 0, daddr: '2001:db8::1/8' }, family: 2 })).to.match(/family is 2 \(AF_INET\)/);
  });

  it('are bytes if the family has no text', () => {
    const value = decoded('acquire', [...V6, 0, 0, 0, 0, ...sel(0, ...V6, ...V6), ...tlv(1, ...V6)]);
    expect([(value['id'] as Record<string, unknown>)['daddr'], value['coaddr']]).to.deep.equal([Uint8Array.from(V6), Uint8Array.from(V6)]);
    expect(decoded('context', [0, 0, 0, 0, ...tlv(1, ...V6)])['coaddr']).to.deep.equal(Uint8Array.from(V6));
  });

  it('find the family in a pick that does not show it', () => {
    const bytes = Uint8Array.from([
      ...sel(10, ...V6, ...V6),
      ...V4(192, 0, 2, 1),
      0,
      0,
      1,
      0,
      ...V4(192, 0, 2, 2),
      ...host(2, 0),
      0,
      0,
      ...tlv(1, ...V4(192, 0, 2, 3)),
    ]);
    for (const kind of ['closures', 'compiled'] as const) {
      expect(operationCodec(STRUCTS, 'state', kind).pick(['coaddr']).decodePayload(bytes)).to.deep.equal({ coaddr: '192.0.2.3' });
      expect(operationCodec(STRUCTS, 'state', kind).pick(['saddr']).decodePayload(bytes)).to.deep.equal({ saddr: '192.0.2.2' });
    }
  });

  it('set the family that a request omits, and the prefix length', () => {
    const value = { sel: { daddr: '10.0.0.0/8' }, id: { daddr: '192.0.2.1' }, coaddr: '192.0.2.3' };
    expect(decoded('state', Array.from(operationCodec(STRUCTS, 'state').encode(value, 'do')))).to.deep.include({
      sel: { daddr: '10.0.0.0', saddr: '0.0.0.0', family: 2, prefixlenD: 8 },
      id: { daddr: '192.0.2.1', spi: 0 },
      family: 2,
      coaddr: '192.0.2.3',
    });
    expect(
      decoded('state', Array.from(operationCodec(STRUCTS, 'state').encode({ sel: { daddr: '2001:db8::1' } }, 'do')))['sel'],
    ).to.deep.include({ family: 10, prefixlenD: 128 });
  });

  it('must be of the family of the request', () => {
    expect(rejection('state', { id: { daddr: '192.0.2.1' }, saddr: '2001:db8::1' })).to.match(
      /\.saddr: "2001:db8::1" is an IPv6 address but \.id\.daddr has set family to 2 \(AF_INET\)/,
    );
    expect(rejection('state', { family: 10, saddr: '192.0.2.1' })).to.match(/family is 10 \(AF_INET6\)/);
    expect(rejection('state', { family: 0, saddr: '192.0.2.1' })).to.match(/family is 0 \(a family without text; pass its bytes\)/);
    expect(rejection('acquire', { sel: { family: 10 }, coaddr: '192.0.2.1' })).to.match(/the family of the message is 10/);
    expect(rejection('state', { saddr: '02:00:00:00:00:01' })).to.match(/expected an IPv4 or IPv6 address/);
    expect(rejection('state', { saddr: new Uint8Array(5) })).to.match(/4 or 16 bytes, got 5/);
    expect(encoded('acquire', { coaddr: Uint8Array.of(1, 2, 3, 4) })).to.include(hex(Uint8Array.from(tlv(1, ...V4(1, 2, 3, 4)))));
  });
});

/** Sets the flag NESTED in the type of the attribute 11, which is the only one with this number. */
function nested(byte: number, at: number, all: readonly number[]): number {
  const low = host(11, 0)[0] === 11;
  const isType = low ? all[at - 1] === 11 && at % 4 === 3 : byte === 0 && all[at + 1] === 11 && at % 4 === 2;
  return isType ? 0x80 : byte;
}
