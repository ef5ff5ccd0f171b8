import { expect } from 'chai';
import { DecodeError } from '../../lib/errors/index.js';
import { Indexes, Unknown, operationCodec, unknownAttributes, type FamilySchema } from '../../lib/schema/index.js';
import { encodeMessage, iterateMessages } from '../../lib/wire/index.js';
import { needsChildNode } from '../support/emulator.js';
import { host } from '../support/host-order.js';
import { atOddOffset } from '../wire/bytes.js';
import { MISFITS, VALUES, more } from './decode-values.js';
import { attribute, cstring, family, tlv } from './schemas.js';
import { execFileSync } from '../support/programs.js';

const KINDS = ['compiled', 'closures'] as const;

for (const kind of KINDS) {
  const decode = (schema: FamilySchema, ...payload: number[]): Record<string | symbol, unknown> =>
    operationCodec(schema, 'get', kind).decodePayload(Uint8Array.from(payload)) as Record<string | symbol, unknown>;

  describe(`decoding, ${kind}`, () => {
    for (const [title, schema, payload, value] of VALUES) {
      it(title, () => {
        expect(decode(family([attribute(7, 'v', schema)], more), ...tlv(7, ...payload))).to.deep.equal({ v: value });
      });
    }

    for (const [title, schema, payload] of MISFITS) {
      it(`keeps a ${title}, and writes it back`, () => {
        const sample = family([attribute(7, 'v', schema), attribute(8, 'w', { type: 'u8' })], more);
        const codec = operationCodec(sample, 'get', kind);
        const before = codec.kept;
        const bytes = Uint8Array.of(...tlv(0x8007, ...payload), ...tlv(8, 1));
        const value = codec.decodePayload(bytes) as Record<string | symbol, unknown>;
        expect(value['v']).to.equal(undefined);
        expect('v' in value).to.equal(false);
        expect(value['w']).to.equal(1);
        expect(value[Unknown]).to.deep.equal([{ type: 7, flags: 0x8000, payload: Uint8Array.from(payload) }]);
        expect(codec.kept - before).to.equal(1);
        expect(Array.from(codec.encode(value))).to.deep.equal([...tlv(8, 1), ...tlv(0x8007, ...payload)]);
      });
    }

    it('keeps unknown attributes in the object that contains them', () => {
      const sample = family([attribute(1, 'n', { type: 'nest', set: 'inner' })], more);
      const value = decode(sample, ...tlv(99, 1), ...tlv(1, ...tlv(98, 2), ...tlv(97)));
      expect(unknownAttributes(value)).to.deep.equal([
        { path: '', attribute: { type: 99, flags: 0, payload: Uint8Array.of(1) } },
        { path: '.n', attribute: { type: 98, flags: 0, payload: Uint8Array.of(2) } },
        { path: '.n', attribute: { type: 97, flags: 0, payload: Uint8Array.of() } },
      ]);
    });

    // The `slice` of a Buffer returns a view.
    for (const type of [Uint8Array, Buffer]) {
      it(`copies bytes of a ${type.name}`, () => {
        const bytes = type.from([...tlv(1, 1, 2, 3), ...tlv(9, 4)]);
        const value = operationCodec(family([attribute(1, 'v', { type: 'binary' })]), 'get', kind).decodePayload(bytes) as {
          v: Uint8Array;
          [Unknown]: { payload: Uint8Array }[];
        };
        bytes.fill(0);
        expect(value.v).to.deep.equal(Uint8Array.of(1, 2, 3));
        expect(value.v.buffer.byteLength).to.equal(3);
        expect(value[Unknown][0]!.payload).to.deep.equal(Uint8Array.of(4));
      });
    }

    it('sets members to 0 that the struct of an older kernel lacks, and keeps a payload below the minimum', () => {
      const sample = family([attribute(7, 'v', { type: 'binary', struct: 'grown' })], {
        structs: [
          {
            name: 'grown',
            size: 18,
            minimum: 4,
            members: [
              { name: 'a', property: 'a', type: 'u32', offset: 0, size: 4 },
              { name: 'b', property: 'b', type: 'u64', offset: 4, size: 8 },
              { name: 'c', property: 'c', type: 'binary', offset: 12, size: 6 },
            ],
          },
        ],
      });
      const whole = [...host(1, 2, 3, 4), ...host(5, 0, 0, 0, 0, 0, 0, 0), 6, 7, 8, 9, 10, 11];
      const of = (length: number) => decode(sample, ...tlv(7, ...whole.slice(0, length)))['v'];
      const a = 0x0403_0201;
      expect(of(18)).to.deep.equal({ a, b: 5n, c: Uint8Array.of(6, 7, 8, 9, 10, 11) });
      expect(of(14)).to.deep.equal({ a, b: 5n, c: Uint8Array.of(6, 7, 0, 0, 0, 0) });
      expect(of(12)).to.deep.equal({ a, b: 5n, c: new Uint8Array(6) });
      expect(of(4)).to.deep.equal({ a, b: 0n, c: new Uint8Array(6) });
      const short = decode(sample, ...tlv(7, 1, 2, 3));
      expect('v' in short).to.equal(false);
      expect(short[Unknown]).to.deep.equal([{ type: 7, flags: 0, payload: Uint8Array.of(1, 2, 3) }]);
    });

    it('collects repeated attributes, takes the last of other attributes, and skips padding', () => {
      const sample = family([
        attribute(1, 'many', { type: 'u8', multi: true }),
        attribute(2, 'one', { type: 'u8' }),
        attribute(3, 'pad', { type: 'pad' }),
      ]);
      expect(decode(sample, ...tlv(1, 5), ...tlv(2, 6), ...tlv(3), ...tlv(1, 7), ...tlv(2, 8))).to.deep.equal({ many: [5, 7], one: 8 });
    });

    it('sets header fields first, then attributes in the order of the wire', () => {
      const sample = family([attribute(1, 'z', { type: 'u8' }), attribute(2, 'y', { type: 'u8' })], {
        ...more,
        operations: [{ name: 'get', set: 'top', fixedHeader: 'pair', do: { request: 1 } }],
      });
      const value = decode(sample, 1, 9, 0, 0, 0, 2, 255, 0, ...tlv(2, 1), ...tlv(1, 2));
      expect(Object.keys(value)).to.deep.equal(['a', 'b', 'c', 'y', 'z']);
      expect(Object.getPrototypeOf(value)).to.equal(Object.prototype);
    });

    it('replaces a header field by the attribute of the same name', () => {
      const sample = family([attribute(1, 'a', { type: 'u32' })], {
        ...more,
        operations: [{ name: 'get', set: 'top', fixedHeader: 'pair', do: { request: 1 } }],
      });
      expect(decode(sample, 254, 9, 0, 0, 0, 2, 255, 0, ...tlv(1, ...host(1, 1, 0, 0)))).to.deep.equal({ a: 257, b: 2, c: -1 });
      expect(decode(sample, 254, 9, 0, 0, 0, 2, 255, 0)).to.deep.equal({ a: 254, b: 2, c: -1 });
    });

    it('keeps indexes that are not 1, 2, 3', () => {
      const sample = family([attribute(1, 'list', { type: 'indexed-array', element: { type: 'u8' } })]);
      const { list } = decode(sample, ...tlv(1, ...tlv(0, 5), ...tlv(0, 6))) as { list: number[] & { [Indexes]?: number[] } };
      expect(list[Indexes]).to.deep.equal([0, 0]);
      expect(Object.keys(list)).to.deep.equal(['0', '1']);
    });

    it('keeps the unknown attributes of an ordered nest at their index, and drops padding', () => {
      const sample = family([
        attribute(1, 'list', { type: 'ordered-nest', set: 'top' }),
        attribute(2, 'n', { type: 'u8' }),
        attribute(3, 'pad', { type: 'pad' }),
      ]);
      const read = decode(sample, ...tlv(1, ...tlv(2, 5), ...tlv(9, 6), ...tlv(3), ...tlv(2, 7, 7), ...tlv(2, 5)));
      expect(read).to.deep.equal({
        list: [
          { n: 5 },
          { [Unknown]: [{ type: 9, flags: 0, payload: Uint8Array.of(6) }] },
          { [Unknown]: [{ type: 2, flags: 0, payload: Uint8Array.of(7, 7) }] },
          { n: 5 },
        ],
      });
      expect(() => decode(sample, ...tlv(1, ...tlv(2, 5), ...host(9, 0), ...host(2, 0)))).to.throw(DecodeError, /^EDECODE \.list/);
      expect(() => decode(sample, ...tlv(1, ...tlv(2, 5), ...tlv(1, ...host(9, 0), ...host(2, 0))))).to.throw(
        DecodeError,
        /^EDECODE \.list\[1\]\.list/,
      );
    });

    it('separates records by their own lengths', () => {
      const hop = {
        name: 'hop',
        size: 4,
        members: [
          { name: 'len', property: 'len', type: 'u16', offset: 0, size: 2 },
          { name: 'n', property: 'n', type: 'u16', offset: 2, size: 2 },
        ],
      } as const;
      const sample = family([attribute(1, 'hops', { type: 'records', struct: 'hop', lengthMember: 'len', set: 'inner' })], {
        ...more,
        structs: [hop],
      });
      expect(decode(sample, ...tlv(1, ...host(12, 0), ...host(8, 0), ...tlv(1, 7), ...host(4, 0), ...host(9, 0)))).to.deep.equal({
        hops: [{ n: 8, x: 7 }, { n: 9 }],
      });
      expect(() => decode(sample, ...tlv(1, ...host(13, 0), ...host(8, 0), ...tlv(1, 7)))).to.throw(
        DecodeError,
        /^EDECODE \.hops: record: expected a length from 4 to 12, got 13/,
      );
    });

    describe('sub-messages', () => {
      const formats = [
        { value: 'struct', fixedHeader: 'pair' },
        { value: 'set', set: 'inner' },
        { value: 'both', fixedHeader: 'pair', set: 'inner' },
        { value: 'none' },
        { value: 'plain', content: { type: 'u8' } },
      ] as const;
      const sample = family(
        [
          attribute(1, 'kind', { type: 'string' }),
          attribute(2, 'data', { type: 'sub-message', subMessage: 'm', selector: { name: 'kind', property: 'kind' } }),
          attribute(3, 'deep', { type: 'nest', set: 'deep' }),
        ],
        {
          ...more,
          subMessages: [{ name: 'm', formats }],
          sets: [
            ...more.sets!,
            {
              name: 'deep',
              attributes: [
                attribute(1, 'data', { type: 'sub-message', subMessage: 'm', selector: { name: 'kind', property: 'kind', outer: true } }),
              ],
            },
          ],
        },
      );

      it('have the format that the preceding attribute selects', () => {
        const header = [1, 9, 0, 0, 0, 2, 255, 0];
        expect(decode(sample, ...tlv(1, ...cstring('set')), ...tlv(2, ...tlv(1, 7)))['data']).to.deep.equal({ x: 7 });
        expect(decode(sample, ...tlv(1, ...cstring('struct')), ...tlv(2, ...header))['data']).to.deep.equal({ a: 1, b: 2, c: -1 });
        expect(decode(sample, ...tlv(1, ...cstring('both')), ...tlv(2, ...header, ...tlv(1, 7)))['data']).to.deep.equal({
          a: 1,
          b: 2,
          c: -1,
          x: 7,
        });
        expect(decode(sample, ...tlv(1, ...cstring('none')), ...tlv(2))['data']).to.deep.equal({});
        expect(decode(sample, ...tlv(1, ...cstring('plain')), ...tlv(2, 5))['data']).to.equal(5);
      });

      it('have the format that a following attribute selects', () => {
        const value = decode(sample, ...tlv(2, ...tlv(1, 7)), ...tlv(1, ...cstring('set')));
        expect(value).to.deep.equal({ data: { x: 7 }, kind: 'set' });
        expect(Object.keys(value)).to.deep.equal(['data', 'kind']);
      });

      it('have the format that an attribute of an enclosing set selects', () => {
        expect(decode(sample, ...tlv(1, ...cstring('set')), ...tlv(3, ...tlv(1, ...tlv(1, 7))))).to.deep.equal({
          kind: 'set',
          deep: { data: { x: 7 } },
        });
      });

      it('are kept as bytes if their kind is unknown or absent', () => {
        const unknown = [{ type: 2, flags: 0, payload: Uint8Array.from(tlv(1, 7)) }];
        expect(decode(sample, ...tlv(1, ...cstring('constructor')), ...tlv(2, ...tlv(1, 7)))[Unknown]).to.deep.equal(unknown);
        expect(decode(sample, ...tlv(2, ...tlv(1, 7)))[Unknown]).to.deep.equal(unknown);
      });
    });

    it('throws DecodeError with offset and path for a wrong length', () => {
      const sample = family([attribute(1, 'n', { type: 'nest', set: 'inner' })], more);
      const broken = tlv(1, ...tlv(2, ...host(9, 0), ...host(1, 0)));
      expect(() => decode(sample, ...broken))
        .to.throw(DecodeError, 'EDECODE .n.again.x: attribute: expected a length from 4 to 4, got 9 (offset 8)')
        .that.includes({ offset: 8, path: '.n.again.x', code: 'EDECODE' });
      expect(() => decode(sample, ...host(3, 0), ...host(1, 0))).to.throw(DecodeError, /from 4 to \d+, got 3 /);
      expect(() => decode(sample, 4, 0)).to.throw(DecodeError, /attribute header: expected 4 bytes, got 2 /);
    });

    it('throws DecodeError for a header that is too short', () => {
      const sample = family([], { ...more, operations: [{ name: 'get', set: 'top', fixedHeader: 'pair', do: { request: 1 } }] });
      expect(() => decode(sample, 1, 2, 3)).to.throw(DecodeError, 'header of get: expected more than 3 bytes');
    });

    it('throws DecodeError for a nest inside 32 others', () => {
      const sample = family([attribute(2, 'again', { type: 'nest', set: 'inner' })], more);
      const nested = (levels: number): number[] => (levels === 0 ? [] : tlv(2, ...nested(levels - 1)));
      expect(decode(sample, ...nested(32))).to.be.an('object');
      expect(() => decode(sample, ...nested(33))).to.throw(DecodeError, /at most 32 levels of nests/);
    });

    it('decodes messages, generic headers, and payloads at any offset', () => {
      const sample = family([attribute(1, 'v', { type: 'u32' })], { generic: { version: 1 } });
      const payload = Uint8Array.of(1, 1, 0, 0, ...tlv(1, ...host(7, 0, 0, 0)));
      const codec = operationCodec(sample, 'get', kind);
      for (const message of iterateMessages(encodeMessage({ type: 20, payload }))) expect(codec.decode(message)).to.deep.equal({ v: 7 });
      for (const offset of [0, 1, 2, 3]) expect(codec.decodePayload(atOddOffset(payload, offset))).to.deep.equal({ v: 7 });
      expect(() => codec.decodePayload(payload.subarray(0, 3))).to.throw(DecodeError);
    });
  });
}

describe('the choice of a back end', () => {
  it('is closures if the program forbids code from strings', function () {
    needsChildNode(this);
    const program = `
      import { operationCodec } from './lib/schema/index.ts';
      import { rtRouteSchema } from './lib/families/generated/rt-route.ts';
      const codec = operationCodec(rtRouteSchema, 'getroute');
      let forbidden = false;
      try { new Function('return 1'); } catch (error) { forbidden = error instanceof EvalError; }
      const value = codec.decodePayload(codec.encode({ rtmFamily: 2, dst: '192.0.2.0', rtmDstLen: 24 }));
      process.stdout.write(JSON.stringify([forbidden, value.dst, codec === operationCodec(rtRouteSchema, 'getroute', 'closures')]));
    `;
    const flags = ['--disallow-code-generation-from-strings', '--import', 'tsx', '--input-type=module', '-e', program];
    expect(execFileSync(process.execPath, flags, { encoding: 'utf8' })).to.equal('[true,"192.0.2.0",true]');
  });

  it('names the operation with the most similar name', () => {
    expect(() => operationCodec(family([]), 'got')).to.throw(TypeError, "sample has no operation 'got': did you mean get?");
  });
});
