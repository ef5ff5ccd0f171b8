import { expect } from 'chai';
import { map } from 'rxjs';
import { coalesce, type LiveChange } from '../../lib/live/index.js';
import { marbles } from './support.js';

interface Link {
  readonly name: string;
  readonly state: string;
  readonly mtu: number;
}

const link = (name: string, state: string, mtu = 1500): Link => ({ name, state, mtu });
const change = (previous: Link, value: Link, ...properties: ('state' | 'mtu')[]): LiveChange<Link> => ({
  type: 'changed',
  value,
  previous,
  properties,
});

const CHANGES: Record<string, LiveChange<Link>> = {
  s: { type: 'synced', entries: [], reason: 'silent' },
  a: change(link('a', 'up'), link('a', 'down'), 'state'),
  c: change(link('a', 'down'), link('a', 'down', 9000), 'mtu'),
  u: change(link('a', 'down'), link('a', 'up'), 'state'),
  b: change(link('b', 'up'), link('b', 'down'), 'state'),
  n: { type: 'added', value: link('n', 'down') },
  m: change(link('n', 'down'), link('n', 'up'), 'state'),
  r: { type: 'removed', value: link('n', 'down') },
  g: { type: 'removed', value: link('a', 'down') },
  h: { type: 'added', value: link('a', 'up', 9000) },
};

const print = (emission: LiveChange<Link>): string => {
  if (emission.type === 'synced') return 'synced';
  const { name, state, mtu } = emission.value;
  const details =
    emission.type === 'changed' ? ` from ${emission.previous.state} ${emission.previous.mtu} (${emission.properties.join()})` : '';
  return `${emission.type} ${name} ${state} ${mtu}${details}`;
};

const TEXTS = {
  s: 'synced',
  b: 'changed b down 1500 from up 1500 (state)',
  x: 'changed a down 9000 from up 1500 (state,mtu)',
};

const byName = coalesce<Link>({ within: 4, key: ({ name }) => name });

describe('coalesce', () => {
  it(
    'emits the last state of each entry at the end of the window, and synced at once',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  --s-acb-----nr-s-|', CHANGES);
      const subscribed = '  ^----------------!';
      const expected = '    --s-----(xb)---s-|';
      expectObservable(source.pipe(byName, map(print))).toBe(expected, TEXTS);
      expectSubscriptions(source.subscriptions).toBe(subscribed);
    }),
  );

  it(
    'emits pending changes before synced and at the end, and drops them with an error',
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-a-s-------', CHANGES).pipe(byName, map(print))).toBe('---(as)----', {
        ...TEXTS,
        a: 'changed a down 1500 from up 1500 (state)',
      });
      expectObservable(hot('-b-|', CHANGES).pipe(byName, map(print))).toBe('---(b|)', TEXTS);
      expectObservable(hot('-b-#', CHANGES).pipe(byName, map(print))).toBe('---#');
    }),
  );

  it(
    'starts a window with the first change after the end of the last one',
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-b---b-b----', CHANGES).pipe(byName, map(print))).toBe('-----b-----b', TEXTS);
    }),
  );

  it(
    'stops with its subscriber',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-b-------', CHANGES);
      expectObservable(source.pipe(byName), '^--!').toBe('---------');
      expectSubscriptions(source.subscriptions).toBe('^--!');
    }),
  );

  for (const [letters, expected] of [
    ['n', 'added n down 1500'],
    ['nm', 'added n up 1500'],
    ['nr', ''],
    ['nrn', 'added n down 1500'],
    ['au', ''],
    ['aua', 'changed a down 1500 from up 1500 (state)'],
    ['ag', 'removed a down 1500'],
    ['agh', 'changed a up 9000 from down 1500 (state,mtu)'],
    ['rn', ''],
  ] as const) {
    it(`merges ${letters
      .split('')
      .map((letter) => CHANGES[letter]!.type)
      .join(', ')} to '${expected}'`, () => {
      marbles(({ hot, expectObservable }) => {
        const texts: Record<string, string> = { x: expected };
        expectObservable(hot(`(${letters})`, CHANGES).pipe(byName, map(print))).toBe(expected === '' ? '----' : '----x', texts);
      })();
    });
  }

  it('rejects options that are not valid', () => {
    expect(() => coalesce({ within: -1, key: () => 1 })).to.throw(RangeError, 'coalesce(): within is -1');
    expect(() => coalesce({ within: 1 } as never)).to.throw(TypeError, 'coalesce(): key must be a function, not undefined');
  });
});
