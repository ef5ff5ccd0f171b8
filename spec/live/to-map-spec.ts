import { map, pairwise } from 'rxjs';
import { toMap, type LiveChange } from '../../lib/live/index.js';
import { marbles } from './support.js';

interface Thing {
  readonly name: string;
  readonly state: number;
}

const x: Thing = { name: 'x', state: 1 };
const y: Thing = { name: 'y', state: 1 };
const y2: Thing = { name: 'y', state: 2 };

const CHANGES: Record<string, LiveChange<Thing>> = {
  s: { type: 'synced', entries: [x], reason: 'initial' },
  a: { type: 'added', value: y },
  c: { type: 'changed', value: y2, previous: y, properties: ['state'] },
  r: { type: 'removed', value: x },
};

const print = (entries: ReadonlyMap<string, Thing>): string => [...entries].map(([name, { state }]) => `${name}${state}`).join(' ');

describe('toMap', () => {
  it(
    'emits a map after synced and after each change',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  --s--a--r--|', CHANGES);
      const subscribed = '  ^----------!';
      const expected = '    --1--2--3--|';
      const texts = { 1: 'x1', 2: 'x1 y1', 3: 'y1' };
      expectObservable(
        source.pipe(
          toMap(({ name }) => name),
          map(print),
        ),
      ).toBe(expected, texts);
      expectSubscriptions(source.subscriptions).toBe(subscribed);
    }),
  );

  it(
    'emits maps that never change: pairwise sees the earlier state',
    marbles(({ hot, expectObservable }) => {
      const source = hot('  --s--a--c--r--s-|', CHANGES);
      const expected = '    -----1--2--3--4-|';
      const pairs = source.pipe(
        toMap(({ name }) => name),
        pairwise(),
        map((pair) => pair.map(print).join(' > ')),
      );
      expectObservable(pairs).toBe(expected, { 1: 'x1 > x1 y1', 2: 'x1 y1 > x1 y2', 3: 'x1 y2 > y2', 4: 'y2 > x1' });
    }),
  );

  it(
    'emits nothing before the first synced, forwards errors, and unsubscribes with its subscriber',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      expectObservable(hot('-a-#', CHANGES).pipe(toMap(({ name }) => name))).toBe('---#');
      const source = hot('--a-----', CHANGES);
      expectObservable(source.pipe(toMap(({ name }) => name)), '^--!').toBe('----');
      expectSubscriptions(source.subscriptions).toBe('^--!');
    }),
  );
});
