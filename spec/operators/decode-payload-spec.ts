import { expect } from 'chai';
import { DecodeError } from '../../lib/errors/index.js';
import { rtAddrSchema } from '../../lib/families/generated/rt-addr.js';
import { rtLinkSchema } from '../../lib/families/generated/rt-link.js';
import { decodePayload } from '../../lib/operators/index.js';
import { hostIsLittleEndian, type Message } from '../../lib/wire/index.js';
import { message } from '../support/messages.js';
import { itBehaves, marbles } from './support.js';

/** struct ifinfomsg and IFLA_IFNAME (3), written by hand from linux/if_link.h. */
function link(index: number, name: string): Uint8Array {
  const bytes = new Uint8Array(24);
  const view = new DataView(bytes.buffer);
  view.setInt32(4, index, hostIsLittleEndian);
  view.setUint16(16, 4 + name.length + 1, hostIsLittleEndian);
  view.setUint16(18, 3, hostIsLittleEndian);
  bytes.set(new TextEncoder().encode(name), 20);
  return bytes.slice(0, 20 + name.length + 1);
}

const header = { ifiFamily: 0, ifiType: 0, ifiFlags: 0, ifiChange: 0 };
const values = {
  a: message({ type: 16, payload: link(1, 'lo') }),
  b: message({ type: 16, payload: link(2, 'v0') }),
  s: message({ type: 16, payload: new Uint8Array(3) }),
};
const results = { x: { ...header, ifiIndex: 1, ifname: 'lo' }, y: { ...header, ifiIndex: 2, ifname: 'v0' } };

describe('decodePayload', () => {
  it(
    'decodes messages into values',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  --a--b--|', values);
      const subscribed = '  ^-------!';
      const expected = '    --x--y--|';
      expectObservable(source.pipe(decodePayload(rtLinkSchema, 'getlink'))).toBe(expected, results);
      expectSubscriptions(source.subscriptions).toBe(subscribed);
    }),
  );

  it('fails at a message that does not match the schema, after the values before it', () => {
    const seen: unknown[] = [];
    marbles(({ hot, expectSubscriptions }) => {
      const source = hot('--a--s--b--|', values);
      source.pipe(decodePayload(rtLinkSchema, 'getlink')).subscribe({
        next: (value) => seen.push(value),
        error: (error: unknown) => seen.push(error),
      });
      expectSubscriptions(source.subscriptions).toBe('^----!');
    })();
    expect(seen[0]).to.deep.equal(results.x);
    expect(seen[1]).to.be.instanceOf(DecodeError);
    expect(seen).to.have.length(2);
  });

  it('has the value type of the schema and the operation', () => {
    marbles(({ hot }) => {
      hot<Message>('')
        .pipe(decodePayload(rtAddrSchema, 'getaddr'))
        .subscribe(({ ifaPrefixlen }) => ifaPrefixlen.toFixed());
    })();
  });

  it('throws when the family does not have the operation, and names it', () => {
    expect(() => decodePayload(rtLinkSchema as object as Parameters<typeof decodePayload>[0], 'getlnk')).to.throw(TypeError, 'getlnk');
  });

  itBehaves({ operator: () => decodePayload(rtLinkSchema, 'getlink'), a: values.a, result: results.x });
});
