import { expect } from 'chai';
import { DecodeError } from '../../../lib/errors/index.js';
import { attributePathAt, operationCodec, secretRanges, stringify, Unknown } from '../../../lib/schema/index.js';
import { hex } from '../../wire/bytes.js';
import { host } from '../../support/host-order.js';
import { tlv } from '../schemas.js';
import { both, decoded, encoded, rejection, zeros } from './coding.js';
import { STRUCTS } from './struct-samples.js';

const text = (letters: string): number[] => Array.from(Buffer.from(letters));

describe('structs of variable size', () => {
  it('take the rest of the message', () => {
    const bytes = [...host(1, 0), 6, ...text('type=1')];
    both('record', bytes, { id: 1, level: 6, text: 'type=1' });
    both('record', [...host(1, 0), 6], { id: 1, level: 6, text: '' });
    expect(encoded('record', { text: 'x' })).to.equal(hex(Uint8Array.from([0, 0, 0, ...text('x')])));
  });

  it('have the length in another member, and attributes after it at a multiple of 4', () => {
    both('context', [2, 0, 0, 5, ...text('a:b:c'), ...zeros(3), ...tlv(12, ...host(9, 0, 0, 0))], {
      alg: 2,
      ctxLen: 5,
      context: 'a:b:c',
      number: 9,
    });
    both('context', [2, 0, 0, 0, ...tlv(12, ...host(9, 0, 0, 0))], { alg: 2, ctxLen: 0, context: '', number: 9 });
  });

  it('get the length that a request omits', () => {
    expect(encoded('context', { context: 'abc', number: 1 })).to.equal(
      hex(Uint8Array.from([0, 0, 0, 3, ...text('abc'), 0, ...tlv(12, ...host(1, 0, 0, 0))])),
    );
    expect(encoded('context', { alg: 1 })).to.equal('01000000');
    expect(rejection('context', { ctxLen: 4, context: 'abc' })).to.match(
      /\.ctxLen: 4 is not the length of context, which has 3 bytes; omit ctxLen/,
    );
  });

  it('reject a tail that is not whole elements', () => {
    expect(rejection('context', { words: { word: new Uint8Array(3) } })).to.match(/word has 3 bytes; expected a multiple of 2/);
  });

  it('count bits and elements if the descriptor has the unit', () => {
    const key = tlv(6, ...text('aes'), ...zeros(5), ...host(20, 0), 1, 2, 3);
    const words = tlv(7, 2, 9, ...host(1, 0), ...host(2, 0));
    expect(decoded('context', [0, 0, 0, 0, ...key, ...words])).to.deep.include({
      key: { name: 'aes', bits: 20, key: Uint8Array.of(1, 2, 3) },
      words: { count: 2, last: 9, word: [1, 2] },
    });
    const request = { key: { name: 'aes', key: Uint8Array.of(1, 2, 3, 4) }, words: { word: [1, 2] } };
    expect(encoded('context', request))
      .to.include(hex(Uint8Array.from(host(32, 0))))
      .and.include(hex(Uint8Array.from([2, 0, ...host(1, 0)])));
  });

  it('repeat, each with its own length', () => {
    const value = {
      id: 7,
      entry: [
        { size: 1, bytes: Uint8Array.of(5) },
        { size: 0, bytes: new Uint8Array(0) },
        { size: 3, bytes: Uint8Array.of(1, 2, 3) },
      ],
    };
    both('batch', [7, 1, 5, 0, 3, 1, 2, 3], value);
    both('pairs', [...host(16, 0, 0, 0), ...host(1, 0, 0, 0), 0, 0, 0, 2, ...host(3, 0, 0, 0), 0, 0, 0, 4], {
      size: 16,
      pair: [
        { parent: 1, child: 2 },
        { parent: 3, child: 4 },
      ],
    });
  });

  it('fail to decode if they extend beyond the message, with the name of the member', () => {
    for (const kind of ['closures', 'compiled'] as const) {
      const codec = operationCodec(STRUCTS, 'context', kind);
      const decode = (): unknown => codec.decodePayload(Uint8Array.of(2, 0, 0, 5, 97, 98, 99));
      expect(decode).to.throw(DecodeError, /\.context: context: expected at most 3 bytes, got 5/);
      expect(() => operationCodec(STRUCTS, 'batch', kind).decodePayload(Uint8Array.of(7, 4, 1))).to.throw(
        DecodeError,
        /bytes: expected at most 1 bytes, got 4/,
      );
    }
  });

  it('hide a secret of variable size in texts and traces', () => {
    const value = { key: { name: 'aes', key: Uint8Array.of(9, 9, 9) }, number: 1 };
    const bytes = operationCodec(STRUCTS, 'context').encode(value, 'do');
    expect(stringify(operationCodec(STRUCTS, 'context').decodePayload(bytes))).to.include('"key":"<secret, 3 bytes>"');
    const message = Uint8Array.of(...zeros(16), ...bytes);
    expect(secretRanges(STRUCTS, 'context', message)).to.deep.equal([[16 + 4 + 4 + 10, 16 + 4 + 4 + 13]]);
  });

  it('give offsets their names: the member, and the attributes after it', () => {
    const bytes = operationCodec(STRUCTS, 'context').encode({ context: 'abc', number: 1 }, 'do');
    const message = Uint8Array.of(...zeros(16), ...bytes);
    expect(attributePathAt(STRUCTS, 'context', message, 16 + 5)).to.equal('.context');
    expect(attributePathAt(STRUCTS, 'context', message, 16 + 8)).to.equal('.number');
  });
});

