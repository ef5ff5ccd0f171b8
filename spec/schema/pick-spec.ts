import { expect } from 'chai';
import { DecodeError } from '../../lib/errors/index.js';
import { Unknown, operationCodec, type FamilySchema } from '../../lib/schema/index.js';
import { BoundedMap } from '../../lib/schema/decode/bounded-map.js';
import { MOST_PICKS } from '../../lib/schema/descriptor/pick.js';
import { rtLinkSchema } from '../../lib/families/rt-link.js';
import { host } from '../support/host-order.js';
import { attribute, cstring, family, tlv } from './schemas.js';

/** `kind` selects the format of `data` in the same set, and of `deep.data` from outside. */
const choosing: FamilySchema = family(
  [
    attribute(1, 'kind', { type: 'string' }),
    attribute(2, 'data', { type: 'sub-message', subMessage: 'kinds', selector: { name: 'kind', property: 'kind' } }),
    attribute(3, 'deep', { type: 'nest', set: 'deep' }),
    attribute(4, 'plain', { type: 'u8' }),
    attribute(5, 'many', { type: 'u8', multi: true }),
    attribute(6, 'pad', { type: 'pad' }),
  ],
  {
    structs: [
      {
        name: 'header',
        size: 4,
        members: [
          { name: 'first', property: 'first', type: 'u8', offset: 0, size: 1 },
          { name: 'second', property: 'second', type: 'u8', offset: 1, size: 1 },
          { name: 'plain', property: 'plain', type: 'u16', offset: 2, size: 2 },
        ],
      },
    ],
    sets: [
      {
        name: 'deep',
        attributes: [
          attribute(1, 'data', { type: 'sub-message', subMessage: 'kinds', selector: { name: 'kind', property: 'kind', outer: true } }),
        ],
      },
      { name: 'a', attributes: [attribute(1, 'x', { type: 'u8' })] },
      { name: 'b', attributes: [attribute(1, 'y', { type: 'string' })] },
    ],
    subMessages: [
      {
        name: 'kinds',
        formats: [
          { value: 'a', set: 'a' },
          { value: 'b', set: 'b' },
        ],
      },
    ],
    operations: [{ name: 'get', set: 'top', fixedHeader: 'header', do: { request: 1 } }],
  },
);

const message = Uint8Array.of(
  ...[1, 2, ...host(3, 0)],
  ...tlv(1, ...cstring('a')),
  ...tlv(2, ...tlv(1, 5)),
  ...tlv(3, ...tlv(1, ...tlv(1, 6))),
  ...tlv(5, 7),
  ...tlv(99, 1),
  ...tlv(6),
  ...tlv(5, 8),
);

