import { expect } from 'chai';
import { writeDescriptor } from '../../lib/codegen/write/write-descriptor.js';
import { read } from './specifications.js';

describe('codegen: definitions', () => {
  it('numbers enums from 0, from value-start, and after a value', () => {
    const { enums } = read(`
definitions:
  - { name: plain, type: enum, entries: [a, b] }
  - { name: late, type: enum, value-start: 3, entries: [a, { name: b, value: 4294967292 }, c] }
  - { name: none, type: enum, entries: [] }
`);
    expect(enums).to.deep.equal([
      {
        name: 'plain',
        kind: 'enum',
        entries: [
          ['a', 0],
          ['b', 1],
        ],
      },
      {
        name: 'late',
        kind: 'enum',
        entries: [
          ['a', 3],
          ['b', 4294967292],
          ['c', 4294967293],
        ],
      },
      { name: 'none', kind: 'enum', entries: [] },
    ]);
  });

  it('reads constants of any scope, because checks refer to them', () => {
    const { sets } = read(`
definitions: [{ name: max-id, type: const, value: 9, header: linux/a.h, scope: kernel }]
attribute-sets: [{ name: top, attributes: [{ name: id, type: u32, checks: { max: max-id } }] }]
`);
    expect(sets[0]!.attributes[0]!.checks).to.deep.equal({ max: 9 });
  });

  it('computes masks of flags, as bigint above bit 52', () => {
    const { enums } = read('definitions: [{ name: f, type: flags, entries: [a, { name: b, value: 31 }, { name: c, value: 63 }] }]');
    expect(enums[0]!.entries).to.deep.equal([
      ['a', 1],
      ['b', 2147483648],
      ['c', 0x8000000000000000n],
    ]);
  });

  it('computes the offsets of struct members for any order of definitions', () => {
    const { structs } = read(`
definitions:
  - name: outer
    type: struct
    members:
      - { name: kind, type: u8, enum: color }
      - { name: gap, type: pad, len: 3 }
      - { name: in-ner, type: binary, struct: inner }
      - { name: mac, type: binary, len: 6, display-hint: mac }
      - { name: counts, type: binary, len: 4, sub-type: u16, byte-order: big-endian }
      - { name: rest, type: binary, struct: inner, repeated: true }
  - { name: inner, type: struct, members: [{ name: a, type: u64, byte-order: big-endian }] }
  - { name: color, type: enum, entries: [red] }
`);
    expect(structs.map(({ name, size }) => [name, size])).to.deep.equal([
      ['outer', 22],
      ['inner', 8],
    ]);
    expect(structs[0]!.members).to.deep.equal([
      { name: 'kind', property: 'kind', type: 'u8', enum: 'color', offset: 0, size: 1 },
      { name: 'gap', property: '', type: 'pad', offset: 1, size: 3 },
      { name: 'in-ner', property: 'inNer', type: 'binary', struct: 'inner', offset: 4, size: 8 },
      { name: 'mac', property: 'mac', type: 'binary', hint: 'mac', offset: 12, size: 6 },
      { name: 'counts', property: 'counts', type: 'binary', offset: 18, size: 4, element: { type: 'u16', byteOrder: 'big' } },
      { name: 'rest', property: 'rest', type: 'binary', offset: 22, struct: 'inner', repeated: true },
    ]);
  });
});

