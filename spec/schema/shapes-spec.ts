import { expect } from 'chai';
import { EncodeError } from '../../lib/errors/index.js';
import { attributePathAt, describeAttributes, missingAttributePath, operationCodec, type BackEndKind } from '../../lib/schema/index.js';
import { MessageFlags, encodeMessage } from '../../lib/wire/index.js';
import { read } from '../codegen/specifications.js';
import { SHAPES } from '../codegen/shapes/shapes.js';
import { host } from '../support/host-order.js';
import { cstring, tlv } from './schemas.js';

const schema = read(SHAPES);
const encode = (operation: string, request: object, mode: 'do' | 'dump' | 'reply' | 'notify'): number[] => [
  ...operationCodec(schema, operation).encode(request, mode),
];

describe('Requests whose shape differs from replies', () => {
  it('are encoded with the header and the set of their mode', () => {
    expect(encode('lookup', { id: 5 }, 'do')).to.deep.equal(host(5, 0, 0, 0));
    expect(encode('lookup', { scope: 7 }, 'dump')).to.deep.equal(tlv(2, ...host(7, 0, 0, 0)));
    expect(encode('status', {}, 'do')).to.deep.equal([]);
    const row = [2, 1, 0, 0, ...host(9, 0, 0, 0), ...tlv(1, ...cstring('bbr'))];
    for (const mode of ['reply', 'notify'] as const) {
      const operation = mode === 'reply' ? 'inet' : 'inet-gone';
      expect(encode(operation, { family: 2, state: 1, inode: 9, cong: 'bbr' }, mode)).to.deep.equal(row);
    }
  });

  it('reject the properties of replies and of the other mode', () => {
    expect(() => encode('lookup', { id: 5 }, 'dump')).to.throw(EncodeError, 'there is no such property');
    expect(() => encode('inet', { cong: 'bbr' }, 'dump')).to.throw(EncodeError);
    expect(() => encode('status', { inode: 1 }, 'do')).to.throw(EncodeError);
  });

  it('contain the defaults of omitted fields, and the value that selects their operation', () => {
    expect(encode('inet', {}, 'dump')).to.deep.equal([2, 6, 0, 0, ...host(255, 15, 0, 0)]);
    expect(encode('inet', { qFamily: 10, qProtocol: 17, qStates: 0 }, 'do')).to.deep.equal([10, 17, 0, 0, 0, 0, 0, 0]);
    expect(encode('other', {}, 'dump')).to.deep.equal([1, 0, 0, 0]);
  });

  it('fail with the value of another operation', () => {
    expect(() => encode('inet', { qFamily: 1 }, 'dump')).to.throw(EncodeError, /qFamily.* is not for inet; expected 2 or 10/);
    expect(() => encode('other', { family: 2 }, 'dump')).to.throw(EncodeError, /family.* is not for other; expected 1/);
  });

  it('contain the family of an address instead of the first value, and fail if it is not for the operation', () => {
    const address = '{ name: src, type: binary, display-hint: ipv4-or-v6, address: { family: q-family } }';
    const addressed = read(SHAPES.replace('{ name: scope, type: u32 }', address));
    const codec = operationCodec(addressed, 'inet');
    const bytes = codec.encode({ src: '::1' }, 'dump');
    expect([...bytes.subarray(0, 8)]).to.deep.equal([10, 6, 0, 0, ...host(255, 15, 0, 0)]);
    expect([...codec.encode({ src: '10.0.0.1' }, 'dump').subarray(0, 4)]).to.deep.equal([2, 6, 0, 0]);
    const only = read(SHAPES.replace('{ name: scope, type: u32 }', address).replace('[2, 10]', '[2]'));
    expect(() => operationCodec(only, 'inet').encode({ src: '::1' }, 'dump')).to.throw(
      EncodeError,
      /src.* which is not for inet; expected 2/,
    );
  });

  it('contain the defaults of nested structs, arrays and attributes, and fail with numbers that are not allowed', () => {
    const text = SHAPES.replace('{ name: id, type: u32 }', '{ name: id, type: binary, struct: inner }')
      .replace(
        '  - name: key',
        '  - name: inner\n    type: struct\n    members: [{ name: n, type: u16 }, { name: list, type: binary, sub-type: u16, len: 4, default: [1, 2] }]\n  - name: key',
      )
      .replace('{ name: scope, type: u32 }', '{ name: scope, type: u32, default: 7, only: [7, 8] }')
      .replace('default: 6 }', 'default: 6, only: [6, 17] }');
    const own = read(text);
    const bytes = (operation: string, request: object, mode: 'do' | 'dump'): number[] => [
      ...operationCodec(own, operation).encode(request, mode),
    ];
    expect(bytes('lookup', { id: {} }, 'do').slice(0, 6)).to.deep.equal([0, 0, ...host(1, 0), ...host(2, 0)]);
    expect(bytes('lookup', { id: { n: 3, list: [4, 5] } }, 'do').slice(0, 6)).to.deep.equal([...host(3, 0), ...host(4, 0), ...host(5, 0)]);
    expect(bytes('lookup', {}, 'dump')).to.deep.equal(tlv(2, ...host(7, 0, 0, 0)));
    expect(bytes('lookup', { scope: 8 }, 'dump')).to.deep.equal(tlv(2, ...host(8, 0, 0, 0)));
    expect(() => bytes('lookup', { scope: 9 }, 'dump')).to.throw(EncodeError, /scope.* 9 is not possible here; expected 7, 8/);
    expect(() => bytes('inet', { qProtocol: 132 }, 'dump')).to.throw(EncodeError, /qProtocol.*132 is not possible here; expected 6, 17/);
  });

  it('do not complete the messages of a fake kernel', () => {
    expect(encode('other', {}, 'reply')).to.deep.equal([0, 0, 0, 0]);
  });

  for (const kind of ['compiled', 'closures'] satisfies BackEndKind[]) {
    it(`are decoded, like replies, by ${kind} decoders`, () => {
      const inet = operationCodec(schema, 'inet', kind);
      const row = Uint8Array.of(10, 7, 0, 0, ...host(9, 0, 0, 0), ...tlv(2, ...host(3, 0, 0, 0)));
      expect(inet.decodePayload(row)).to.deep.equal({ family: 10, state: 7, inode: 9, mark: 3 });
      const question = Uint8Array.of(10, 6, 0, 0, ...host(2, 0, 0, 0), ...tlv(2, ...host(3, 0, 0, 0)));
      expect(inet.decodeRequest(question, 'dump')).to.deep.equal({ qFamily: 10, qProtocol: 6, qStates: 2, scope: 3 });
      expect(inet.pick(['mark']).decodeRequest(question, 'do')).to.deep.equal({});
      const lookup = operationCodec(schema, 'lookup', kind);
      expect(lookup.decodeRequest(Uint8Array.from(host(5, 0, 0, 0)), 'do')).to.deep.equal({ id: 5 });
      expect(() => lookup.decodeRequest(Uint8Array.of(1, 0), 'do')).to.throw('header of lookup');
      expect(operationCodec(schema, 'status', kind).decodeRequest(new Uint8Array(0), 'do')).to.deep.equal({});
    });
  }
});

