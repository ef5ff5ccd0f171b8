import { settle } from '../../lib/live/index.js';
import { marbles } from './support.js';

describe('settle', () => {
  it(
    'collects values until none arrives for the given time, then emits them',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  --ab-c------d--|');
      const subscribed = '  ^--------------!';
      const expected = '    --------x------(y|)';
      expectObservable(source.pipe(settle({ for: 3 }))).toBe(expected, { x: ['a', 'b', 'c'], y: ['d'] });
      expectSubscriptions(source.subscriptions).toBe(subscribed);
    }),
  );

  it(
    'emits nothing while values keep arriving, nor when there are none',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('a-a-a-a-a-a-').pipe(settle({ for: 3 }))).toBe('-------------x', { x: ['a', 'a', 'a', 'a', 'a', 'a'] });
      expectObservable(cold('-----|').pipe(settle({ for: 2 }))).toBe('-----|');
      expectObservable(cold('-').pipe(settle({ for: 2 }))).toBe('-');
    }),
  );

  it(
    'forwards errors, and unsubscribes from its source with its subscriber',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      expectObservable(hot('--a-#').pipe(settle({ for: 5 }))).toBe('----#');
      const source = hot('--a------');
      expectObservable(source.pipe(settle({ for: 5 })), '^--!').toBe('----');
      expectSubscriptions(source.subscriptions).toBe('^--!');
    }),
  );
});
