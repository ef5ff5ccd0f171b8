import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { EncodeError } from '../../lib/errors/index.js';
import { rtLinkSchema } from '../../lib/families/generated/rt-link.js';
import { rtRouteSchema } from '../../lib/families/generated/rt-route.js';
import { tcSchema } from '../../lib/families/generated/tc.js';
import { Indexes, Unknown, operationCodec, type AttributeSchema, type FamilySchema } from '../../lib/schema/index.js';
import { AttributeReader, hostIsLittleEndian } from '../../lib/wire/index.js';
import { host } from '../support/host-order.js';
import { VALUES, more } from './decode-values.js';
import { attribute, family, tlv } from './schemas.js';

type Rest = Omit<AttributeSchema, 'id' | 'name' | 'property'>;

function encode(schema: FamilySchema, value: object): number[] {
  return Array.from(operationCodec(schema, 'get').encode(value));
}

/** Encodes one attribute, number 7. */
function encodeOne(rest: Rest, value: unknown): number[] {
  return encode(family([attribute(7, 'v', rest)], more), { v: value });
}

/** A value that is rejected, and the text of the error. */
const REFUSED: readonly [rest: Rest, value: unknown, message: RegExp][] = [
  [{ type: 'u8' }, 256, /^EENCODE \.v: 256 is not an integer from 0 to 255$/],
  [{ type: 'u8' }, -1, /-1 is not an integer from 0 to 255/],
  [{ type: 'u8' }, 1.5, /1\.5 is not/],
  [{ type: 'u8' }, Number.NaN, /NaN is not/],
  [{ type: 'u8' }, '1', /"1" is not a number/],
  [{ type: 'u8' }, null, /null is not an integer/],
  [{ type: 'u8' }, true, /true is not an integer/],
  [{ type: 'u8' }, 1n, /1n is not an integer/],
  [{ type: 's8' }, 128, /128 is not an integer from -128 to 127/],
  [{ type: 'u32' }, 2 ** 32, /4294967296 is not an integer from 0 to 4294967295/],
  [{ type: 'u64' }, 2n ** 64n, /18446744073709551616n is not a bigint from 0 to 18446744073709551615/],
  [{ type: 'u64' }, -1n, /-1n is not/],
  [{ type: 'u64' }, 2 ** 53, /9007199254740992 is not a bigint/],
  [{ type: 's64' }, 2n ** 63n, /is not a bigint from -9223372036854775808/],
  [{ type: 'uint' }, -1n, /-1n is not a bigint from 0/],
  [{ type: 'sint' }, 2n ** 63n, /is not a bigint/],
  [{ type: 'u8', enum: 'colours' }, 'gren', /'gren' is not in colours: did you mean green\?/],
  [{ type: 'u8', enum: 'colours' }, 'blue', /300 is not an integer|"blue" is not an integer/],
  [{ type: 'string' }, 1, /1 is not a string/],
  [{ type: 'string' }, 'a\0b', /a NUL would end the string/],
  [{ type: 'string', checks: { maxLength: 3 } }, 'Gerät', /expected at most 3 bytes of text, got 6/],
  [{ type: 'string', checks: { minLength: 3 } }, 'a', /expected at least 3 bytes of text, got 1/],
  [{ type: 'string' }, 'a\ud800', /has half of a surrogate pair/],
  [{ type: 'flag' }, 1, /1 is not a boolean/],
  [{ type: 'binary' }, 'text', /a string is not a Uint8Array/],
  [{ type: 'binary' }, { BYTES_PER_ELEMENT: 1, byteLength: 32 }, /an object is not a Uint8Array/],
  [{ type: 'binary', checks: { exactLength: 4 } }, Uint8Array.of(1), /expected 4 bytes, got 1/],
  [{ type: 'binary', checks: { minLength: 2, maxLength: 3 } }, Uint8Array.of(1, 2, 3, 4), /expected at most 3 bytes, got 4/],
  [{ type: 'binary', checks: { lengths: [4, 8] } }, Uint8Array.of(1, 2, 3, 4, 5), /expected 4 or 8 bytes, got 5/],
  [{ type: 'binary', hint: 'ipv4' }, '192.0.2.256', /"192\.0\.2\.256" is not an IP address/],
  [{ type: 'binary', hint: 'ipv6', checks: { exactLength: 16 } }, '192.0.2.1', /"192.0.2.1" is an IPv4 address; expected an IPv6 address/],
  [{ type: 'binary', hint: 'mac' }, '02:00:00:00:00:zz', /is not an address/],
  [{ type: 'binary', hint: 'uuid' }, '0010', /"0010" is not a UUID/],
  [{ type: 'binary', hint: 'sockaddr_in-or-sockaddr_in6' }, '192.0.2.1:99999', /is not an address with a port/],
  [{ type: 'u32', checks: { min: 2, max: 4 } }, 5, /5 is out of range: at least 2, at most 4/],
  [{ type: 'u64', checks: { max: 4n } }, 5n, /5 is out of range: at most 4/],
  [{ type: 'u8', checks: { flagsMask: 6 } }, 9, /9 has bits that are not in 0x6/],
  [{ type: 'bitfield32' }, 1, /1 is not an object of value and selector/],
  [{ type: 'bitfield32' }, { value: 1 }, /undefined is not an integer/],
  [{ type: 'binary', struct: 'pair' }, { a: 1, bb: 2 }, /^EENCODE \.v\.bb: did you mean b\?$/],
  [{ type: 'binary', struct: 'pair' }, { a: 300 }, /^EENCODE \.v\.a: 300 is not/],
  [{ type: 'binary', struct: 'pair' }, Uint8Array.of(1), /expected at least 7 bytes for pair, got 1/],
  [{ type: 'nest', set: 'inner' }, [], /an array is not an object/],
  [{ type: 'nest', set: 'inner' }, { again: { x: 'y' } }, /^EENCODE \.v\.again\.x: /],
  [{ type: 'ordered-nest', set: 'inner' }, { x: 1 }, /^EENCODE \.v: an object is not an array$/],
  [{ type: 'ordered-nest', set: 'inner' }, [{ x: 1 }, 2], /^EENCODE \.v\[1\]: 2 is not an object$/],
  [{ type: 'ordered-nest', set: 'inner' }, [{ x: 1 }, {}], /^EENCODE \.v\[1\]: expected one property, got none$/],
  [{ type: 'ordered-nest', set: 'inner' }, [{ x: undefined }], /^EENCODE \.v\[0\]: expected one property, got none$/],
  [{ type: 'ordered-nest', set: 'inner' }, [{ x: 1, again: {} }], /^EENCODE \.v\[0\]: expected one property, got x, again$/],
  [
    { type: 'ordered-nest', set: 'inner' },
    [{ x: 1, [Unknown]: [{ type: 9, flags: 0, payload: Uint8Array.of() }] }],
    /^EENCODE \.v\[0\]: expected one property, got x, \[unknown\]$/,
  ],
  [{ type: 'ordered-nest', set: 'inner' }, [{ x: 1 }, { again: { x: 256 } }], /^EENCODE \.v\[1\]\.again\.x: 256 is not/],
  [{ type: 'ordered-nest', set: 'inner' }, [{ y: 1 }], /^EENCODE \.v\[0\]\.y: /],
  [{ type: 'u8', multi: true }, 1, /1 is not an array/],
  [{ type: 'u8', multi: true }, [1, 256], /^EENCODE \.v\[1\]: 256 is not/],
  [
    { type: 'indexed-array', element: { type: 'u8' } },
    Object.assign([1], { [Indexes]: [0x4000] }),
    /^EENCODE \.v\[0\]: 16384 is not an index/,
  ],
  [{ type: 'nest-type-value', typeValue: ['id'], element: { type: 'u8' } }, [{ value: 1 }], /undefined is not the number 'id'/],
  [{ type: 'binary' }, new Uint8Array(65_532), /expected at most 65535 bytes for an attribute, got 65536/],
];

