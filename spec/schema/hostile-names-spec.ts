import { expect } from 'chai';
import { operationCodec, type FamilySchema } from '../../lib/schema/index.js';
import { host } from '../support/host-order.js';
import { attribute, cstring, family, tlv } from './schemas.js';

/*
 * A specification that is read at run time is not trusted. Without quotes in generated source, each of these names would set the
 * mark, end the source, or change the prototype of all objects.
 */
const mark = 'globalThis.__hostileNameRan = true';
const names = [
  `"]; ${mark}; o["`,
  `'; ${mark}; '`,
  `\`\${${mark}}\``,
  `x"); ${mark}; //`,
  `\\"]; ${mark}; //`,
  `*/ ${mark} /*`,
  `\n${mark}\n`,
  `\r\n"]; ${mark}\r\n`,
  `\u2028${mark}\u2029`,
  `//# sourceURL=x\n${mark}`,
  '</script>',
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  'valueOf',
  'words',
  'o',
  '',
  '\ud800',
  '0',
];

const ran = globalThis as { __hostileNameRan?: boolean };

function schemaOf(name: string): FamilySchema {
  const struct = {
    name,
    size: 8,
    members: [
      { name, property: name, type: 'u32' as const, offset: 0, size: 4 },
      { name: 'b', property: `${name}b`, type: 'u32' as const, enum: name, offset: 4, size: 4 },
    ],
  };
  return family(
    [
      attribute(1, name, { type: 'u32', enum: name }),
      attribute(2, `${name}2`, { type: 'string', multi: true }),
      attribute(3, `${name}3`, { type: 'nest', set: name }),
      attribute(4, `${name}4`, { type: 'sub-message', subMessage: name, selector: { name, property: name } }),
      attribute(5, `${name}5`, { type: 'binary', struct: name }),
      attribute(6, `${name}6`, { type: 'nest-type-value', typeValue: [name], element: { type: 'u8' } }),
    ],
    {
      name,
      source: name,
      enums: [{ name, kind: 'enum', entries: [[name, 7]] }],
      structs: [struct],
      sets: [{ name, attributes: [attribute(1, `${name}n`, { type: 'nest', set: name }), attribute(2, `${name}2`, { type: 'u8' })] }],
      subMessages: [{ name, formats: [{ value: name, fixedHeader: name, set: name }] }],
      operations: [{ name, set: 'top', fixedHeader: name, do: { request: 1 } }],
    },
  );
}

const payload = Uint8Array.of(
  ...host(1, 0, 0, 0),
  ...host(7, 0, 0, 0),
  ...tlv(1, ...host(7, 0, 0, 0)),
  ...tlv(2, ...cstring('text')),
  ...tlv(2, ...cstring('more')),
  ...tlv(3, ...tlv(1, ...tlv(2, 9))),
  ...tlv(4, ...host(2, 0, 0, 0), ...host(3, 0, 0, 0), ...tlv(2, 8)),
  ...tlv(5, ...host(4, 0, 0, 0), ...host(5, 0, 0, 0)),
  ...tlv(6, ...tlv(0x123, 1)),
  ...tlv(99, 1),
);

describe('hostile names in a schema', () => {
  afterEach(() => {
    delete ran.__hostileNameRan;
  });

  for (const name of names) {
    it(`decode like other names: ${JSON.stringify(name)}`, () => {
      const schema = schemaOf(name);
      for (const kind of ['compiled', 'closures'] as const) {
        const value = operationCodec(schema, name, kind).decodePayload(payload) as Record<string, unknown>;
        expect(Object.getPrototypeOf(value)).to.equal(Object.prototype);
        expect(Object.getOwnPropertyDescriptor(value, name)).to.include({ value: name, enumerable: true, writable: true });
        expect(value[`${name}2`]).to.deep.equal(['text', 'more']);
        const nest = value[`${name}3`] as Record<string, Record<string, unknown>>;
        expect(nest).to.deep.equal({ [`${name}n`]: { [`${name}2`]: 9 } });
        const message = value[`${name}4`] as object;
        expect(Object.getOwnPropertyDescriptor(message, name)?.value).to.equal(2);
        expect(Object.keys(value).length).to.equal(7);
      }
      expect(ran.__hostileNameRan).to.equal(undefined);
    });

    it(`are picked like other names: ${JSON.stringify(name)}`, () => {
      const schema = schemaOf(name);
      for (const kind of ['compiled', 'closures'] as const) {
        const codec = operationCodec(schema, name, kind);
        const value = codec.pick([`${name}4`, name]).decodePayload(payload);
        expect(Object.getPrototypeOf(value)).to.equal(Object.prototype);
        expect(Object.getOwnPropertyDescriptor(value, name)).to.include({ value: name, enumerable: true, writable: true });
        expect(Object.keys(value).sort()).to.deep.equal([name, `${name}4`].sort());
        // The selector of the sub-message has the name as well, and is not picked.
        const message = (codec.pick([`${name}4`]).decodePayload(payload) as Record<string, object>)[`${name}4`];
        expect(Object.getOwnPropertyDescriptor(message, name)?.value).to.equal(2);
      }
      expect(ran.__hostileNameRan).to.equal(undefined);
    });

    it(`encode like other names: ${JSON.stringify(name)}`, () => {
      const codec = operationCodec(schemaOf(name), name);
      const value = codec.decodePayload(payload);
      expect(codec.decodePayload(codec.encode(value))).to.deep.equal(value);
      expect(ran.__hostileNameRan).to.equal(undefined);
    });
  }

  for (const number of [1.5, -1, Number.NaN, 2 ** 60, '1) || (globalThis.__hostileNameRan = true', { valueOf: () => 1 }] as number[]) {
    it(`are rejected as numbers: ${String(number)}`, () => {
      const schema = family([attribute(number, 'x', { type: 'u8' })]);
      expect(() => operationCodec(schema, 'get', 'compiled').decodePayload(Uint8Array.of())).to.throw(TypeError);
      const other = family([], {
        structs: [{ name: 's', size: number, members: [{ name: 'm', property: 'm', type: 'u8', offset: number, size: 1 }] }],
        operations: [{ name: 'get', set: 'top', fixedHeader: 's', do: { request: 1 } }],
      });
      expect(() => operationCodec(other, 'get', 'compiled').decodePayload(new Uint8Array(8))).to.throw(TypeError);
      expect(ran.__hostileNameRan).to.equal(undefined);
    });
  }
});
