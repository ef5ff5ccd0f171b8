import { expect } from 'chai';
import { findSharedNames } from '../../../lib/codegen/report-shared-names.js';
import { SpecError } from '../../../lib/codegen/spec-error.js';
import { writeFamily } from '../../../lib/codegen/write/write-family.js';
import { read, specification } from '../specifications.js';
import { SHAPES } from './shapes.js';

describe('codegen: shapes', () => {
  it('reads the header and the set of each direction', () => {
    const inet = { set: 'details', fixedHeader: 'row', when: { property: 'family', requestProperty: 'qFamily', values: [2, 10] } };
    const question = { set: 'filter', fixedHeader: 'question' };
    const other = { set: 'details', fixedHeader: 'other-row', when: { property: 'family', values: [1] } };
    expect(read(SHAPES).operations).to.deep.equal([
      {
        name: 'inet',
        ...inet,
        do: { request: 20, reply: 20, replySure: true, input: question },
        dump: { request: 20, reply: 20, input: question },
      },
      { name: 'other', ...other, dump: { request: 20, reply: 20, input: { fixedHeader: 'other-row' } } },
      {
        name: 'lookup',
        set: 'details',
        fixedHeader: 'row',
        do: { request: 22, reply: 22, replySure: true, input: { fixedHeader: 'key' } },
        dump: { request: 22, reply: 22, input: { set: 'filter' } },
      },
      { name: 'status', set: 'details', fixedHeader: 'row', do: { request: 24, reply: 24, replySure: true, input: {} } },
      { name: 'inet-gone', ...inet, notify: 'inet', command: 20, groups: ['gone'] },
      { name: 'other-gone', ...other, notify: 'other', command: 20, groups: ['gone'] },
    ]);
  });

  it('reads the numbers of arrays and attributes that a request omits, and those that it may have', () => {
    const text = SHAPES.replace('{ name: id, type: u32 }', '{ name: id, type: binary, sub-type: u32, len: 8, default: [1, 2] }')
      .replace('{ name: scope, type: u32 }', '{ name: scope, type: u32, default: 7, only: [7, 8] }')
      .replace('default: 6 }', 'default: 6, only: [6, 17] }');
    const { structs, sets } = read(text);
    expect(structs[3]!.members[0]).to.deep.include({ default: [1, 2] });
    expect(structs[0]!.members[1]).to.deep.include({ default: 6, only: [6, 17] });
    expect(sets[0]!.attributes[1]).to.deep.include({ default: 7, only: [7, 8] });
  });

  it('reads the attributes that exclude others, and those that a request needs', () => {
    const text = SHAPES.replace('{ name: scope, type: u32 }', '{ name: scope, type: u32, excludes: [code] }').replace(
      'dump: { request: { attribute-set: filter }',
      'dump: { request: { attribute-set: filter, needs: [scope] }',
    );
    const one = '    - name: lookup\n      needs-one: { of: [id], otherwise: finds all }\n';
    const { operations, sets } = read(text.replace('    - name: lookup\n', one));
    expect(operations.find(({ name }) => name === 'lookup')).to.deep.include({ needsOne: { properties: ['id'], otherwise: 'finds all' } });
    expect(sets[0]!.attributes[1]).to.deep.include({ excludes: ['code'] });
    expect(operations.find(({ name }) => name === 'lookup')!.dump).to.deep.include({ needs: [['scope']] });
  });

  it('reads the defaults of members', () => {
    const { members } = read(SHAPES).structs[0]!;
    expect(members.map(({ name, default: value }) => [name, value])).to.deep.equal([
      ['q-family', undefined],
      ['q-protocol', 6],
      ['fill', undefined],
      ['q-states', 4095],
    ]);
  });

  it('writes a request type for each mode if they differ, and the values of the field that identifies the operation', () => {
    const text = writeFamily(read(SHAPES), 'shapes.yaml');
    const types = [...text.matchAll(/^export type (\w+) = (.*);$/gm)].map(([, name, type]) => `${name} = ${type}`);
    expect(types).to.deep.equal([
      'InetRequest = Partial<Question> & FilterAttributes & { readonly qFamily?: 2 | 10 }',
      'InetReply = Row & DetailsAttributes & { readonly family: 2 | 10 }',
      'OtherRequest = Partial<OtherRow> & WithUnknown & { readonly family?: 1 }',
      'OtherReply = OtherRow & DetailsAttributes & { readonly family: 1 }',
      'LookupRequest = Partial<Key> & WithUnknown',
      'LookupDumpRequest = FilterAttributes',
      'LookupReply = Row & DetailsAttributes',
      'StatusRequest = WithUnknown',
      'StatusReply = Row & DetailsAttributes',
    ]);
    expect(text).to.contain('lookup: { request: LookupRequest; reply: LookupReply };');
    expect(text).to.contain('lookup: { request: LookupDumpRequest; reply: LookupReply };');
    expect(text).to.contain("'inet-gone': InetReply;");
    expect(text).to.match(/In requests 4095 if it is omitted\. \*\/\n +readonly qStates/);
  });

  it('finds the names that header and set of a request share', () => {
    const shared = SHAPES.replace('{ name: scope, type: u32 }', '{ name: q-states, type: u32 }');
    expect(findSharedNames(read(shared))).to.deep.equal([
      { struct: 'question', set: 'filter', property: 'qStates', types: ['u32', 'u32'] },
    ]);
  });

  it('checks the attributes that a direction lists against the set of that direction', () => {
    const notes: string[] = [];
    read(SHAPES.replace('attributes: [code]', 'attributes: [code, cong]'), notes);
    expect(notes).to.deep.equal([
      `sample.yaml: operations.list[inet].dump.request.attributes[cong]: neither 'filter' nor the header has it`,
    ]);
  });

  const faults: readonly (readonly [string, string, string, string])[] = [
    ['a header that is not defined', 'fixed-header: key', 'fixed-header: lock', "no struct 'lock' is defined"],
    [
      'replies of two shapes',
      'dump: { request: { attribute-set: filter }, reply: { fixed-header: row',
      'dump: { reply: { fixed-header: key',
      'different headers or sets',
    ],
    ['a field that the header lacks', 'request-member: q-family', 'request-member: family', "the header has no integer 'family'"],
    ['no value', 'values: [1]', 'values: []', 'must have a value'],
    ['a second condition', 'notify: inet,', 'notify: inet, when: { member: family, values: [2] },', "has the 'when' of its operation"],
    [
      'variants',
      '      fixed-header: other-row\n',
      '      fixed-header: other-row\n      variants: [{ member: family, value: 1, attribute-set: filter }]\n',
      "'variants' needs",
    ],
    ['a default of bytes', '{ name: id, type: u32 }', '{ name: id, type: binary, len: 4, default: 1 }', 'only integers'],
    [
      'an array with another number of defaults',
      '{ name: id, type: u32 }',
      '{ name: id, type: binary, sub-type: u32, len: 8, default: [1] }',
      'must have 2 numbers',
    ],
    [
      'an excluded attribute that the set lacks',
      '{ name: scope, type: u32 }',
      '{ name: scope, type: u32, excludes: [mark] }',
      "'excludes' of 'scope' refers to 'mark', which is not in the set",
    ],
    [
      'a needed attribute that requests do not have',
      'request: { attribute-set: filter }',
      'request: { attribute-set: filter, needs: [scope, mark] }',
      "'needs' refers to 'mark', which requests do not have",
    ],
    [
      'a choice of attributes that requests do not have',
      '    - name: lookup\n',
      '    - name: lookup\n      needs-one: { of: [scope], otherwise: finds all }\n',
      "it refers to 'scope', which requests do not have",
    ],
    ['no allowed number', '{ name: id, type: u32 }', '{ name: id, type: u32, only: [] }', 'must have a number'],
    ['a default of text', '{ name: cong, type: string }', '{ name: cong, type: string, default: 1 }', "'default' and 'only'"],
  ];
  for (const [what, from, to, reason] of faults) {
    it(`fails for ${what}`, () => {
      expect(SHAPES).to.contain(from);
      expect(() => read(specification(SHAPES.replace(from, to)))).to.throw(SpecError, reason);
    });
  }
});
