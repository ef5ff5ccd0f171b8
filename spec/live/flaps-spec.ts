import { expect } from 'chai';
import { Subject, map } from 'rxjs';
import { flaps, type LiveChange } from '../../lib/live/index.js';
import { marbles } from './support.js';

interface Link {
  readonly name: string;
  readonly operstate: string;
  readonly mtu: number;
}

const link = (name: string): Link => ({ name, operstate: 'up', mtu: 1500 });
const added = (name: string): LiveChange<Link> => ({ type: 'added', value: link(name) });
const changed = (name: string, ...properties: ('operstate' | 'mtu')[]): LiveChange<Link> => {
  return { type: 'changed', value: link(name), previous: link(name), properties };
};
const changes: Readonly<Record<string, LiveChange<Link>>> = {
  a: added('a'),
  b: added('b'),
  o: changed('a', 'operstate'),
  m: changed('a', 'mtu'),
  r: { type: 'removed', value: link('a') },
  s: { type: 'synced', entries: [link('a')], reason: 'initial' },
};
const key = ({ name }: Link): string => name;
const times = map(({ times: count }: { readonly times: number }) => String(count));

describe('flaps', () => {
  it(
    'emits a change when the object has changed often enough within the window',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  --a-b-a-a-----a--|', changes);
      const subscribed = '  ^----------------!';
      const expected = '    ------x-y--------|';
      const flap = { key: 'a', change: changes['a'], times: 2 };
      expectObservable(source.pipe(flaps({ within: 4, key, times: 2 }))).toBe(expected, { x: flap, y: flap });
      expectSubscriptions(source.subscriptions).toBe(subscribed);
    }),
  );

  it(
    'counts changes in a window that slides, not changes in a row',
    marbles(({ cold, expectObservable }) => {
      // Each change is 4 frames after the one before: never more than two in 5 frames.
      expectObservable(cold('a---a---a---a---a|', changes).pipe(flaps({ within: 5, key }))).toBe('-----------------|');
      expectObservable(cold('a---a---a---a---a|', changes).pipe(flaps({ within: 8, key }), times)).toBe('--------3---3---3|');
    }),
  );

  it(
    'needs three changes by default and ignores synced',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('asasas|', changes).pipe(flaps({ within: 9, key }), times)).toBe('----3-|');
    }),
  );

  it(
    'counts a change that is exactly as old as the window and none that is older',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('a--a|', changes).pipe(flaps({ within: 3, key, times: 2 }), times)).toBe('---2|');
      expectObservable(cold('a---a|', changes).pipe(flaps({ within: 3, key, times: 2 }), times)).toBe('-----|');
    }),
  );

  it(
    'counts arrivals, removals and changes of any property when no property is chosen',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('armo|', changes).pipe(flaps({ within: 9, key, times: 1 }), times)).toBe('1234|');
    }),
  );

  it(
    'counts only the changes of the chosen property',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('armommo|', changes).pipe(flaps({ within: 9, key, times: 2, of: 'operstate' }), times)).toBe('------2|');
    }),
  );

  it(
    'passes errors on and unsubscribes from its source with its subscriber',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      expectObservable(hot('a-#', changes).pipe(flaps({ within: 2, key }))).toBe('--#');
      const source = hot('a--a---', changes);
      expectObservable(source.pipe(flaps({ within: 9, key, times: 2 })), '^-!').toBe('---');
      expectSubscriptions(source.subscriptions).toBe('^-!');
    }),
  );

  it('counts many changes of one object in linear time', () => {
    const source = new Subject<LiveChange<Link>>();
    let last = 0;
    source.pipe(flaps({ within: 3_600_000, key }), times).subscribe((count) => (last = Number(count)));
    for (let count = 0; count < 30_000; count++) source.next(changed('a', 'mtu'));
    expect(last).to.equal(30_000);
  });
});
