import { expect } from 'chai';
import { writeFamily } from '../../lib/codegen/write/write-family.js';
import { read, readSet } from './specifications.js';

const HEADER = `
definitions:
  - name: head
    type: struct
    members:
      - { name: my-family, type: u8 }
      - { name: my-len, type: u8 }
      - { name: my-flags, type: u8 }
      - { name: my-change, type: u8, mask-of: { member: my-flags, operations: [new] } }
`;
const ADDRESS = 'type: binary, display-hint: ipv4-or-v6';

describe('codegen: addresses', () => {
  it('reads the fields that an address must agree with', () => {
    const line = `{ name: dst, ${ADDRESS}, address: { family: my-family, prefix: my-len, bare: { get: full, '*': unset }, any-width: true } }`;
    expect(readSet([line], HEADER).attributes[0]!.address).to.deep.equal({
      family: 'myFamily',
      prefix: 'myLen',
      bare: { get: 'full', '*': 'unset' },
      anyWidth: true,
    });
  });

  it('reads the field that selects the bits of another one', () => {
    const { structs } = read(HEADER);
    expect(structs[0]!.members.at(-1)!.maskOf).to.deep.equal({ property: 'myFlags', operations: ['new'] });
  });

  it('pairs attributes of one address family by their names', () => {
    const pairs = [
      ['group', 'group6'],
      ['addr4', 'addr6'],
      ['ip-v4-src', 'ip-v6-src'],
    ] as const;
    for (const [one, other] of pairs) {
      const lines = [`{ name: ${one}, type: binary, display-hint: ipv4 }`, `{ name: ${other}, type: binary, display-hint: ipv6 }`];
      const [ipv4, ipv6] = readSet(lines).attributes;
      expect([ipv4!.address, ipv6!.address]).to.deep.equal([{ other: ipv6!.property }, { other: ipv4!.property }]);
    }
    expect(
      readSet(['{ name: a, type: binary, display-hint: ipv4 }', '{ name: b, type: binary, display-hint: ipv6 }']).attributes[0],
    ).not.to.have.property('address');
  });

  for (const [fault, line, message] of [
    ['a field that does not exist', `${ADDRESS}, address: { family: missing }`, /dst\]: no header or set has the field 'missing'/],
    ['an attribute that the set lacks', `${ADDRESS}, address: { other: via }`, /the set has no 'via'/],
    ['an unknown key', `${ADDRESS}, address: { familly: my-family }`, /'familly' is not supported here/],
    ['an unknown result', `${ADDRESS}, address: { prefix: my-len, bare: { get: none } }`, /'none' is not supported/],
  ] as const) {
    it(`rejects ${fault}`, () => {
      expect(() => readSet([`{ name: dst, ${line} }`], HEADER)).to.throw(message);
    });
  }

  it('describes addresses and the fields that they set', () => {
    const text = writeFamily(
      read(`${HEADER}
attribute-sets:
  - name: top
    attributes:
      - { name: dst, ${ADDRESS}, address: { family: my-family, prefix: my-len } }
      - { name: local, type: binary, display-hint: ipv4 }
operations:
  fixed-header: head
  list: [{ name: new, attribute-set: top, value: 1, do: { request: {} } }]
`),
      'sample.yaml',
    );
    expect(text).to.include(
      "/** An IPv4 or IPv6 address, alone or with the length that `myLen` holds: `'10.60.0.0/16'`; of the family in `myFamily`. */",
    );
    expect(text).to.include('/** Address family. In requests the first address sets it if it is omitted. */\n  readonly myFamily: number;');
    expect(text).to.include(
      '/** Bits of `myFlags` that a request changes; if omitted, those that are set. */\n  readonly myChange: number;',
    );
    expect(text).to.include('/** An IPv4 address. */\n  readonly local?: AddressInput;');
  });
});