describe('Names in messages of several shapes', () => {
  const inet = (payload: readonly number[], flags: number): Uint8Array =>
    encodeMessage({ type: 20, flags, payload: Uint8Array.from(payload) });
  const attributes = tlv(1, 1, 2, 3, 4);
  const header = [2, 6, 0, 0, ...host(255, 15, 0, 0)];
  const request = inet([...header, ...attributes], MessageFlags.Request | MessageFlags.Dump);
  const reply = inet([...header, ...attributes], MessageFlags.Multi);

  it('follow the direction that the flags of the message show', () => {
    expect(attributePathAt(schema, 'inet', request, 24)).to.equal('.code');
    expect(attributePathAt(schema, 'inet', request, 20)).to.equal('.qStates');
    expect(attributePathAt(schema, 'inet', reply, 24)).to.equal('.cong');
    expect(attributePathAt(schema, 'inet', reply, 20)).to.equal('.inode');
    expect(describeAttributes(schema, 'inet', request).map(({ path }) => path)).to.deep.equal(['.code']);
    expect(describeAttributes(schema, 'inet-gone', inet([...header, ...attributes], 0)).map(({ path }) => path)).to.deep.equal(['.cong']);
    expect(missingAttributePath(schema, 'inet', request, 2)).to.equal('.scope');
    expect(missingAttributePath(schema, 'inet', reply, 2)).to.equal('.mark');
  });

  it('follow the mode of a request', () => {
    const lookup = (flags: number): Uint8Array => encodeMessage({ type: 22, flags, payload: Uint8Array.from(attributes) });
    expect(attributePathAt(schema, 'lookup', lookup(MessageFlags.Request | MessageFlags.Dump), 16)).to.equal('.code');
    expect(attributePathAt(schema, 'lookup', lookup(MessageFlags.Request), 16)).to.equal('.id');
  });
});