describe('encoding', () => {
  for (const [title, rest, payload, value] of VALUES) {
    if (/longer|without NUL|up to its first/.test(title)) continue;
    it(`writes what decodes as ${title}`, () => {
      const schema = family([attribute(7, 'v', rest)], more);
      const written = operationCodec(schema, 'get').encode({ v: value }, 'reply');
      expect(operationCodec(schema, 'get').decodePayload(written)).to.deep.equal({ v: value });
      // The bytes are the same, unless a flag bit, padding or a list of levels is encoded in another form.
      if (!/nest|struct|empty|indexed|type-value|sint of 8/.test(title)) expect(Array.from(written)).to.deep.equal(tlv(7, ...payload));
    });
  }

  for (const [rest, value, message] of REFUSED) {
    it(`throws ${String(message)}`, () => {
      expect(() => encodeOne(rest, value)).to.throw(EncodeError, message);
    });
  }

  it('encodes bytes of another realm, as test runners create them', () => {
    const bytes: unknown = runInNewContext('Uint8Array.of(1, 2, 3, 0, 0, 0, 0)');
    for (const rest of [{ type: 'binary' }, { type: 'binary', struct: 'pair' }] as const) {
      expect(encodeOne(rest, bytes), JSON.stringify(rest)).to.deep.equal(tlv(7, 1, 2, 3, 0, 0, 0, 0));
    }
    expect(encode(family([]), { [Unknown]: [{ type: 7, flags: 0, payload: bytes }] })).to.deep.equal(tlv(7, 1, 2, 3, 0, 0, 0, 0));
  });

  it('rejects unknown properties and suggests a similar name', () => {
    expect(() => operationCodec(rtLinkSchema, 'newlink').encode({ mtuu: 1400 })).to.throw(EncodeError, /mtuu: did you mean mtu\?$/);
    // `ip -j` has this name, and newIfindex ends like it.
    expect(() => operationCodec(rtLinkSchema, 'newlink').encode({ ifindex: 1 })).to.throw(EncodeError, /did you mean ifiIndex\?$/);
    expect(() => operationCodec(rtLinkSchema, 'newlink').encode({ ifi_index: 1 })).to.throw(EncodeError, /did you mean ifiIndex\?$/);
    expect(() => operationCodec(rtLinkSchema, 'newlink').encode({ xyzzyPlugh: 1 })).to.throw(
      EncodeError,
      /\.xyzzyPlugh: there is no such property/,
    );
    const request = { linkinfo: { kind: 'vxlan', data: { id: -1 } } };
    expect(() => operationCodec(rtLinkSchema, 'newlink').encode(request))
      .to.throw(EncodeError)
      .that.includes({ path: '.linkinfo.data.id' });
  });

  it('accepts names, numbers, bytes and safe integers for values with several forms', () => {
    expect(encodeOne({ type: 'u8', enum: 'colours' }, 1)).to.deep.equal(tlv(7, 1));
    expect(encodeOne({ type: 'u8', enum: 'colours' }, 'green')).to.deep.equal(tlv(7, 1));
    expect(encodeOne({ type: 'u64' }, 5)).to.deep.equal(tlv(7, ...host(5, 0, 0, 0, 0, 0, 0, 0)));
    expect(encodeOne({ type: 'binary', hint: 'ipv4' }, Uint8Array.of(192, 0, 2, 1))).to.deep.equal(tlv(7, 192, 0, 2, 1));
    expect(encodeOne({ type: 'binary', hint: 'mac', address: { anyWidth: true } }, '192.0.2.1')).to.deep.equal(tlv(7, 192, 0, 2, 1));
    expect(encodeOne({ type: 'binary', struct: 'pair' }, {})).to.deep.equal(tlv(7, 0, 0, 0, 0, 0, 0, 0));
    expect(encodeOne({ type: 'uint' }, 1n)).to.deep.equal(tlv(7, ...host(1, 0, 0, 0)));
    expect(encodeOne({ type: 'string', checks: { maxLength: 2, unterminatedOk: true } }, 'ab')).to.deep.equal(tlv(7, 97, 98));
    expect(encodeOne({ type: 'string', checks: { maxLength: 3, unterminatedOk: true } }, 'ab')).to.deep.equal(tlv(7, 97, 98, 0));
  });

  it('encodes IPv4 addresses and rejects similar texts', () => {
    const rest: Rest = { type: 'binary', hint: 'ipv4' };
    for (const [text, bytes] of [
      ['0.0.0.0', [0, 0, 0, 0]],
      ['255.255.255.255', [255, 255, 255, 255]],
      ['10.0.200.9', [10, 0, 200, 9]],
      ['128.0.0.1', [128, 0, 0, 1]],
    ] as const) {
      expect(encodeOne(rest, text)).to.deep.equal(tlv(7, ...bytes));
    }
    for (const text of [
      '',
      '.',
      '1',
      '1.2.3',
      '1.2.3.',
      '.1.2.3',
      '1..2.3',
      '1.2.3.4.',
      '1.2.3.4.5',
      '01.2.3.4',
      '1.2.3.00',
      '256.1.1.1',
      '1.2.3.-4',
      '1.2.3.4 ',
      '1.2.3./',
      '1.2.3.:',
    ]) {
      expect(() => encodeOne(rest, text), text).to.throw(EncodeError, /is not an IP address/);
    }
  });

  it('omits undefined properties, false flags, and empty lists', () => {
    expect(encodeOne({ type: 'u8' }, undefined)).to.deep.equal([]);
    expect(encodeOne({ type: 'flag' }, false)).to.deep.equal([]);
    expect(encodeOne({ type: 'u8', multi: true }, [])).to.deep.equal([]);
  });

  it('sets NESTED on nests, except on nests with a header', () => {
    expect(encodeOne({ type: 'nest', set: 'inner' }, { again: {} })).to.deep.equal(tlv(0x8007, ...tlv(0x8002)));
    expect(encodeOne({ type: 'indexed-array', element: { type: 'nest', set: 'inner' } }, [{}])).to.deep.equal(tlv(0x8007, ...tlv(0x8001)));
    expect(encodeOne({ type: 'nest', set: 'inner', struct: 'pair' }, { x: 1 })).to.deep.equal(tlv(7, 0, 0, 0, 0, 0, 0, 0, 0, ...tlv(1, 1)));
    expect(
      encodeOne({ type: 'nest-type-value', typeValue: ['p', 'q'], element: { type: 'u8' } }, [{ p: 1, q: 2, value: 3 }]),
    ).to.deep.equal(tlv(0x8007, ...tlv(0x8001, ...tlv(2, 3))));
  });

  it('writes a header field and the attribute of the same name; the field is 0 if the value does not fit', () => {
    const sample = family([attribute(1, 'a', { type: 'u32' })], {
      ...more,
      operations: [{ name: 'get', set: 'top', fixedHeader: 'pair', do: { request: 1 } }],
    });
    expect(encode(sample, { a: 254, b: 1 })).to.deep.equal([254, 0, 0, 0, 0, 1, 0, 0, ...tlv(1, ...host(254, 0, 0, 0))]);
    expect(encode(sample, { a: 257 })).to.deep.equal([0, 0, 0, 0, 0, 0, 0, 0, ...tlv(1, ...host(1, 1, 0, 0))]);
  });

  it('writes the header field or the attribute of one name, by the type of the value', () => {
    const sample = family([attribute(1, 'a', { type: 'nest', set: 'inner' })], {
      ...more,
      operations: [{ name: 'get', set: 'top', fixedHeader: 'pair', do: { request: 1 } }],
    });
    expect(encode(sample, { a: 254 })).to.deep.equal([254, 0, 0, 0, 0, 0, 0, 0]);
    expect(encode(sample, { a: { x: 7 } })).to.deep.equal([0, 0, 0, 0, 0, 0, 0, 0, ...tlv(0x8001, ...tlv(1, 7))]);
    expect(() => encode(sample, { a: 257 })).to.throw(EncodeError, /^EENCODE \.a: 257 is not an integer from 0 to 255$/);
  });

  it('encodes the loss of netem, a number or a model', () => {
    const codec = operationCodec(tcSchema, 'newqdisc');
    // tc qdisc add dev v0 root netem loss 10%: the third word of struct tc_netem_qopt.
    const random = new AttributeReader(codec.encode({ kind: 'netem', options: { loss: 429496730 } }), { start: 20 });
    expect(new DataView(random.find(2)!.bytes().slice().buffer).getUint32(8, hostIsLittleEndian)).to.equal(429496730);
    const value = { kind: 'netem', options: { loss: { ge: { p: 1, r: 2, h: 3, k1: 4 } } } };
    expect(codec.decodePayload(codec.encode(value)))
      .to.have.nested.property('options.loss')
      .that.deep.equals(value.options.loss);
  });

  it('writes the indexes 1, 2, 3 or those of the caller', () => {
    const rest: Rest = { type: 'indexed-array', element: { type: 'u8' } };
    expect(encodeOne(rest, [5, 6])).to.deep.equal(tlv(0x8007, ...tlv(1, 5), ...tlv(2, 6)));
    expect(encodeOne(rest, Object.assign([5, 6], { [Indexes]: [0, 9] }))).to.deep.equal(tlv(0x8007, ...tlv(0, 5), ...tlv(9, 6)));
  });

  it('writes an ordered nest in the order of its list, with unknown attributes', () => {
    const rest: Rest = { type: 'ordered-nest', set: 'inner' };
    const unknown = { [Unknown]: [{ type: 9, flags: 0, payload: Uint8Array.of(5) }] };
    expect(encodeOne(rest, [{ x: 7 }, { again: { x: 8 } }, unknown, { x: 9 }, { x: 7 }])).to.deep.equal(
      tlv(0x8007, ...tlv(1, 7), ...tlv(0x8002, ...tlv(1, 8)), ...tlv(9, 5), ...tlv(1, 9), ...tlv(1, 7)),
    );
    expect(encodeOne(rest, [])).to.deep.equal(tlv(0x8007));
  });

  it('rejects a false flag in an ordered nest: it would write nothing', () => {
    const schema = family([attribute(7, 'v', { type: 'ordered-nest', set: 'top' }), attribute(8, 'pop', { type: 'flag' })]);
    expect(encode(schema, { v: [{ pop: true }, { pop: true }] })).to.deep.equal(tlv(0x8007, ...tlv(8), ...tlv(8)));
    expect(() => encode(schema, { v: [{ pop: true }, { pop: false }] })).to.throw(
      EncodeError,
      /^EENCODE \.v\[1\]: 'pop' encodes to no attribute$/,
    );
  });

  it('requires the kind of a sub-message, and accepts bytes for an unknown kind', () => {
    const codec = operationCodec(rtLinkSchema, 'newlink');
    expect(() => codec.encode({ linkinfo: { data: { id: 1 } } })).to.throw(
      EncodeError,
      /^EENCODE \.linkinfo\.data: 'kind' is missing; it selects the format/,
    );
    expect(() => codec.encode({ linkinfo: { kind: 'vxlam', data: { id: 1 } } })).to.throw(EncodeError, /did you mean vxlan\?/);
    const info = new AttributeReader(codec.encode({ linkinfo: { kind: 'zzz', data: Uint8Array.of(1, 2) } }), { start: 16 }).find(18)!;
    expect(info.attributes().find(2)!.bytes()).to.deep.equal(Uint8Array.of(1, 2));
  });

  it('rejects an object that contains itself', () => {
    const loop: Record<string, unknown> = {};
    loop['again'] = loop;
    expect(() => encodeOne({ type: 'nest', set: 'inner' }, loop)).to.throw(EncodeError, /at most 32 levels of nests/);
  });

  it('rejects a nest of more than 65,535 bytes', () => {
    const codec = operationCodec(rtLinkSchema, 'newlink');
    const list = Array.from({ length: 9000 }, (_, at) => `alt${at}`);
    expect(() => codec.encode({ propList: { altIfname: list } })).to.throw(
      EncodeError,
      /^EENCODE \.propList: expected at most 65535 bytes for an attribute, got \d+/,
    );
  });

  it('encodes a second request from a getter of the first', () => {
    const codec = operationCodec(rtRouteSchema, 'newroute');
    const value = {
      rtmFamily: 2,
      get table() {
        codec.encode({ rtmFamily: 10, mark: 9 });
        return 100;
      },
      priority: 5,
    };
    expect(codec.decodePayload(codec.encode(value)))
      .to.include({ rtmFamily: 2, table: 100, priority: 5 })
      .and.not.to.have.property('mark');
  });

  it('encodes the next request after an error', () => {
    const codec = operationCodec(rtRouteSchema, 'newroute');
    expect(() => codec.encode({ metrics: { mtu: -1 } })).to.throw(EncodeError, /^EENCODE \.metrics\.mtu/);
    expect(() => codec.encode({ table: -1 })).to.throw(EncodeError, /^EENCODE \.table/);
    expect(codec.encode({}).byteLength).to.equal(12);
  });

  it('writes the generic header of the mode', () => {
    const sample = family([], {
      generic: { version: 3 },
      operations: [{ name: 'get', set: 'top', do: { request: 5 }, dump: { request: 6 } }],
    });
    expect(Array.from(operationCodec(sample, 'get').encode({}))).to.deep.equal([5, 3, 0, 0]);
    expect(Array.from(operationCodec(sample, 'get').encode({}, 'dump'))).to.deep.equal([6, 3, 0, 0]);
    expect(() => operationCodec(sample, 'get').encode({}, 'notify')).to.throw(TypeError, 'get of sample has no notify');
  });
});
