import { expect } from 'chai';
import { take, toArray } from 'rxjs';
import { decodeMessages } from '../../lib/operators/index.js';
import { DecodeError } from '../../lib/errors/index.js';
import { encodeMessage, encodeMessages, type Message } from '../../lib/wire/index.js';
import { contentOf, datagram, int32, join, row } from '../support/messages.js';
import { ASKED, marbles } from './support.js';

const init = (content: number) => ({ type: 16, ...ASKED, payload: int32(content) });
const values = { a: datagram(encodeMessages([init(1), init(2)])), b: datagram(new Uint8Array(0)), c: datagram(encodeMessage(init(3))) };
const results = { 1: row(ASKED, 1), 2: row(ASKED, 2), 3: row(ASKED, 3) };
/** A complete message, and one with length 4. */
const broken = datagram(join(encodeMessage(init(1)), int32(4), new Uint8Array(12)));
const brokenError = new DecodeError('message: expected a length from 16 to 16, got 4', 20);

describe('decodeMessages', () => {
  it(
    'emits the messages of each datagram, in order',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  --a---b----c-|', values);
      const subscribed = '  ^------------!';
      const expected = '    --(12)-----3-|';
      expectObservable(source.pipe(decodeMessages())).toBe(expected, results);
      expectSubscriptions(source.subscriptions).toBe(subscribed);
    }),
  );

  const cases: readonly [string, string, string, string, string?][] = [
    ['does not complete when the source never emits', '-', '-', '^'],
    ['completes when the source is empty', '|', '|', '(^!)'],
    ['emits the message of one datagram', '--c--|', '--3--|', '^----!'],
    ['passes an error of the source on', '--c--#', '--3--#', '^----!'],
    ['emits as long as the source emits', 'c--c--c---', '3--3--3---', '^'],
    ['unsubscribes from the source when its subscriber unsubscribes', '--c--c--c|', '--3--3-', '^------!', '^------!'],
  ];
  for (const [name, marble, expected, subscribed, unsubscribed] of cases) {
    it(
      name,
      marbles(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot(marble, values);
        expectObservable(source.pipe(decodeMessages()), unsubscribed).toBe(expected, results);
        expectSubscriptions(source.subscriptions).toBe(subscribed);
      }),
    );
  }

  it(
    'emits the messages before a malformed one, then fails',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  --c--x-----c-|', { ...values, x: broken });
      const subscribed = '  ^----!';
      const expected = '    --3--(1#)';
      expectObservable(source.pipe(decodeMessages())).toBe(expected, results, brokenError);
      expectSubscriptions(source.subscriptions).toBe(subscribed);
    }),
  );

  it(
    'stops within a datagram when its subscriber unsubscribes',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  --a---|', values);
      expectObservable(source.pipe(decodeMessages(), take(1))).toBe('--(1|)', results);
      expectSubscriptions(source.subscriptions).toBe('^-!');
    }),
  );

  it('sets sender and group of the datagram on each message', () => {
    const messages: Message[][] = [];
    const from = { from: 7, group: 40, nsid: 3, unsure: true };
    marbles(({ hot }) => {
      hot('(a|)', { a: datagram(encodeMessage(init(5)), from) })
        .pipe(decodeMessages(), toArray())
        .subscribe((all) => messages.push(all));
    })();
    const [message] = messages[0]!;
    expect(contentOf(message!)).to.equal(5);
    expect(message!.origin).to.deep.include({ sender: { portId: 7, groups: 0 }, group: 40, nsid: 3, unsure: true });
  });
});
