import { expect } from 'chai';
import { DecodeError } from '../../../lib/errors/index.js';
import { Unknown, operationCodec, unknownAttributes, type AttributeSchema, type FamilySchema } from '../../../lib/schema/index.js';
import { MOST_FORMS, SAMPLED, USUAL } from '../../../lib/schema/decode/usual-forms.js';
import { VALUES, more } from '../decode-values.js';
import { attribute, family, tlv } from '../schemas.js';
import { usualDecoder } from './usual-decoder.js';

/** After so many messages of one form, it is a usual one. */
const MANY = SAMPLED * USUAL;

type Row = Record<string | symbol, unknown>;

/** Counts the properties that are assigned while work is done: a constructor assigns them, a literal does not. */
function assigned(name: string, work: () => void): number {
  let count = 0;
  Object.defineProperty(Object.prototype, name, {
    configurable: true,
    set() {
      count++;
    },
  });
  try {
    work();
  } finally {
    delete (Object.prototype as Row)[name];
  }
  return count;
}

/** Returns a function that decodes the attributes of a payload. */
function decoderOf(schema: FamilySchema, pick?: readonly string[]): (payload: readonly number[]) => Row {
  const codec = operationCodec(schema, 'get', 'compiled');
  const chosen = pick === undefined ? codec : codec.pick(pick);
  return (payload) => chosen.decodePayload(Uint8Array.from(payload)) as Row;
}

const SIMPLE = (): FamilySchema => family([attribute(7, 'v', { type: 'u32' }), attribute(8, 'w', { type: 'string' })]);

