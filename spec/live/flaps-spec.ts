import { map } from 'rxjs';
import { flaps, type LiveChange } from '../../lib/live/index.js';
import { marbles } from './support.js';

const change = (name: string): LiveChange<string> => ({ type: 'added', value: name });
const changes = { a: change('a'), b: change('b'), s: { type: 'synced', entries: ['a'], reason: 'initial' } as LiveChange<string> };
const key = (name: string) => name;

describe('flaps', () => {
  it(
    'tells of an object that changes again before it has rested',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  --a-b-a-a-----a--|', changes);
      const subscribed = '  ^----------------!';
      const expected = '    ------x-y--------|';
      expectObservable(source.pipe(flaps({ within: 4, key, times: 2 }))).toBe(expected, {
        x: { key: 'a', change: changes.a, times: 2 },
        y: { key: 'a', change: changes.a, times: 3 },
      });
      expectSubscriptions(source.subscriptions).toBe(subscribed);
    }),
  );

  it(
    'takes three in a row where it is not told, and no notice of being in sync',
    marbles(({ cold, expectObservable }) => {
      const source = cold('a-s-a-s-a-s-|', changes);
      expectObservable(
        source.pipe(
          flaps({ within: 5, key }),
          map(({ times }) => times),
        ),
      ).toBe('--------x---|', { x: 3 });
    }),
  );

  it(
    'forgets objects that rest',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('a--a--a|', changes).pipe(flaps({ within: 2, key, times: 2 }))).toBe('-------|');
    }),
  );

  it(
    'passes errors on and leaves its source with its subscriber',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      expectObservable(hot('a-#', changes).pipe(flaps({ within: 2, key }))).toBe('--#');
      const source = hot('a--a---', changes);
      expectObservable(source.pipe(flaps({ within: 9, key, times: 2 })), '^-!').toBe('---');
      expectSubscriptions(source.subscriptions).toBe('^-!');
    }),
  );
});
