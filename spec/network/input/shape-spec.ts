import { expect } from 'chai';
import fc from 'fast-check';
import { FieldError } from '../../../lib/network/common/field-error.js';
import { anyCidr, cidr, ip, network } from '../../../lib/network/fields/address-checks.js';
import { boolean, integer, linkName, list, mac, percent, time, word } from '../../../lib/network/fields/check.js';
import { normalise, requireFields, type Shape } from '../../../lib/network/fields/shape.js';
import { compare, merge } from '../../../lib/network/tables/compare.js';
import { fits, readFilter } from '../../../lib/network/tables/where.js';
import { addressText } from '../../../lib/index.js';
import { fuzzParameters } from '../../support/fuzz.js';

const SHAPE: Shape = {
  fields: { name: linkName(15), mtu: integer(68, 9000), up: boolean, alias: word(['a', 'b']), after: time },
  nullable: ['alias'],
  out: ['index'],
};

describe('normalise', () => {
  it('returns values as readers do, null for what is removed, and omits what only readers return', () => {
    expect(normalise(SHAPE, { name: 'v0', after: '1.5s', alias: null, index: 5 })).to.deep.equal({ name: 'v0', after: 1500, alias: null });
  });

  const wrong: readonly (readonly [unknown, string, string])[] = [
    [{ mtuu: 1 }, 'mtuu', 'did you mean mtu?'],
    [{ mtu: undefined }, 'mtu', 'undefined is not a value'],
    [{ mtu: null }, 'mtu', 'the property cannot be removed'],
    [{ mtu: 67 }, 'mtu', 'expected an integer from 68 to 9000, not 67'],
    [{ mtu: '1500' }, 'mtu', "not '1500'"],
    [{ name: 'a b' }, 'name', 'no space, slash or colon'],
    [{ name: 'sixteen-letters-' }, 'name', 'expected 1 to 15 bytes'],
    [{ name: '..' }, 'name', 'not a valid name'],
    [{ alias: 'c' }, 'alias', "expected 'a', 'b' or a number"],
    [[], '', 'expected an object'],
    ['text', '', "not 'text'"],
  ];
  for (const [value, path, message] of wrong) {
    it(`rejects ${JSON.stringify(value) ?? 'undefined'} with its path`, () => {
      expect(() => normalise(SHAPE, value))
        .to.throw(FieldError, message)
        .with.property('path', path);
    });
  }

  it('names the first required property that is missing', () => {
    expect(() => requireFields({ name: 'v0' }, ['name', 'mtu']))
      .to.throw(FieldError, 'is required')
      .with.property('path', 'mtu');
  });
});

describe('checks of addresses', () => {
  it('return canonical text', () => {
    expect(cidr('FD00:0::1/64', 'a')).to.equal('fd00::1/64');
    expect(ip('::FFFF:1.2.3.4', 'a')).to.equal('::ffff:1.2.3.4');
    expect(anyCidr('10.0.0.1', 'a')).to.equal('10.0.0.1');
    expect(network('10.0.0.1', 'a')).to.equal('10.0.0.1/32');
  });

  it('reject host bits in a network and name the network', () => {
    expect(() => network('10.0.0.1/24', 'to')).to.throw(FieldError, "'10.0.0.1/24' has host bits; the network is '10.0.0.0/24'");
  });

  it('accept exactly the networks without host bits', () => {
    const bytes = fc.oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 }));
    fc.assert(
      fc.property(bytes, fc.nat(128), (address, bits) => {
        const length = Math.min(bits, address.length * 8);
        const masked = maskOf(address, length);
        const given = `${addressText(address)}/${length}`;
        const prefix = `${addressText(masked)}/${length}`;
        expect(network(prefix, 'to')).to.equal(prefix);
        if (prefix !== given) expect(() => network(given, 'to')).to.throw(FieldError, `the network is '${prefix}'`);
      }),
      fuzzParameters(),
    );
  });

  it('reject addresses that are none', () => {
    for (const text of ['10.0.0', '10.0.0.256', '10.0.0.1/33', 'fd00::1/129', '10.0.0.1/', '', 'host/24', '10.0.0.01/24'])
      expect(() => anyCidr(text, 'a'), text).to.throw(FieldError);
    expect(() => ip('10.0.0.1/24', 'a')).to.throw(FieldError, 'without a prefix length');
  });
});

describe('checks of values', () => {
  it('print MAC addresses and shares in one form', () => {
    expect(mac('02:00:00:AB:cd:0E', 'mac')).to.equal('02:00:00:ab:cd:0e');
    expect(percent('0.50%', 'loss')).to.equal('0.5%');
    expect(() => mac('02:00', 'mac')).to.throw(FieldError, 'expected a MAC address');
    expect(() => percent(1, 'loss')).to.throw(FieldError);
  });

  it('name the element of a list', () => {
    expect(() => list(boolean)([true, 1], 'flags'))
      .to.throw(FieldError, 'expected true or false, not 1')
      .with.property('path', 'flags[1]');
  });
});

describe('compare', () => {
  it('counts only what is wanted', () => {
    const object = { a: 1, b: { c: 2, d: 3 }, list: [1, 2], gone: 'x' };
    expect([...compare({ a: 1, b: { c: 2 } }, object)]).to.deep.equal([]);
    expect([...compare({ b: { c: 5 }, list: [2, 1], gone: null, flag: false }, object)]).to.deep.equal([
      ['b.c', { from: 2, to: 5 }],
      ['list', { from: [1, 2], to: [2, 1] }],
      ['gone', { from: 'x' }],
    ]);
    expect([...compare({ flag: true, more: { x: 1 } }, {})]).to.deep.equal([
      ['flag', { to: true }],
      ['more.x', { to: 1 }],
    ]);
  });

  it('merges nested options', () => {
    expect(merge({ a: 1, b: { c: 2, d: 3 } }, { b: { c: 5 }, e: null })).to.deep.equal({ a: 1, b: { c: 5, d: 3 }, e: null });
  });
});

describe('filters', () => {
  const table = { shape: SHAPE, state: ['index'] };

  it('compare in the form of readers, and null with absence', () => {
    const filter = readFilter(table, { after: '1s', alias: null, index: 3 });
    expect(fits({ after: 1000, index: 3 }, filter)).to.equal(true);
    expect(fits({ after: 1000, index: 3, alias: 'a' }, filter)).to.equal(false);
    expect(fits({ after: 1001, index: 3 }, filter)).to.equal(false);
  });

  it('reject unknown properties, and undefined', () => {
    expect(() => readFilter(table, { nmae: 'x' })).to.throw(FieldError, 'did you mean name?');
    expect(() => readFilter(table, { name: undefined })).to.throw(FieldError, 'undefined is not a value');
  });
});

/** Returns the bytes of an address with all bits after the prefix cleared. */
function maskOf(bytes: Uint8Array, length: number): Uint8Array {
  return bytes.map((byte, index) => {
    let masked = byte;
    for (let bit = 0; bit < 8; bit++) if (8 * index + bit >= length) masked &= ~(0x80 >> bit);
    return masked;
  });
}
