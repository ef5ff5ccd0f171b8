import { expect } from 'chai';
import { EncodeError } from '../../../lib/errors/index.js';
import { operationCodec, type AttributeSchema } from '../../../lib/schema/index.js';
import { attribute, family, tlv } from '../schemas.js';

const u8 = { type: 'u8' } as const;
const attributes: readonly AttributeSchema[] = [
  attribute(1, 'cidr', { ...u8, ignored: [{ beside: ['to', 'ip.v6'] }] }),
  attribute(2, 'to', u8),
  attribute(3, 'ip', { type: 'nest', set: 'address' }),
  attribute(4, 'port', { ...u8, ignored: [{ when: { property: 'proto', except: [6, 17] }, notZero: true }] }),
  attribute(5, 'proto', u8),
  attribute(6, 'flags', { ...u8, ignored: [{ bits: 3, without: ['iface'] }] }),
  attribute(7, 'iface', u8),
  attribute(8, 'family', { ...u8, ignored: [{ when: { property: 'kind', values: ['port', 9] }, beside: ['to'] }] }),
  attribute(9, 'kind', { type: 'string' }),
  attribute(10, 'entries', { type: 'nest', set: 'entry', multi: true }),
  attribute(11, 'entry', { type: 'nest', set: 'entry' }),
];
const schema = family(attributes, {
  sets: [
    { name: 'address', attributes: [attribute(1, 'v6', u8)] },
    { name: 'entry', attributes: [attribute(1, 'line', { ...u8, default: 'position' })] },
  ],
});
const codec = operationCodec(schema, 'get');

describe('values that the kernel would ignore', () => {
  const rejected: readonly (readonly [string, object, string, string])[] = [
    ['beside another', { cidr: 8, to: 1 }, '.cidr', '8 has no effect: the kernel ignores this beside to; omit it'],
    ['beside one in a nest', { ip: { v6: 1 }, cidr: 8 }, '.cidr', 'the kernel ignores this beside ip.v6'],
    ['if another is not among numbers', { port: 80, proto: 47 }, '.port', 'the kernel ignores this if proto is 47'],
    ['bits without another', { flags: 6 }, '.flags', 'the kernel ignores the bits 0x2 without iface'],
    ['if all conditions apply', { family: 2, kind: 'port', to: 0 }, '.family', 'the kernel ignores this beside to if kind is "port"'],
  ];
  for (const [title, value, path, text] of rejected) {
    it(`are an EncodeError: ${title}`, () => {
      expect(() => codec.encode(value, 'do'))
        .to.throw(EncodeError, text)
        .with.property('path', path);
      expect(codec.encode(value, 'reply').length, 'messages of the kernel are not checked').to.be.greaterThan(0);
    });
  }

  it('are encoded otherwise', () => {
    for (const value of [
      { cidr: 8, ip: {} },
      { port: 0, proto: 47 },
      { port: 80, proto: 17 },
      { port: 80 },
      { flags: 4 },
      { flags: 2, iface: 1 },
      { family: 2, kind: 'port' },
      { family: 2, kind: 'hash', to: 1 },
    ]) {
      expect(() => codec.encode(value, 'do'), JSON.stringify(value)).to.not.throw();
    }
  });
});

describe('the default `position`', () => {
  it('is the position in the list, in requests that omit the attribute', () => {
    const entries = [{}, { line: 9 }, {}];
    const nest = (line: number): number[] => tlv(0x800a, ...tlv(1, line));
    expect(Array.from(codec.encode({ entries }, 'do'))).to.deep.equal([nest(1), nest(9), nest(3)].flat());
    expect(Array.from(codec.encode({ entries }, 'reply'))).to.deep.equal([tlv(0x800a), nest(9), tlv(0x800a)].flat());
  });

  it('is absent outside a list', () => {
    expect(Array.from(codec.encode({ entry: {} }, 'do'))).to.deep.equal(tlv(0x800b));
  });
});
