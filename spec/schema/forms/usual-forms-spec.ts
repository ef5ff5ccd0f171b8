import { expect } from 'chai';
import { DecodeError } from '../../../lib/errors/index.js';
import {
  Unknown,
  operationCodec,
  unknownAttributes,
  type AttributeSchema,
  type FamilySchema,
  type MemberSchema,
  type StructSchema,
} from '../../../lib/schema/index.js';
import { MOST_FORMS, SAMPLED, USUAL, UsualForms } from '../../../lib/schema/decode/usual-forms.js';
import { Frame } from '../../../lib/wire/internal.js';
import { host } from '../../support/host-order.js';
import { VALUES, more } from '../decode-values.js';
import { attribute, cstring, family, tlv } from '../schemas.js';
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
    ['a secret', [attribute(7, 'v', { type: 'string', secret: true })], tlv(7, ...cstring('hush'))],
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

  describe('with attributes that select', () => {
    const selector = { name: 'kind', property: 'kind' };
    const data = (outer?: true): AttributeSchema =>
      attribute(2, 'data', { type: 'sub-message', subMessage: 'm', selector: outer === undefined ? selector : { ...selector, outer } });
    const parts: Partial<FamilySchema> = {
      ...more,
      subMessages: [{ name: 'm', formats: [{ value: 'set', set: 'inner' }] }],
      sets: [...more.sets!, { name: 'deep', attributes: [data(true)] }],
    };
    const kind = attribute(1, 'kind', { type: 'string' });
    const inner = [...tlv(2, ...tlv(1, 7))];
    const selected: readonly (readonly [string, AttributeSchema, number[], object])[] = [
      ['a sub-message', data(), inner, { data: { x: 7 } }],
      ['a sub-message further in', attribute(3, 'deep', { type: 'nest', set: 'deep' }), tlv(3, ...inner), { deep: { data: { x: 7 } } }],
    ];
    for (const [title, selecting, bytes, value] of selected) {
      it(`do not include ${title}`, () => {
        const sample = family([kind, selecting], parts);
        const payload = [...tlv(1, ...cstring('set')), ...bytes];
        expect(usualDecoder(sample, 'get', Uint8Array.from(payload))).to.equal(undefined);
        const decode = decoderOf(sample);
        for (let count = 0; count <= MANY; count++) decode(payload);
        expect(decode(payload)).to.deep.equal({ kind: 'set', ...value });
      });
    }

    it('include their selectors alone', () => {
      const decode = usualDecoder(family([kind, data()], parts), 'get', Uint8Array.from(tlv(1, ...cstring('set'))))!;
      expect(decode(Uint8Array.from(tlv(1, ...cstring('tes'))))).to.deep.equal({ kind: 'tes' });
    });
  });

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

  it('end with a value that does not fit, and count nothing of its message', () => {
    const list = { type: 'indexed-array', element: { type: 'u8' } } as const;
    const sample = family([attribute(1, 'n', { type: 'nest', set: 'inner' }), attribute(2, 'v', list)], more);
    const nest = tlv(1, ...tlv(98, 2));
    const fitting = Uint8Array.from([...nest, ...tlv(2, ...tlv(1, 5))]);
    const decode = usualDecoder(sample, 'get', fitting)!;
    // The item has another width, and the attribute around it the same length.
    const misfit = Uint8Array.from([...nest, ...tlv(2, ...tlv(1, 5, 5))]);
    expect(decode(misfit)).to.equal(undefined);
    expect(decode.counter.kept).to.equal(0);
    // It is not tried again.
    expect(decode(fitting)).to.equal(undefined);
    expect(unknownAttributes(decoderOf(sample)(Array.from(misfit))).map(({ path }) => path)).to.have.members(['', '.n']);
  });

  it('end at all levels of nests with one value that does not fit', () => {
    const LEVELS = 12;
    const list = attribute(2, 'x', { type: 'indexed-array', element: { type: 'u8' } });
    const nest = (level: number): AttributeSchema => attribute(1, 'n', { type: 'nest', set: `s${level}` });
    const sets = Array.from({ length: LEVELS }, (_, level) => ({
      name: `s${level}`,
      attributes: level === LEVELS - 1 ? [list] : [nest(level + 1), list],
    }));
    const decode = decoderOf(family([nest(0), list], { sets }));
    const message = (item: number[], level = 0): number[] => [
      ...(level === LEVELS ? [] : tlv(1, ...message(item, level + 1))),
      ...tlv(2, ...item),
    ];
    for (let count = 0; count <= MANY; count++) decode(message(tlv(1, 5)));
    expect(assigned('n', () => decode(message(tlv(1, 5))))).to.equal(0);
    // Each level is decoded again once for each level around it. If all levels were decoded twice, it would be some thousand.
    expect(assigned('n', () => decode(message(tlv(1, 5, 5))))).to.be.within(1, (LEVELS * (LEVELS + 1)) / 2);
    expect(assigned('n', () => decode(message(tlv(1, 5, 5))))).to.equal(LEVELS);
  });

  it(`are at most ${MOST_FORMS} if the first message of one has others in it`, () => {
    let compiled = 0;
    const forms: UsualForms = new UsualForms({ kept: 0 }, () => {
      compiled++;
      return () => {
        feed(compiled);
        return {};
      };
    });
    const feed = (type: number): void => {
      const { words, bytes } = Frame.of(Uint8Array.from(tlv(type + 1)));
      for (let count = 0; count < USUAL; count++) forms.sample(words, bytes, 0, 0, bytes.length);
    };
    for (let type = 0; type < 40; type += 10) feed(type);
    expect(compiled).to.equal(MOST_FORMS);
  });

  const header = (members: readonly MemberSchema[], rest: Partial<StructSchema> = {}): Partial<FamilySchema> => ({
    structs: [{ name: 'h', size: 4, members, ...rest }],
    operations: [{ name: 'get', fixedHeader: 'h', set: 'top', do: { request: 1, reply: 1 } }],
  });
  const u16 = (property: string, offset: number): MemberSchema => ({ name: property, property, type: 'u16', offset, size: 2 });
  const value = attribute(1, 'v', { type: 'u8' });
  const hop = { name: 'hop', size: 4, members: [u16('len', 0), u16('f', 2)] };
  const netmask = { hint: 'netmask', address: { family: 'family' } } as const;
  const masked: MemberSchema = { name: 'm', property: 'm', type: 'u32', offset: 0, size: 4, ...netmask };
  const bodies: readonly (readonly [string, FamilySchema, number[]])[] = [
    ['a header', family([value], header([u16('a', 0), u16('b', 2)])), [...host(1, 0), ...host(2, 0), ...tlv(1, 3)]],
    [
      'a header that grows',
      family([value], header([u16('a', 0), u16('b', 2)], { minimum: 2, grows: true })),
      [...host(1, 0), ...host(2, 0), ...tlv(1, 3)],
    ],
    ['a header with __proto__', family([value], header([u16('__proto__', 0)])), [...host(9, 0), 0, 0, ...tlv(1, 3)]],
    [
      'a header with the property of an attribute',
      family([value], header([u16('v', 0), u16('w', 2)])),
      [...host(9, 0), 0, 0, ...tlv(1, 3)],
    ],
    [
      'records',
      family([attribute(1, 'hops', { type: 'records', struct: 'hop', lengthMember: 'len', set: 'inner' })], {
        structs: [hop],
        sets: [{ name: 'inner', attributes: [value] }],
      }),
      tlv(1, ...host(12, 0), ...host(6, 0), ...tlv(1, 5)),
    ],
    [
      'masks',
      family(
        [
          attribute(1, 'family', { type: 'u16' }),
          attribute(2, 's', { type: 'binary', struct: 's' }),
          attribute(3, 'mask', { type: 'u32', ...netmask }),
        ],
        { structs: [{ name: 's', size: 4, members: [masked] }] },
      ),
      [...tlv(1, ...host(2, 0)), ...tlv(2, 255, 255, 255, 0)],
    ],
  ];
  for (const [title, schema, payload] of bodies) {
    it(`${title}: the value is that of closures, before and after`, () => {
      const expected = operationCodec(schema, 'get', 'closures').decodePayload(Uint8Array.from(payload));
      const decode = decoderOf(schema);
      for (let count = 0; count <= MANY; count++) decode(payload);
      expect(Reflect.ownKeys(decode(payload))).to.deep.equal(Reflect.ownKeys(expected));
      expect(JSON.stringify(decode(payload))).to.equal(JSON.stringify(expected));
    });
  }
});
