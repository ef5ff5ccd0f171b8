import { expect } from 'chai';
import { operationCodec } from '../../../lib/schema/index.js';
import { host } from '../../support/host-order.js';
import { attribute, family } from '../schemas.js';

/** The attributes of an ipset entry: a port, an IPv4 address in a nest, and a mark without the flag. */
const schema = family(
  [
    attribute(4, 'port', { type: 'u16', byteOrder: 'big', netByteOrder: true }),
    attribute(1, 'ip', { type: 'nest', set: 'address' }),
    attribute(10, 'mark', { type: 'u32', byteOrder: 'big' }),
    attribute(11, 'list', { type: 'u32', byteOrder: 'big', netByteOrder: true, multi: true }),
  ],
  { sets: [{ name: 'address', attributes: [attribute(1, 'ipv4', { type: 'binary', hint: 'ipv4', netByteOrder: true })] }] },
);

describe('attributes with the flag NET_BYTEORDER', () => {
  const value = { port: 80, ip: { ipv4: '192.0.2.1' }, mark: 1, list: [2, 3] };
  const bytes = [
    ...[...host(6, 0), ...host(4, 0x40), 0, 80, 0, 0],
    ...[...host(12, 0), ...host(1, 0x80), ...host(8, 0), ...host(1, 0x40), 192, 0, 2, 1],
    ...[...host(8, 0), ...host(10, 0), 0, 0, 0, 1],
    ...[...host(8, 0), ...host(11, 0x40), 0, 0, 0, 2],
    ...[...host(8, 0), ...host(11, 0x40), 0, 0, 0, 3],
  ];

  it('carry it in requests and in the messages of a fake kernel', () => {
    const codec = operationCodec(schema, 'get');
    expect(Array.from(codec.encode(value, 'do'))).to.deep.equal(bytes);
    expect(Array.from(codec.encode(value, 'reply'))).to.deep.equal(bytes);
  });

  for (const kind of ['compiled', 'closures'] as const) {
    it(`are decoded with and without it (${kind})`, () => {
      const codec = operationCodec(schema, 'get', kind);
      expect(codec.decodePayload(Uint8Array.from(bytes))).to.deep.equal(value);
      const without = Uint8Array.from([...host(6, 0), ...host(4, 0), 0, 80, 0, 0]);
      expect(codec.decodePayload(without)).to.deep.equal({ port: 80 });
    });
  }
});