describe('unions in structs', () => {
  it('have the format that another member selects', () => {
    both('event', [...host(1, 0, 0, 0), ...host(5, 0, 0, 0), 0, 0, 0, 6, 1, 3, 2, 3], {
      what: 'fork',
      data: { parent: 5, child: 6 },
      flag: 1,
      number: 3,
      tail: { low: 2, high: 3 },
    });
    both('event', [...host(4, 0, 0, 0), 1, 2, ...zeros(6), 1, 4, ...host(8, 0, 0, 0)], {
      what: 'mark',
      data: 0x102,
      flag: 1,
      number: 4,
      tail: 8,
    });
    both('event', [...host(2, 0, 0, 0), 1, 2, ...zeros(6), 1, 3, 3], {
      what: 'id',
      data: { low: 1, high: 2 },
      flag: 1,
      number: 3,
      tail: { low: 3 },
    });
    expect(decoded('event', [...host(8, 0, 0, 0), ...zeros(8), 0, 0])).to.deep.include({ what: 'none', data: {} });
  });

  it('are bytes without a format', () => {
    both('event', [...host(3, 0, 0, 0), 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 1], {
      what: 3,
      data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      flag: 0,
      number: 1,
      tail: Uint8Array.of(1),
    });
    // The format of 4 has 4 bytes.
    expect(decoded('event', [...host(16, 0, 0, 0), ...zeros(8), 0, 4, 1])).to.deep.include({
      what: 'raw',
      data: new Uint8Array(8),
      tail: Uint8Array.of(1),
    });
  });

  it('are decoded without their selector in a pick', () => {
    const bytes = Uint8Array.from([...host(1, 0, 0, 0), ...host(5, 0, 0, 0), 0, 0, 0, 6, 1, 3, 2, 3]);
    for (const kind of ['closures', 'compiled'] as const)
      expect(operationCodec(STRUCTS, 'event', kind).pick(['data']).decodePayload(bytes)).to.deep.equal({ data: { parent: 5, child: 6 } });
  });

  it('need a format or bytes in a request', () => {
    expect(rejection('event', { what: 3, data: {} })).to.match(/\.data: an object has no format for what '3'; pass its bytes/);
    expect(rejection('event', { data: { parent: 1 } })).to.match(/\.data: parent: set what to 'fork', which has this/);
    expect(rejection('event', { data: { nobody: 1 } })).to.include("what '0'");
    expect(rejection('event', { what: 'raw', data: new Uint8Array(9) })).to.match(/at most 8 bytes for data, got 9/);
    expect(rejection('event', { what: 'fork', data: { parnt: 1 } })).to.match(/\.data\.parnt/);
  });
});

describe('structs that grow', () => {
  const whole = [1, 0, 2, ...host(255, 255), ...host(5, 0, 0, 0), ...host(1, 0, 0, 0), 0, 0, 0, 2, ...host(9, 0, 0, 0, 0, 0, 0, 0), 4];
  const info = (bytes: readonly number[]): unknown => decoded('context', [0, 0, 0, 0, ...tlv(3, ...bytes)])['info'];

  it('have the members that the payload contains completely', () => {
    expect(info(whole)).to.deep.equal({ state: 'fork', ca: 2, bits: -1, rtt: 5, pair: { parent: 1, child: 2 }, rate: 9n, end: 4 });
    expect(info([...whole, 7, 7, 7])).to.deep.equal({
      state: 'fork',
      ca: 2,
      bits: -1,
      rtt: 5,
      pair: { parent: 1, child: 2 },
      rate: 9n,
      end: 4,
    });
    expect(info(whole.slice(0, 25))).to.deep.equal({ state: 'fork', ca: 2, bits: -1, rtt: 5, pair: { parent: 1, child: 2 }, rate: 9n });
    expect(info(whole.slice(0, 24))).to.deep.equal({ state: 'fork', ca: 2, bits: -1, rtt: 5, pair: { parent: 1, child: 2 } });
    expect(info(whole.slice(0, 16))).to.deep.equal({ state: 'fork', ca: 2, bits: -1, rtt: 5 });
    expect(info(whole.slice(0, 3))).to.deep.equal({ state: 'fork', ca: 2 });
  });

  it('are read as far as a message goes that ends without padding', () => {
    const bytes = [0, 0, 0, 0, ...tlv(3, ...whole.slice(0, 3))];
    expect(decoded('context', bytes.slice(0, -1))['info']).to.deep.equal({ state: 'fork', ca: 2 });
  });

  it('are kept as bytes below the minimum', () => {
    const value = decoded('context', [0, 0, 0, 0, ...tlv(3, 1, 0)]);
    expect(value).not.to.have.property('info');
    expect((value as { [Unknown]?: unknown[] })[Unknown]).to.have.length(1);
    expect(decoded('context', [0, 0, 0, 0, ...tlv(4)])['small']).to.deep.equal({});
  });

  it('may be the whole message', () => {
    both('status', [], {});
    both('status', host(1, 0, 0, 0), { mask: 1 });
    both('status', [...host(1, 0, 0, 0), ...host(2, 0, 0, 0), ...host(3, 0)], { mask: 1, pid: 2, lost: 3 });
    expect(decoded('status', [...host(1, 0, 0, 0), 1, 2, 3])).to.deep.equal({ mask: 1 });
    expect(decoded('status', [...host(1, 0, 0, 0), ...host(2, 0, 0, 0), ...host(3, 0), 9, 9])).to.deep.equal({ mask: 1, pid: 2, lost: 3 });
  });

  it('are complete in requests', () => {
    expect(encoded('status', { mask: 1 })).to.equal(hex(Uint8Array.from([...host(1, 0, 0, 0), ...zeros(8)])));
    expect(encoded('context', { small: { low: 1 } })).to.equal(hex(Uint8Array.from([0, 0, 0, 0, ...tlv(4, 1, 0)])));
  });
});
