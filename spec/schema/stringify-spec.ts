import { expect } from 'chai';
import { Unknown, stringify } from '../../lib/schema/index.js';
import { suggestion } from '../../lib/check/suggestion.js';
import { encodeMessage, iterateMessages } from '../../lib/wire/index.js';

describe('stringify', () => {
  it('prints the result of toJSON(): a message is its header and payload, not its whole buffer', () => {
    const [message] = iterateMessages(encodeMessage({ type: 16, sequence: 7, payload: Uint8Array.of(1, 2) }));
    expect(stringify({ message, at: new Date(0) })).to.equal(
      '{"message":{"length":18,"type":16,"flags":0,"sequence":7,"portId":0,"payload":"0102"},"at":"1970-01-01T00:00:00.000Z"}',
    );
  });

  it('prints the same as JSON.stringify', () => {
    const value = { a: 1, b: 'x"\n\u2028', c: [true, null, {}, []], d: { e: -1.5 } };
    expect(stringify(value)).to.equal(JSON.stringify(value));
    expect(stringify(value, 2)).to.equal(JSON.stringify(value, null, 2));
    for (const plain of [1, 'x', true, null, [], {}]) expect(stringify(plain)).to.equal(JSON.stringify(plain));
  });

  it('prints a bigint with all its digits', () => {
    expect(stringify({ bytes: 18446744073709551615n })).to.equal('{"bytes":18446744073709551615}');
  });

  it('prints bytes as hex', () => {
    expect(stringify([Uint8Array.of(0, 171, 255), new Uint8Array(0)])).to.equal('["00abff",""]');
  });

  it('prints unknown attributes', () => {
    const value = { a: 1, [Unknown]: [{ type: 9, flags: 0, payload: Uint8Array.of(1) }] };
    expect(stringify(value)).to.equal('{"a":1,"[unknown]":[{"type":9,"flags":0,"payload":"01"}]}');
  });

  it('prints holes and values without JSON as null, and omits undefined properties', () => {
    const holes: unknown[] = [1];
    holes[3] = Number.NaN;
    expect(stringify(holes)).to.equal('[1,null,null,null]');
    expect(stringify({ a: undefined, b: 1 })).to.equal('{"b":1}');
    expect(stringify(undefined)).to.equal('null');
  });

  it('prints the name and the message of an error before its properties', () => {
    const error = Object.assign(new RangeError('too far'), { code: 'EFAR' });
    expect(stringify({ error })).to.equal('{"error":{"name":"RangeError","message":"too far","code":"EFAR"}}');
  });

  it('prints text that JSON.parse accepts', () => {
    const value = { ['__proto__']: { x: 1 }, list: [{ [Unknown]: [] }] };
    expect(() => JSON.parse(stringify(value, 1)) as unknown).not.to.throw();
  });
});

describe('suggestion', () => {
  const names = ['mtu', 'ifname', 'minMtu', 'numTxQueues', 'linkinfo'];
  for (const [written, meant] of [
    ['mtuu', 'mtu'],
    ['MTU', 'mtu'],
    ['ifnmae', 'ifname'],
    ['mut', 'mtu'],
    ['nimMtu', 'minMtu'],
    ['min-mtu', 'minMtu'],
    ['num_tx_queues', 'numTxQueues'],
    ['linkInfo', 'linkinfo'],
  ] as const) {
    it(`suggests ${meant} for ${written}`, () => {
      expect(suggestion(written, names)).to.equal(`did you mean ${meant}?`);
    });
  }

  for (const [written, meant] of [
    ['family', 'ifaFamily'],
    ['Family', 'ifaFamily'],
    ['index', 'ifaIndex'],
    ['prefix-len', 'ifaPrefixlen'],
    ['table', 'table'],
    ['tabl', 'table'],
    ['tos', 'rtm-tos'],
  ] as const) {
    it(`suggests ${meant} for ${written}, without the prefix of a header's fields`, () => {
      const fields = ['ifaFamily', 'ifaIndex', 'ifaPrefixlen', 'rtmTable', 'table', 'rtm-tos', 'local'];
      expect(suggestion(written, fields)).to.equal(`did you mean ${meant}?`);
    });
  }

  it('suggests nothing for other words', () => {
    expect(suggestion('address', names)).to.equal('');
    expect(suggestion('', names)).to.equal('');
  });
});
