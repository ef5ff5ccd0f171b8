import { deflateSync, inflateSync } from 'node:zlib';
import { expect } from 'chai';
import { decodeBeat, encodeBeat, startedLater } from '../../lib/fleet/log/beat.js';
import { decodeMessage, encodeMessage, encodeRow } from '../../lib/fleet/log/message.js';
import { Indexes, Unknown } from '../../lib/schema/index.js';
import { concealBytes } from '../../lib/schema/internal.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const nested = (depth: number): unknown => (depth === 0 ? 1 : { n: nested(depth - 1) });

describe('a message of a log', () => {
  it('is JSON that other programs can read', () => {
    const text = new TextDecoder().decode(encodeMessage(7, undefined, [encodeRow('1', { ifname: 'lo', n: 5n })], ['2']));
    expect(JSON.parse(text)).to.deep.equal({ v: 1, prev: 7, set: [['1', { ifname: 'lo', n: { $n: '5' } }]], del: ['2'] });
    expect(JSON.parse(new TextDecoder().decode(encodeMessage(0, 2, [], [])))).to.deep.equal({ v: 1, prev: 0, of: 2, set: [], del: [] });
  });

  it('is deflated from 1 KiB on', () => {
    const data = encodeMessage(0, 1, [encodeRow('1', { text: 'x'.repeat(1024) })], []);
    expect(data[0]).to.equal(0x78);
    expect(data.byteLength).to.be.below(200);
    expect(JSON.parse(inflateSync(data).toString())).to.have.property('of', 1);
    expect(encodeMessage(0, 1, [encodeRow('1', { text: 'x'.repeat(900) })], [])[0]).to.equal('{'.charCodeAt(0));
  });

  it('keeps bigints, bytes, indexes and unknown attributes', () => {
    const row = {
      big: 2n ** 64n - 1n,
      bytes: Uint8Array.of(1, 2, 255),
      list: Object.assign(['a', 'b'], { [Indexes]: [0, 2] }),
      $odd: 1,
      [Unknown]: [{ type: 9, flags: 0, payload: Uint8Array.of(7) }],
    };
    const { set } = decodeMessage(encodeMessage(0, 1, [encodeRow('k "1"', row)], []));
    expect(set).to.have.length(1);
    const [key, read] = set[0]!;
    expect(key).to.equal('k "1"');
    expect(read).to.deep.equal(row);
    expect((read as typeof row).list[Indexes]).to.deep.equal([0, 2]);
    expect((read as typeof row)[Unknown]).to.deep.equal(row[Unknown]);
  });

  it('contains no key material', () => {
    const secret = Uint8Array.of(1, 2, 3, 4);
    concealBytes(secret);
    expect(encodeRow('1', { name: 'wg0', privateKey: secret })).to.equal('["1",{"name":"wg0"}]');
  });

  const wrong: readonly (readonly [title: string, data: Uint8Array, error: string])[] = [
    ['text that is not JSON', bytes('{"v":1,'), 'JSON'],
    ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), 'not valid'],
    ['a broken deflated message', Uint8Array.of(0x78, 0x01, 0xff, 0xff), 'invalid'],
    ['a small message that inflates to 9 MiB', deflateSync(Buffer.alloc(9 * 1024 * 1024, 32)), 'inflate to more than the limit'],
    [
      'more rows than a message may have',
      bytes(`{"v":1,"prev":0,"set":[],"del":[${'"",'.repeat(65_536)}""]}`),
      '65537 rows; the limit is 65536',
    ],
    ['more shards than a table may have', bytes('{"v":1,"prev":0,"of":1025,"set":[],"del":[]}'), '1025 shards; the limit is 1024'],
    ['a bigint of a million digits', bytes(`{"v":1,"prev":0,"set":[["1",{"a":{"$n":"${'9'.repeat(1e6)}"}}]],"del":[]}`), 'digits'],
    ['a list', bytes('[]'), 'the format has version undefined'],
    ['null', bytes('null'), 'expected an object'],
    ['another version', bytes('{"v":2,"prev":0,"set":[],"del":[]}'), 'version 2'],
    ['a prev that is not a sequence', bytes('{"v":1,"prev":-1,"set":[],"del":[]}'), 'prev'],
    ['an of that is not a number', bytes('{"v":1,"prev":0,"of":"2","set":[],"del":[]}'), 'of'],
    ['a set that is not a list', bytes('{"v":1,"prev":0,"set":{},"del":[]}'), 'set'],
    ['a row without a key', bytes('{"v":1,"prev":0,"set":[[1,{}]],"del":[]}'), 'set'],
    ['a row that is a list', bytes('{"v":1,"prev":0,"set":[["1",[]]],"del":[]}'), 'set'],
    ['a row that is a bigint', bytes('{"v":1,"prev":0,"set":[["1",{"$n":"1"}]],"del":[]}'), 'set'],
    ['a key to remove that is a number', bytes('{"v":1,"prev":0,"set":[],"del":[1]}'), 'del'],
    ['a row that is nested too deep', bytes(`{"v":1,"prev":0,"set":[["1",${JSON.stringify(nested(40))}]],"del":[]}`), 'too deep'],
    ['very deep nesting', bytes(`{"v":1,"prev":0,"set":${'['.repeat(200_000)}${']'.repeat(200_000)},"del":[]}`), ''],
  ];
  for (const [title, data, error] of wrong) {
    it(`is an error for ${title}`, () => {
      expect(() => decodeMessage(data)).to.throw(Error, error);
    });
  }

  it('never changes a prototype', () => {
    const { set } = decodeMessage(bytes('{"v":1,"prev":0,"set":[["__proto__",{"__proto__":{"polluted":1}}]],"del":[]}'));
    expect(Object.getPrototypeOf(set[0]![1])).to.equal(Object.prototype);
    expect(({} as { readonly polluted?: unknown }).polluted).to.equal(undefined);
  });

  it('reads rows nested 32 deep', () => {
    const row = nested(31);
    expect(decodeMessage(bytes(`{"v":1,"prev":0,"set":[["1",${JSON.stringify(row)}]],"del":[]}`)).set).to.deep.equal([['1', row]]);
  });
});

describe('a beat', () => {
  const beat = { epoch: 'e1', start: 5, interval: 2000, tables: { 'rt-link/getlink': true }, ended: false };

  it('is read as it was written', () => {
    expect(decodeBeat(bytes(encodeBeat(beat)))).to.deep.equal(beat);
    expect(decodeBeat(bytes(encodeBeat({ ...beat, ended: true })))).to.deep.equal({ ...beat, ended: true });
  });

  for (const text of [
    '',
    'null',
    '{}',
    '{"v":2}',
    JSON.stringify({ v: 1, ...beat, interval: 0 }),
    JSON.stringify({ v: 1, ...beat, tables: null }),
  ]) {
    it(`is not ${text === '' ? 'an empty message' : text}`, () => {
      expect(decodeBeat(bytes(text))).to.equal(undefined);
    });
  }

  it('belongs to the agent that started later if its start is greater', () => {
    expect(startedLater({ epoch: 'a', start: 2 }, { epoch: 'b', start: 1 })).to.equal(true);
    expect(startedLater({ epoch: 'a', start: 1 }, { epoch: 'b', start: 1 })).to.equal(false);
    expect(startedLater({ epoch: 'b', start: 1 }, { epoch: 'a', start: 1 })).to.equal(true);
  });
});
