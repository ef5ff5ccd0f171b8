import { expect } from 'chai';
import { read, readOne, readSet } from './specifications.js';

const DEFINITIONS = `
definitions:
  - { name: color, type: enum, entries: [red, { name: green, value: 7 }, blue] }
  - { name: bits, type: flags, entries: [a, { name: b, value: 4 }, c] }
  - { name: key-len, name-prefix: wg-, type: const, value: 32 }
  - { name: pair, type: struct, members: [{ name: first, type: u32 }, { name: second, type: u32 }] }
`;

describe('codegen: attributes', () => {
  for (const type of [
    'u8',
    'u16',
    'u32',
    'u64',
    's8',
    's16',
    's32',
    's64',
    'uint',
    'sint',
    'string',
    'flag',
    'binary',
    'bitfield32',
    'pad',
    'unused',
  ]) {
    it(`reads the type ${type}`, () => {
      expect(readOne(`type: ${type}`)).to.deep.equal({ type });
    });
  }

  const features: readonly (readonly [string, string, object])[] = [
    ['a big-endian integer', 'type: u16, byte-order: big-endian', { type: 'u16', byteOrder: 'big' }],
    ['a little-endian integer', 'type: u16, byte-order: little-endian', { type: 'u16', byteOrder: 'little' }],
    ['an enum', 'type: u32, enum: color', { type: 'u32', enum: 'color' }],
    ['an enum used as flags', 'type: u32, enum: color, enum-as-flags: true', { type: 'u32', flags: 'color' }],
    ['flags without enum-as-flags', 'type: u64, enum: bits', { type: 'u64', flags: 'bits' }],
    ['bitfield32 with an enum as flags', 'type: bitfield32, enum: color, enum-as-flags: true', { type: 'bitfield32', flags: 'color' }],
    ['a display hint', 'type: binary, display-hint: ipv4-or-v6', { type: 'binary', hint: 'ipv4-or-v6' }],
    ['the hint hex on a number', 'type: u32, display-hint: hex', { type: 'u32', hint: 'hex' }],
    ['a struct in a binary', 'type: binary, struct: pair', { type: 'binary', struct: 'pair' }],
    ['an array of scalars in a binary', 'type: binary, sub-type: s16', { type: 'binary', element: { type: 's16' } }],
    [
      'an array of scalars with hint',
      'type: binary, sub-type: u32, display-hint: hex',
      { type: 'binary', element: { type: 'u32', hint: 'hex' } },
    ],
    ['multi-attr', 'type: u32, multi-attr: true', { type: 'u32', multi: true }],
    ['a nest', 'type: nest, nested-attributes: other', { type: 'nest', set: 'other' }],
    ['a recursive nest', 'type: nest, nested-attributes: top', { type: 'nest', set: 'top' }],
    ['an ordered nest', 'type: ordered-nest, nested-attributes: other', { type: 'ordered-nest', set: 'other' }],
    [
      'an array of nests',
      'type: indexed-array, sub-type: nest, nested-attributes: other',
      { type: 'indexed-array', element: { type: 'nest', set: 'other' } },
    ],
    [
      'an array of scalars with hint and byte order',
      'type: indexed-array, sub-type: u32, byte-order: big-endian, display-hint: ipv4',
      { type: 'indexed-array', element: { type: 'u32', byteOrder: 'big', hint: 'ipv4' } },
    ],
    [
      'an array of binaries with a check',
      'type: indexed-array, sub-type: binary, display-hint: ipv6, checks: { exact-len: 16 }',
      { type: 'indexed-array', element: { type: 'binary', hint: 'ipv6', checks: { exactLength: 16 } } },
    ],
    [
      'an array of enums',
      'type: indexed-array, sub-type: u32, enum: color',
      { type: 'indexed-array', element: { type: 'u32', enum: 'color' } },
    ],
    [
      'a nest-type-value of two levels',
      'type: nest-type-value, type-value: [policy-id, attr-id], nested-attributes: other',
      { type: 'nest-type-value', typeValue: ['policyId', 'attrId'], element: { type: 'nest', set: 'other' } },
    ],
    ['type-value on a scalar', 'type: u64, type-value: [id]', { type: 'nest-type-value', typeValue: ['id'], element: { type: 'u64' } }],
    [
      'records',
      'type: records, struct: pair, length-member: first, nested-attributes: other',
      { type: 'records', struct: 'pair', lengthMember: 'first', set: 'other' },
    ],
    ['a header in front of a nest', 'type: nest, struct: pair, nested-attributes: other', { type: 'nest', set: 'other', struct: 'pair' }],
    [
      'another type when written',
      'type: binary, sub-type: u32, input: { type: nest, nested-attributes: other }',
      { type: 'binary', element: { type: 'u32' }, input: { type: 'nest', set: 'other' } },
    ],
    ['limits', 'type: u32, checks: { min: 1, max: 255 }', { type: 'u32', checks: { min: 1, max: 255 } }],
    ['limits that are names', 'type: u32, checks: { max: s32-max }', { type: 'u32', checks: { max: 2147483647 } }],
    ['limits beyond 2^53', 'type: u64, checks: { max: u64-max }', { type: 'u64', checks: { max: 18446744073709551615n } }],
    [
      'limits that are constants with a prefix',
      'type: binary, checks: { exact-len: wg-key-len }',
      { type: 'binary', checks: { exactLength: 32 } },
    ],
    ['flags-mask', 'type: u32, checks: { flags-mask: bits }', { type: 'u32', checks: { flagsMask: 1 + 16 + 32 } }],
    [
      'unterminated-ok',
      'type: string, checks: { max-len: key-len, unterminated-ok: true }',
      { type: 'string', checks: { maxLength: 32, unterminatedOk: true } },
    ],
    [
      'a binary with minimum and maximum',
      'type: binary, checks: { min-len: 4, max-len: 256 }',
      { type: 'binary', checks: { minLength: 4, maxLength: 256 } },
    ],
    ['lengths', 'type: binary, checks: { lengths: [4, 8] }', { type: 'binary', checks: { lengths: [4, 8] } }],
    ['keys that concern C only', 'type: u32, doc: prose, name-prefix: x-, enum-name: y, c-anything: 1', { type: 'u32' }],
  ];
  for (const [what, yaml, expected] of features) {
    it(`reads ${what}`, () => {
      expect(readOne(yaml, DEFINITIONS)).to.deep.equal(expected);
    });
  }

  it('numbers attributes from 1 and after a value, including pads and unused ones', () => {
    const { attributes } = readSet([
      '{ name: a, type: u8 }',
      '{ name: p, type: pad }',
      '{ name: b, type: u8, value: 9 }',
      '{ name: c, type: u8 }',
      '{ name: z, type: unused, value: 0 }',
    ]);
    expect(attributes.map(({ name, id }) => [name, id])).to.deep.equal([
      ['a', 1],
      ['p', 2],
      ['b', 9],
      ['c', 10],
      ['z', 0],
    ]);
  });

  it('derives properties from names with special characters', () => {
    const names = ['net-ns-pid', 'labels mask', 'input_xfrm', '4addr', '6rd-prefix', 'def-DP', 'DPs', 'Wlog'];
    const { attributes } = readSet(names.map((name) => `{ name: '${name}', type: u8 }`));
    expect(attributes.map(({ property }) => property)).to.deep.equal([
      'netNsPid',
      'labelsMask',
      'inputXfrm',
      '4addr',
      '6rdPrefix',
      'defDP',
      'dps',
      'wlog',
    ]);
  });

  it('accepts a duplicate name in a subset', () => {
    const { attributes } = readSet([
      '{ name: unspec, type: unused, value: 0 }',
      '{ name: unspec, type: unused, value: 0 }',
      '{ name: a, type: u8 }',
    ]);
    expect(attributes.map(({ name, id }) => [name, id])).to.deep.equal([
      ['unspec', 0],
      ['unspec', 0],
      ['a', 1],
    ]);
  });

  it('completes subsets, including their overrides', () => {
    const { sets } = read(`
attribute-sets:
  - name: part
    subset-of: whole
    attributes: [{ name: b, display-hint: ipv6 }, { name: b }, { name: c, type: u32 }]
  - name: whole
    attributes: [{ name: a, type: u8 }, { name: b, type: binary, display-hint: ipv4 }, { name: c, type: u16 }]
  - name: top
    attributes: []
`);
    expect(sets[0]).to.deep.equal({
      name: 'part',
      subsetOf: 'whole',
      attributes: [
        { name: 'b', property: 'b', id: 2, type: 'binary', hint: 'ipv6' },
        { name: 'c', property: 'c', id: 3, type: 'u32' },
      ],
    });
    expect(sets[2]).to.deep.equal({ name: 'top', attributes: [] });
  });

  it('reads the cases in which the kernel ignores an attribute', () => {
    const [, attribute] = readSet([
      '{ name: to-ip, type: nest, nested-attributes: other }',
      '{ name: a, type: u8, ignored: [{ beside: [to-ip.to-ip] }, { attribute: to-ip, values: [x, 2], not-zero: true }, { bits: 3, without: [a] }] }',
    ]).attributes;
    expect(attribute)
      .to.have.property('ignored')
      .that.deep.equals([
        { beside: ['toIp.toIp'] },
        { when: { property: 'toIp', values: ['x', 2] }, notZero: true },
        { without: ['a'], bits: 3 },
      ]);
    const rejected: readonly (readonly [string, string])[] = [
      ['[]', 'must hold at least one case'],
      ['[{ bits: 1 }]', "needs 'beside', 'without' or 'attribute'"],
      ['[{ attribute: it }]', "needs either 'values' or 'except'"],
      ['[{ attribute: it, values: [1], except: [2] }]', "needs either 'values' or 'except'"],
      ['[{ beside: [b] }]', "'ignored' of 'it' refers to 'b', which is not in the set"],
      ['[{ beside: [it], text: b }]', "'text' is not supported here"],
    ];
    for (const [ignored, text] of rejected) expect(() => readOne(`type: u8, ignored: ${ignored}`), ignored).to.throw(text);
  });

  it('reads the default of a position in a list', () => {
    expect(readOne('type: u32, default: position')).to.have.property('default', 'position');
    expect(() => readOne('type: u32, default: place')).to.throw();
    expect(() => readOne('type: string, default: position')).to.throw("only an integer can have 'default' and 'only'");
  });

  it('reads net-byteorder: scalars are big-endian, binaries and strings have the flag only', () => {
    expect(readOne('type: u16, net-byteorder: true')).to.deep.equal({ type: 'u16', byteOrder: 'big', netByteOrder: true });
    expect(readOne('type: u32, byte-order: big-endian, net-byteorder: true')).to.have.property('netByteOrder', true);
    expect(readOne('type: binary, display-hint: ipv4, net-byteorder: true')).to.deep.equal({
      type: 'binary',
      hint: 'ipv4',
      netByteOrder: true,
    });
    expect(readOne('type: u16, net-byteorder: false')).to.deep.equal({ type: 'u16' });
    expect(() => readOne('type: u16, byte-order: little-endian, net-byteorder: true')).to.throw("'net-byteorder' needs big-endian");
    expect(() => readOne('type: nest, nested-attributes: other, net-byteorder: true')).to.throw(
      "'net-byteorder' on type 'nest' is not supported",
    );
  });
});
