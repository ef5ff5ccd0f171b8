import { expect } from 'chai';
import { SpecError } from '../../lib/codegen/spec-error.js';
import { read } from './specifications.js';

/** The mistake, the text of the specification, and the path and reason of the expected error. */
const faults: readonly (readonly [string, string, string, string | RegExp])[] = [
  ['an unknown key', 'surprise: 1', '', "'surprise' is not supported here"],
  [
    'an unknown key of an attribute',
    set('type: u8, surprise: 1'),
    'attribute-sets[top].attributes[it]',
    "'surprise' is not supported here",
  ],
  ['an unknown type', set('type: u128'), 'attribute-sets[top].attributes[it].type', "'u128' is not supported"],
  ['no type', set('doc: nothing'), 'attribute-sets[top].attributes[it]', "'type' is missing"],
  [
    'an unknown hint',
    set('type: binary, display-hint: smell'),
    'attribute-sets[top].attributes[it].display-hint',
    "'smell' is not supported",
  ],
  [
    'an unknown check',
    set('type: u8, checks: { sparse: true }'),
    'attribute-sets[top].attributes[it].checks',
    "'sparse' is not supported here",
  ],
  [
    'an unknown limit',
    set('type: u8, checks: { max: u9-max }'),
    'attribute-sets[top].attributes[it].checks.max',
    "no number 'u9-max' is defined",
  ],
  [
    'a missing set',
    set('type: nest, nested-attributes: gone'),
    'attribute-sets[top].attributes[it].nested-attributes',
    "no attribute set 'gone' is defined",
  ],
  ['a missing struct', set('type: binary, struct: gone'), 'attribute-sets[top].attributes[it].struct', "no struct 'gone' is defined"],
  ['a missing enum', set('type: u8, enum: gone'), 'attribute-sets[top].attributes[it].enum', "no enum or flags 'gone' is defined"],
  [
    'a missing sub-message',
    set('type: sub-message, sub-message: gone, selector: it'),
    'attribute-sets[top].attributes[it].sub-message',
    /gone/,
  ],
  [
    'an array of an unsupported type',
    set('type: indexed-array, sub-type: flag'),
    'attribute-sets[top].attributes[it].sub-type',
    /'flag' in an indexed array/,
  ],
  [
    'a number that is too large',
    set('type: u8, value: 16384'),
    'attribute-sets[top].attributes[it].value',
    '16384 is out of range; expected 0 to 16383',
  ],
  ['a number that is not an integer', set("type: u8, value: '1'"), 'attribute-sets[top].attributes[it].value', 'must be an integer'],
  [
    'two attributes with the same number',
    'attribute-sets: [{ name: top, attributes: [{ name: a, type: u8 }, { name: b, type: u8, value: 1 }] }]',
    'attribute-sets[top]',
    "'b' and 'a' have the same number 1",
  ],
  [
    'two attributes with the same property',
    'attribute-sets: [{ name: top, attributes: [{ name: a-b, type: u8 }, { name: a_b, type: u8 }] }]',
    'attribute-sets[top]',
    "'a_b' and 'a-b' are both 'aB'",
  ],
  [
    'a set that is defined twice',
    'attribute-sets: [{ name: top, attributes: [] }, { name: top, attributes: [] }]',
    'attribute-sets[top]',
    'is defined twice',
  ],
  [
    'a subset of itself',
    'attribute-sets: [{ name: top, subset-of: top, attributes: [{ name: a }] }]',
    'attribute-sets[top].subset-of',
    'the set is a subset of itself',
  ],
  [
    'a subset with an attribute that its parent lacks',
    'attribute-sets: [{ name: top, attributes: [] }, { name: p, subset-of: top, attributes: [{ name: a }] }]',
    'attribute-sets[p].attributes[a]',
    "'top' has no such attribute",
  ],
  [
    'a struct in itself',
    'definitions: [{ name: s, type: struct, members: [{ name: m, type: binary, struct: s }] }]',
    'definitions[s].members[m].struct',
    /holds itself/,
  ],
  [
    'a pad without length',
    'definitions: [{ name: s, type: struct, members: [{ name: m, type: pad }] }]',
    'definitions[s].members[m]',
    "a pad needs 'len'",
  ],
  ['an unknown definition', 'definitions: [{ name: s, type: union }]', 'definitions[s].type', "'union' is not supported"],
  [
    'a bit beyond 63',
    'definitions: [{ name: s, type: flags, entries: [{ name: f, value: 64 }] }]',
    'definitions[s].entries[f]',
    'bit 64 is out of range; expected 0 to 63',
  ],
  ['an unknown protocol', 'protocol: carrier-pigeon', 'protocol', "'carrier-pigeon' is not supported"],
  ['a protocol without number', 'protocol: netlink-raw', '', "'protonum' is missing"],
  [
    'a group without number',
    'protocol: netlink-raw\nprotonum: 0\nmcast-groups: { list: [{ name: g }] }',
    'mcast-groups.list[g]',
    /'value' is missing/,
  ],
  ['an unknown model', 'operations: { enum-model: sideways, list: [] }', 'operations.enum-model', "'sideways' is not supported"],
  [
    'an unknown operation flag',
    'operations: { list: [{ name: a, flags: [magic], do: {} }] }',
    'operations.list[a].flags[magic]',
    'is not supported',
  ],
  [
    'a notification of an undefined operation',
    'operations: { list: [{ name: a, notify: b }] }',
    'operations.list[a].notify',
    "no operation 'b' is defined",
  ],
  ['an operation that is listed twice', 'operations: { list: [{ name: a }, { name: a }] }', 'operations.list[a]', 'is listed twice'],
  [
    'an unknown group',
    'operations: { list: [{ name: g, attribute-set: top, dump: { reply: {} } }, { name: n, notify: g, mcgrp: gone }] }',
    'operations.list[n].mcgrp',
    "no group 'gone' is defined",
  ],
  ['a duplicate key', 'name: a\nname: b', 'line 4', /unique/],
  ['text that is not YAML', 'definitions: [', /^line/.source, /./],
];

function set(attribute: string): string {
  return `attribute-sets: [{ name: top, attributes: [{ name: it, ${attribute} }] }]`;
}

describe('codegen: unsupported specifications', () => {
  for (const [what, yaml, path, reason] of faults) {
    it(`throws a SpecError with file, path and reason for ${what}`, () => {
      let fault: unknown;
      try {
        read(yaml);
      } catch (error) {
        fault = error;
      }
      expect(fault).to.be.instanceOf(SpecError);
      const error = fault as SpecError;
      expect(error.file).to.equal('sample.yaml');
      expect(error.message).to.include('sample.yaml');
      if (path.startsWith('^')) expect(error.path).to.match(new RegExp(path));
      else expect(error.path).to.equal(path);
      if (typeof reason === 'string') expect(error.reason).to.equal(reason);
      else expect(error.reason).to.match(reason);
    });
  }
});