describe('codegen: sub-messages', () => {
  const SETS = `
attribute-sets:
  - { name: top, attributes: [{ name: kind, type: string }, { name: data, type: sub-message, sub-message: msg, selector: kind }, { name: in, type: nest, nested-attributes: inner }] }
  - { name: inner, attributes: [{ name: app, type: sub-message, sub-message: msg, selector: kind }] }
definitions:
  - { name: header, type: struct, members: [{ name: limit, type: u32 }] }
`;

  it('reads formats with a set, a header, both and neither', () => {
    const { subMessages } = read(`${SETS}
sub-messages:
  - name: msg
    formats:
      - { value: set, attribute-set: inner }
      - { value: header, fixed-header: header }
      - { value: both, fixed-header: header, attribute-set: inner }
      - { value: neither }
      - { value: plain, content: { type: binary, struct: header, repeated: true } }
`);
    expect(subMessages[0]!.formats).to.deep.equal([
      { value: 'set', set: 'inner' },
      { value: 'header', fixedHeader: 'header' },
      { value: 'both', fixedHeader: 'header', set: 'inner' },
      { value: 'neither' },
      { value: 'plain', content: { type: 'binary', struct: 'header', repeated: true } },
    ]);
  });

  it('finds the selector in the same set, else in an enclosing one', () => {
    const { sets } = read(`${SETS}sub-messages: [{ name: msg, formats: [] }]`);
    expect(sets[0]!.attributes[1]!.selector).to.deep.equal({ name: 'kind', property: 'kind' });
    expect(sets[1]!.attributes[0]!.selector).to.deep.equal({ name: 'kind', property: 'kind', outer: true });
  });
});

describe('codegen: errors of a family', () => {
  it('reads names, numbers and words, and writes them into the descriptor', () => {
    const schema = read('errors: [{ name: SET_ERR_FULL, value: 4352, doc: the set is full }, { name: SET_ERR_TYPE, value: 4098 }]');
    expect(schema.errors).to.deep.equal([
      { name: 'SET_ERR_FULL', value: 4352, text: 'the set is full' },
      { name: 'SET_ERR_TYPE', value: 4098 },
    ]);
    expect(writeDescriptor(schema)).to.include("    { name: 'SET_ERR_FULL', value: 4352, text: 'the set is full' },\n");
    expect(read('')).not.to.have.property('errors');
  });

  it('reads the conditions of errors that have one number', () => {
    const operations = `
attribute-sets: [{ name: top, attributes: [{ name: set-name, type: string }] }]
operations: { list: [{ name: add, value: 16, attribute-set: top, do: { request: {} } }] }`;
    const own = (errors: string): string => `${operations}\nerrors: [${errors}]`;
    const [first, second] = read(
      own('{ name: A, value: 5000, operations: [add], with: [set-name] }, { name: B, value: 5000, without: [set-name] }'),
    ).errors!;
    expect(first).to.deep.equal({ name: 'A', value: 5000, operations: ['add'], with: ['setName'] });
    expect(second).to.deep.equal({ name: 'B', value: 5000, without: ['setName'] });
    expect(read(own('{ name: A, value: 5000, with: [set-name] }, { name: A, value: 5000, without: [set-name] }')).errors).to.have.length(2);
    const rejected: readonly (readonly [string, string])[] = [
      ['{ name: A, value: 5000, with: [set-name] }, { name: B, value: 5000 }', 'have the same number 5000'],
      ['{ name: A, value: 5000, with: [set-name] }, { name: A, value: 5001, with: [set-name] }', 'errors[A]: is listed twice'],
      ['{ name: A, value: 5000, operations: [del] }', 'the operation is not defined'],
      ['{ name: A, value: 5000, with: [name] }', "no set has the attribute 'name'"],
      ['{ name: A, value: 5000, with: [] }', 'must have a name'],
    ];
    for (const [errors, text] of rejected) expect(() => read(own(errors)), errors).to.throw(text);
  });

  it('rejects numbers of Linux, and names and numbers that are listed twice', () => {
    expect(() => read('errors: [{ name: EEXIST, value: 17 }]')).to.throw(
      'errors[EEXIST].value: 17 is out of range; expected 4096 to 2147483647',
    );
    expect(() => read('errors: [{ name: A, value: 5000 }, { name: A, value: 5001 }]')).to.throw('errors[A]: is listed twice');
    expect(() => read('errors: [{ name: A, value: 5000 }, { name: B, value: 5000 }]')).to.throw(
      "'B' and 'A' have the same number 5000; both need 'operations', 'with' or 'without'",
    );
    expect(() => read('errors: [{ name: A }]')).to.throw("'value' is missing");
    expect(() => read('errors: [{ name: A, value: 5000, text: b }]')).to.throw("'text' is not supported here");
  });
});