describe('usual forms of messages', () => {
  it(`are compiled after ${MANY} messages of the form, and not before`, () => {
    const decode = decoderOf(SIMPLE());
    const payload = tlv(7, 1, 0, 0, 0);
    const counts = Array.from({ length: MANY + 1 }, () => assigned('v', () => decode(payload)));
    expect(counts.lastIndexOf(1)).to.equal(MANY - 1);
    expect(counts.indexOf(0)).to.equal(MANY);
    expect(decode(payload)).to.deep.equal({ v: 1 });
  });

  it('are read with other values, amid messages of other forms', () => {
    const decode = decoderOf(SIMPLE());
    for (let count = 0; count < MANY * 2; count++) {
      const low = count & 255;
      expect(decode(tlv(7, low, 1, 0, 0))).to.deep.equal({ v: 256 + low });
      if (count % 3 !== 0) continue;
      const text = 'abcdefgh'.slice(0, count % 8);
      expect(Object.entries(decode([...tlv(8, ...Buffer.from(`${text}\0`)), ...tlv(7, low, 0, 0, 0)]))).to.deep.equal([
        ['w', text],
        ['v', low],
      ]);
      expect(decode(tlv(7, low))).to.deep.equal({ [Unknown]: [{ type: 7, flags: 0, payload: Uint8Array.of(low) }] });
    }
  });

  it(`are at most ${MOST_FORMS} of a set`, () => {
    const names = Array.from({ length: MOST_FORMS + 1 }, (_, index) => `v${index}`);
    const decode = decoderOf(family(names.map((name, index) => attribute(index + 1, name, { type: 'u8' }))));
    const isUsual = names.map((name, index) => {
      for (let count = 0; count < MANY + SAMPLED; count++) decode(tlv(index + 1, 5));
      return assigned(name, () => decode(tlv(index + 1, 5))) === 0;
    });
    expect(isUsual).to.deep.equal(names.map((_, index) => index < MOST_FORMS));
    for (const [index, name] of names.entries()) expect(decode(tlv(index + 1, 6))).to.deep.equal({ [name]: 6 });
  });

  it('do not include picks', () => {
    const decode = decoderOf(SIMPLE(), ['v']);
    for (let count = 0; count < MANY * 2; count++) decode(tlv(7, 1, 0, 0, 0));
    expect(assigned('v', () => decode(tlv(7, 1, 0, 0, 0)))).to.equal(1);
  });

  for (const [title, schema, payload, value] of VALUES) {
    it(`${title}: is the same after many messages`, () => {
      const decode = decoderOf(family([attribute(7, 'v', schema)], more));
      for (let count = 0; count < MANY; count++) decode(tlv(7, ...payload));
      expect(decode(tlv(7, ...payload))).to.deep.equal({ v: value });
    });
  }

  const refused: readonly (readonly [string, readonly AttributeSchema[], number[]])[] = [
    ['an attribute without a schema', [attribute(7, 'v', { type: 'u8' })], [...tlv(7, 1), ...tlv(9, 1)]],
    ['a list', [attribute(7, 'v', { type: 'u8', multi: true })], tlv(7, 1)],
    ['an attribute twice', [attribute(7, 'v', { type: 'u8' })], [...tlv(7, 1), ...tlv(7, 2)]],
    [
      'two attributes of one property',
      [attribute(7, 'v', { type: 'u8' }), attribute(8, 'v', { type: 'u8' })],
      [...tlv(7, 1), ...tlv(8, 2)],
    ],
    ['a secret', [attribute(7, 'v', { type: 'binary', secret: true })], tlv(7, 1)],
    ['a property named __proto__', [attribute(7, '__proto__', { type: 'u8' })], tlv(7, 1)],
    ['padding', [attribute(7, 'v', { type: 'u8' }), attribute(8, 'w', { type: 'pad' })], [...tlv(7, 1), ...tlv(8)]],
    ['a value of another width', [attribute(7, 'v', { type: 'u8' })], tlv(7, 1, 2)],
    [
      '33 attributes',
      Array.from({ length: 33 }, (_, id) => attribute(id + 1, `v${id}`, { type: 'u8' })),
      Array.from({ length: 33 }, (_, id) => tlv(id + 1, id)).flat(),
    ],
  ];
  for (const [title, attributes, payload] of refused) {
    it(`do not include ${title}`, () => {
      const sample = family(attributes);
      expect(usualDecoder(sample, 'get', Uint8Array.from(payload))).to.equal(undefined);
      const decode = decoderOf(sample);
      const before = decode(payload);
      for (let count = 0; count < MANY; count++) decode(payload);
      expect(decode(payload)).to.deep.equal(before);
    });
  }

  it('are checked for the depth of nests as others are', () => {
    const sample = family([attribute(1, 'again', { type: 'nest', set: 'top' }), attribute(2, 'v', { type: 'u8' })]);
    const decode = decoderOf(sample);
    const nested = (levels: number): number[] => (levels === 0 ? tlv(2, 1) : tlv(1, ...nested(levels - 1)));
    for (let count = 0; count < MANY; count++) decode(nested(1));
    expect(assigned('v', () => decode(nested(32)))).to.equal(0);
    expect(() => decode(nested(33))).to.throw(DecodeError, 'nest');
  });

  it('count each attribute that is kept once', () => {
    const sample = family([attribute(1, 'n', { type: 'nest', set: 'inner' }), attribute(2, 'v', { type: 'u64' })], more);
    const nest = tlv(1, ...tlv(98, 2));
    const whole = Uint8Array.from([...nest, ...tlv(2, 1, 0, 0, 0, 0, 0, 0, 0)]);
    const decode = usualDecoder(sample, 'get', whole)!;
    expect(decode.counter.kept).to.equal(0);
    expect(decode(whole)).to.deep.include({ v: 1n });
    expect(decode.counter.kept).to.equal(1);
    const codec = operationCodec(sample, 'get', 'compiled');
    for (let count = 1; count <= MANY + 10; count++) {
      codec.decodePayload(whole);
      expect(codec.kept).to.equal(count);
    }
  });

  it('count nothing of a message that is left to the general decoder', () => {
    const list = { type: 'indexed-array', element: { type: 'u8' } } as const;
    const sample = family([attribute(1, 'n', { type: 'nest', set: 'inner' }), attribute(2, 'v', list)], more);
    const nest = tlv(1, ...tlv(98, 2));
    const decode = usualDecoder(sample, 'get', Uint8Array.from([...nest, ...tlv(2, ...tlv(1, 5))]))!;
    // The item has another width, and the attribute around it the same length.
    const misfit = Uint8Array.from([...nest, ...tlv(2, ...tlv(1, 5, 5))]);
    expect(decode(misfit)).to.equal(undefined);
    expect(decode.counter.kept).to.equal(0);
    expect(unknownAttributes(decoderOf(sample)(Array.from(misfit))).map(({ path }) => path)).to.have.members(['', '.n']);
  });
});
