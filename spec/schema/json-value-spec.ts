import { deepStrictEqual } from 'node:assert';
import { expect } from 'chai';
import fc from 'fast-check';
import { Indexes, Unknown, decodeValue, encodeValue, operationCodec, stringify } from '../../lib/schema/index.js';
import { loadSchemas } from '../codegen/generated.js';
import { check } from '../support/fuzz.js';
import { STRUCTS } from './structs/struct-samples.js';
import { ValueMaker } from './value-maker.js';

const families = [...(await loadSchemas()), STRUCTS];

describe('values as JSON', () => {
  for (const [title, value, json] of [
    ['a bigint', 18446744073709551615n, '{"$n":"18446744073709551615"}'],
    ['a negative bigint', -1n, '{"$n":"-1"}'],
    ['bytes', Uint8Array.of(0xde, 0xad, 0xbe, 0xef), '{"$b":"3q2+7w=="}'],
    ['no bytes', new Uint8Array(0), '{"$b":""}'],
    [
      'an array with indexes',
      Object.defineProperty(['a', 'b'], Indexes, { value: [0, 2], writable: true, configurable: true }),
      '{"$i":[0,2],"$a":["a","b"]}',
    ],
    ['names that begin with $', { $: 1, $n: '2', $$b: 3 }, '{"$$":1,"$$n":"2","$$$b":3}'],
    ['plain values', { a: [1, 'x', true, null, { b: [] }] }, '{"a":[1,"x",true,null,{"b":[]}]}'],
    ['the name __proto__', JSON.parse('{"__proto__":{"a":1}}') as object, '{"__proto__":{"a":1}}'],
    ['unknown attributes', { a: 1, [Unknown]: [{ type: 9, flags: 0x8000, payload: Uint8Array.of(1) }] }, '{"a":1,"$u":[[9,32768,"AQ=="]]}'],
    ['unknown attributes alone', { [Unknown]: [{ type: 1, flags: 0, payload: Uint8Array.of() }] }, '{"$u":[[1,0,""]]}'],
  ] as const)
    it(`have a form for ${title}`, () => {
      expect(encodeValue(value)).to.equal(json);
      deepStrictEqual(decodeValue(json), value);
      expect((decodeValue(json) as { [Indexes]?: unknown })[Indexes]).to.deep.equal((value as { [Indexes]?: unknown })[Indexes]);
    });

  it('have bytes in the form of other programs', () => {
    check(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(encodeValue(bytes)).to.equal(JSON.stringify({ $b: Buffer.from(bytes).toString('base64') }));
        deepStrictEqual(decodeValue(encodeValue(bytes)), bytes);
      }),
    );
  });

  it('omit properties that are undefined', () => {
    expect(encodeValue({ a: undefined, b: 1 })).to.equal('{"b":1}');
  });

  for (const schema of families) {
    it(`${schema.source}: are read back equal`, () => {
      const cases = fc.tuple(fc.constantFrom(...schema.operations), fc.gen());
      check(
        fc.property(cases, ([operation, gen]) => {
          const value = new ValueMaker(schema, (count) => gen(fc.integer, { min: 0, max: count - 1 })).operation(operation);
          const read = decodeValue(encodeValue(value, { secrets: true }));
          deepStrictEqual(read, value);
          // Indexes are not enumerable; this text has the unknown attributes.
          expect(encodeValue(read)).to.equal(encodeValue(value, { secrets: true }));
          expect(stringify(read, { secrets: true })).to.equal(stringify(value, { secrets: true }));
        }),
      );
    });
  }

  it('are without key material', () => {
    const key = Uint8Array.from({ length: 7 }, (_, at) => at);
    const codec = operationCodec(STRUCTS, 'pairs');
    const decoded = codec.decodePayload(codec.encode({ size: 8, pair: [], key: { name: 'x', bits: 56, key } }, 'reply')) as {
      readonly key: { readonly key: Uint8Array };
    };
    expect(decoded.key.key).to.deep.equal(key);
    expect(encodeValue(decoded)).to.equal('{"size":0,"pair":[],"key":{"name":"x","bits":56}}');
    expect(encodeValue(decoded, { secrets: true })).to.include('{"$b":"AAECAwQFBg=="}');
    expect(() => encodeValue([decoded.key.key])).to.throw(
      TypeError,
      'encodeValue: [0]: key material is written with the option secrets only',
    );
  });

  for (const [title, value, message] of [
    ['a number that is not finite', { a: [Number.NaN] }, '.a[0]: NaN has no form in JSON'],
    ['a negative zero', { a: -0 }, '.a: -0 has no form in JSON'],
    ['a function', { a: { b: () => 1 } }, '.a.b: a value of type function cannot be written'],
    ['an undefined element', [undefined], '[0]: a value of type undefined cannot be written'],
    ['an object of a class', { at: new Date(0) }, '.at: an object of a class cannot be written'],
  ] as const)
    it(`cannot be written with ${title}`, () => {
      expect(() => encodeValue(value)).to.throw(TypeError, `encodeValue: ${message}`);
    });

  for (const [title, text, message] of [
    ['a bigint of letters', '{"$n":"x"}', '$n: expected digits'],
    ['a bigint as a number', '{"$n":1}', '$n: expected digits'],
    ['bytes in another form', '{"$b":"a_b="}', '$b: expected Base64'],
    ['bytes without padding', '{"$b":"AQ"}', '$b: expected Base64'],
    ['too few indexes', '{"$i":[1],"$a":[]}', '$i: expected as many numbers as elements'],
    ['indexes of text', '{"$i":["1"],"$a":[1]}', '$i: expected as many numbers as elements'],
    ['a name that nothing writes', '{"a":1,"$x":1}', "unknown name '$x'"],
    ['two forms in one object', '{"$n":"1","$b":""}', "unknown name '$n'"],
    ['unknown attributes that are no list', '{"$u":{}}', '$u: expected a list'],
    ['an unknown attribute without a type', '{"$u":[["1",0,""]]}', '$u: expected [type, flags, bytes] each'],
    ['deep nesting', `${'['.repeat(70)}${']'.repeat(70)}`, 'the value is nested too deep'],
  ] as const)
    it(`cannot be read with ${title}`, () => {
      expect(() => decodeValue(text)).to.throw(TypeError, `decodeValue: ${message}`);
    });

  it('cannot be read from text that is not JSON', () => {
    expect(() => decodeValue('{')).to.throw(SyntaxError);
  });
});