for (const kind of ['compiled', 'closures'] as const) {
  const pick = (properties: readonly string[], bytes = message): object =>
    operationCodec(choosing, 'get', kind).pick(properties).decodePayload(bytes);

  describe(`picking, ${kind}`, () => {
    it('returns the picked properties: header fields, then attributes in the order of the wire', () => {
      const row = pick(['many', 'data', 'second']);
      expect(row).to.deep.equal({ second: 2, data: { x: 5 }, many: [7, 8] });
      expect(Object.keys(row)).to.deep.equal(['second', 'data', 'many']);
      expect(Object.getPrototypeOf(row)).to.equal(Object.prototype);
    });

    it('follows a caller that changes its list, and other picks in between', () => {
      const names = ['second', 'plain'];
      expect(pick(names)).to.deep.equal({ second: 2, plain: 3 });
      names[1] = 'first';
      expect(pick(names)).to.deep.equal({ first: 1, second: 2 });
      expect(pick(['second'])).to.deep.equal({ second: 2 });
      expect(pick(['second', 'plain'])).to.deep.equal({ second: 2, plain: 3 });
      expect(() => pick(['second', 'plane'])).to.throw(TypeError, "no property 'plane'");
    });

    it('returns an empty object for an empty pick', () => {
      expect(pick([])).to.deep.equal({});
      expect(Reflect.ownKeys(pick([]))).to.deep.equal([]);
    });

    it('decodes a sub-message without its selector in the pick, before or after it', () => {
      expect(pick(['data'])).to.deep.equal({ data: { x: 5 } });
      const behind = Uint8Array.of(...[0, 0, 0, 0], ...tlv(2, ...tlv(1, ...cstring('t'))), ...tlv(1, ...cstring('b')));
      expect(pick(['data'], behind)).to.deep.equal({ data: { y: 't' } });
    });

    it('decodes a sub-message further in without its selector in the pick', () => {
      expect(pick(['deep'])).to.deep.equal({ deep: { data: { x: 6 } } });
      expect(pick(['deep', 'kind'])).to.deep.equal({ kind: 'a', deep: { data: { x: 6 } } });
    });

    it('keeps as unknown only picked attributes that do not fit', () => {
      const codec = operationCodec(choosing, 'get', kind).pick(['plain', 'many']);
      const before = codec.kept;
      expect(Reflect.ownKeys(codec.decodePayload(message))).to.deep.equal(['plain', 'many']);
      expect(codec.kept).to.equal(before);
      const misfit = codec.decodePayload(Uint8Array.of(...[1, 2, ...host(3, 0)], ...tlv(5, 1, 2), ...tlv(1))) as { [Unknown]?: unknown };
      expect(misfit[Unknown]).to.deep.equal([{ type: 5, flags: 0, payload: Uint8Array.of(1, 2) }]);
      expect(codec.kept).to.equal(before + 1);
    });

    it('returns the attribute instead of the header field of the same name, and the field if the attribute is absent', () => {
      expect(pick(['plain'])).to.deep.equal({ plain: 3 });
      expect(pick(['plain'], Uint8Array.of(...message, ...tlv(4, 9)))).to.deep.equal({ plain: 9 });
    });

    it('throws for a wrong length, also in attributes that it skips', () => {
      expect(() => pick(['first'], Uint8Array.of(...[1, 2, ...host(3, 0)], ...host(3, 0), ...host(1, 0)))).to.throw(DecodeError);
      expect(() => pick(['first'], Uint8Array.of(1, 2))).to.throw(DecodeError);
    });

    it('rejects names that no message has and suggests a similar one', () => {
      const codec = operationCodec(rtLinkSchema, 'getlink', kind);
      expect(() => codec.pick(['ifname', 'mtuu'])).to.throw(
        TypeError,
        "getlink of rt-link has no property 'mtuu' to pick: did you mean mtu?",
      );
      // `ip -j` has this name, and newIfindex ends like it.
      expect(() => codec.pick(['ifindex'])).to.throw(TypeError, /did you mean ifiIndex\?$/);
      expect(() => codec.pick(['toString'])).to.throw(TypeError);
      expect(() => operationCodec(choosing, 'get', kind).pick(['pad'])).to.throw(TypeError);
      expect(() => operationCodec(choosing, 'get', kind).pick([5 as never])).to.throw(TypeError);
    });

    it('accepts a property that only a variant of the messages has', () => {
      // AF_BRIDGE, IFLA_IFNAME 3
      const bridge = Uint8Array.of(7, ...new Array<number>(15).fill(0), ...tlv(3, ...cstring('br0')));
      expect(operationCodec(rtLinkSchema, 'getlink', kind).pick(['ifname']).decodePayload(bridge)).to.deep.equal({ ifname: 'br0' });
    });

    it('returns one codec for equal picks', () => {
      const codec = operationCodec(choosing, 'get', kind);
      expect(codec.pick(['first', 'kind'])).to.equal(codec.pick(['kind', 'first', 'kind']));
      expect(codec.pick(['first', 'kind']).picked).to.deep.equal(['first', 'kind']);
      expect(codec.pick(['first'])).not.to.equal(codec);
    });

    it('evicts codecs when a program makes many picks', () => {
      const names = Array.from({ length: 9 }, (_, number) => `p${number}`);
      const wide = family(names.map((name, number) => attribute(number + 1, name, { type: 'u8' })));
      const codec = operationCodec(wide, 'get', kind);
      const first = codec.pick(['p0']);
      for (let bits = 2; bits < 2 ** 9; bits++) {
        const some = names.filter((_, number) => (bits >> number) & 1);
        expect(
          Object.keys(codec.pick(some).decodePayload(Uint8Array.of(...names.flatMap((_, number) => tlv(number + 1, number))))),
        ).to.deep.equal(some);
      }
      expect(codec.pick(['p0'])).not.to.equal(first);
      expect(codec.pick(['p0'])).to.equal(codec.pick(['p0']));
    });
  });
}

describe('BoundedMap', () => {
  it('keeps the entries that were used last', () => {
    const map = new BoundedMap<number, { at: number }>(3);
    const ask = (key: number): { at: number } => map.get(key, () => ({ at: key }));
    const first = ask(1);
    for (const key of [2, 3, 1, 4]) ask(key);
    expect(map.size).to.equal(3);
    expect(ask(1)).to.equal(first);
    let made = 0;
    map.get(2, () => ({ at: ++made }));
    expect(made).to.equal(1);
    expect(map.size).to.equal(3);
  });

  it('bounds the number of compiled picks', () => {
    expect(MOST_PICKS).to.be.within(8, 1024);
  });
});
