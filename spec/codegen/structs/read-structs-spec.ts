import { expect } from 'chai';
import { writeFamily } from '../../../lib/codegen/write/write-family.js';
import { read, readOne } from '../specifications.js';

/** Returns the struct with these members, one flow mapping in each line. */
const struct = (lines: readonly string[], more = '', rest = '') =>
  read(`definitions:\n  - name: it\n    type: struct\n${more}    members:\n${lines.map((line) => `      - ${line}`).join('\n')}\n${rest}`)
    .structs[0]!;

const UNION = `
  - { name: kind, type: enum, entries: [one, two, three] }
  - { name: a, type: struct, members: [{ name: x, type: u32 }] }
sub-messages:
  - name: data
    formats: [{ value: one, fixed-header: a }, { value: two, content: { type: u16 } }]
`;

describe('codegen: structs', () => {
  it('reads the member with the size of the last one', () => {
    const { size, members } = struct(['{ name: my-len, type: u16 }', '{ name: text, type: string, length-member: my-len }']);
    expect([size, members[1]]).to.deep.equal([2, { name: 'text', property: 'text', type: 'string', offset: 2, lengthMember: 'my-len' }]);
    const bits = struct(['{ name: n, type: u32 }', '{ name: key, type: binary, length-member: n, length-unit: bits }']);
    expect(bits.members[1]).to.include({ lengthMember: 'n', lengthUnit: 'bits' });
  });

  it('reads structs that grow', () => {
    expect(struct(['{ name: a, type: u8 }'], '    grows: true\n')).to.include({ grows: true, size: 1 });
  });

  it('reads unions', () => {
    const { size, members } = struct(
      [
        '{ name: which, type: u8, enum: kind }',
        '{ name: value, type: sub-message, sub-message: data, selector: which, len: 6 }',
        '{ name: z, type: u8 }',
      ],
      '',
      UNION,
    );
    expect(size).to.equal(8);
    expect(members[1]).to.deep.equal({
      name: 'value',
      property: 'value',
      type: 'sub-message',
      offset: 1,
      size: 6,
      subMessage: 'data',
      selector: { name: 'which', property: 'which' },
    });
  });

  it('reads addresses of 16 bytes', () => {
    const { members } = struct([
      '{ name: my-addr, type: binary, len: 16, address: { family: [my-fam, in-it.my-fam] } }',
      '{ name: my-fam, type: u16 }',
      '{ name: in-it, type: u8 }',
    ]);
    expect(members[0]!.address).to.deep.equal({ family: 'myFam', width: 16, elsewhere: [['inIt', 'myFam']] });
    const rest = 'definitions: [{ name: h, type: struct, members: [{ name: fam, type: u8 }] }]';
    expect(readOne('type: binary, len: 16, address: { family: fam }', rest)).to.deep.equal({
      type: 'binary',
      address: { family: 'fam', width: 16 },
    });
  });

  for (const [fault, lines, message, rest] of [
    [
      'a member after one of variable size',
      ['{ name: a, type: string }', '{ name: b, type: u8 }'],
      /members\[b\]: follows a member of variable size/,
    ],
    [
      'a length that is not before it',
      ['{ name: a, type: string, length-member: b }'],
      /no member before this one is an unsigned integer 'b'/,
    ],
    [
      'a length that is not an integer',
      ['{ name: b, type: binary, len: 2 }', '{ name: a, type: string, length-member: b }'],
      /unsigned integer 'b'/,
    ],
    ['a fixed size with a length', ['{ name: b, type: u8 }', '{ name: a, type: string, len: 4, length-member: b }'], /has a fixed size/],
    ['a unit without a length', ['{ name: a, type: binary, length-unit: bits }'], /needs 'length-member'/],
    [
      'elements of bytes',
      ['{ name: b, type: u8 }', '{ name: a, type: binary, length-member: b, length-unit: elements }'],
      /has no elements/,
    ],
    [
      'a union without its selector',
      ['{ name: v, type: sub-message, sub-message: data, selector: w, len: 4 }'],
      /it\].members\[v\]: no member of the struct is a string or an integer 'w'/,
      UNION,
    ],
    [
      'a union that is too small',
      ['{ name: w, type: u8, enum: kind }', '{ name: v, type: sub-message, sub-message: data, selector: w, len: 3 }'],
      /'one' has 4 bytes, the union 3/,
      UNION,
    ],
    [
      'a union whose values are not numbers',
      ['{ name: w, type: u8 }', '{ name: v, type: sub-message, sub-message: data, selector: w, len: 4 }'],
      /'one' is not a number/,
      UNION,
    ],
    [
      'an unknown sub-message',
      ['{ name: w, type: u8 }', '{ name: v, type: sub-message, sub-message: dat, selector: w, len: 4 }'],
      /no sub-message 'dat' is defined/,
      UNION,
    ],
    [
      'an address of 16 bytes without a family',
      ['{ name: a, type: binary, len: 16, address: { prefix: b } }', '{ name: b, type: u8 }'],
      /needs 'family'/,
    ],
    [
      'a path that no struct has',
      ['{ name: a, type: binary, len: 16, address: { family: [b, c.b] } }', '{ name: b, type: u8 }'],
      /has the field 'c'/,
    ],
    [
      'several fields for other addresses',
      ['{ name: a, type: binary, len: 4, display-hint: ipv4, address: { family: [b, c.b] } }', '{ name: b, type: u8 }'],
      /only an address of 16 bytes/,
    ],
    [
      'a struct of variable size in another',
      ['{ name: a, type: binary, struct: open }'],
      /cannot be a member/,
      '\n  - { name: open, type: struct, members: [{ name: rest, type: binary }] }',
    ],
  ] as const) {
    it(`rejects ${fault}`, () => {
      expect(() => struct(lines, '', rest)).to.throw(message);
    });
  }

  it('rejects a struct that grows with a member of variable size, and attributes after a header that takes the rest', () => {
    expect(() => struct(['{ name: a, type: binary }'], '    grows: true\n')).to.throw(/cannot have a member of variable size/);
    const operations = 'operations: { list: [{ name: get, attribute-set: top, fixed-header: it, do: { request: {} } }] }';
    expect(() => struct(['{ name: a, type: binary }'], '', operations)).to.throw(/operations\[get\]: 'it' takes the rest of the message/);
  });

  it('writes the types: unions by their selector, optional members, addresses', () => {
    const text = writeFamily(
      read(`definitions:
  - name: it
    type: struct
    members:
      - { name: which, type: u8, enum: kind }
      - { name: value, type: sub-message, sub-message: data, selector: which, len: 6 }
      - { name: addr, type: binary, len: 16, address: { family: fam } }
      - { name: fam, type: u8 }
  - { name: info, type: struct, grows: true, minimum: 1, members: [{ name: a, type: u8 }, { name: b, type: u8 }] }
${UNION}`),
      'sample.yaml',
    );
    expect(text).to.include(
      "export type It = ItFields & (\n  | { readonly which: 'one'; readonly value: A }\n  | { readonly which: 'two'; readonly value: number }\n  | { readonly which: Exclude<Kind, 'one' | 'two'>; readonly value: Uint8Array }\n);",
    );
    expect(text).to.include("export type ItInput = ItInputFields & (\n  | { readonly which?: 'one'; readonly value?: Partial<A> }");
    expect(text).to.include('export interface Info {\n  readonly a: number;\n  readonly b?: number;\n}');
    expect(text).to.include(
      '/** An IPv4 or IPv6 address; of the family in `fam`; for another family its 16 bytes. */\n  readonly addr: string | Uint8Array;',
    );
    expect(text).to.include('/** An IPv4 or IPv6 address; of the family in `fam`. */\n  readonly addr?: AddressInput;');
  });
});
