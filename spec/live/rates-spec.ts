import { map } from 'rxjs';
import { rates } from '../../lib/live/index.js';
import { marbles } from './support.js';

interface Read {
  readonly bytes: bigint;
}
const counters = ({ bytes }: Read) => ({ bytes });
const at = (bytes: bigint): Read => ({ bytes });

describe('rates', () => {
  it(
    'tells what a counter grows by in a second',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  a 999ms b 999ms c|', { a: at(0n), b: at(100n), c: at(350n) });
      const expected = '    - 999ms x 999ms y|';
      expectObservable(source.pipe(rates(counters))).toBe(expected, {
        x: { value: at(100n), seconds: 1, rates: { bytes: 100 } },
        y: { value: at(350n), seconds: 1, rates: { bytes: 250 } },
      });
      expectSubscriptions(source.subscriptions).toBe('^ 999ms - 999ms -!');
    }),
  );

  const rateOf = (from: bigint, to: bigint, bits: 32 | 64) => (helpers: Parameters<Parameters<typeof marbles>[0]>[0], rate: number) => {
    const source = helpers.cold('a 499ms b|', { a: at(from), b: at(to) });
    helpers
      .expectObservable(
        source.pipe(
          rates(counters, { bits }),
          map((told) => told.rates.bytes),
        ),
      )
      .toBe('- 499ms x|', { x: rate });
  };

  it(
    'counts on over the end of 32 bits',
    marbles((helpers) => {
      rateOf(0xffff_fff0n, 16n, 32)(helpers, 64);
    }),
  );

  it(
    'takes a counter of 64 bits that has become smaller for reset',
    marbles((helpers) => {
      rateOf(1_000_000n, 16n, 64)(helpers, 32);
    }),
  );

  it(
    'keeps what no number can hold exactly, as long as it grows little',
    marbles((helpers) => {
      rateOf(2n ** 63n, 2n ** 63n + 3n, 64)(helpers, 6);
    }),
  );

  it(
    'is silent where two values come at once, and passes errors and ends on',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('(ab)-#', { a: at(0n), b: at(1n) }).pipe(rates(counters))).toBe('-----#');
      expectObservable(cold('|').pipe(rates(() => ({})))).toBe('|');
      expectObservable(cold('-').pipe(rates(() => ({})))).toBe('-');
    }),
  );

  it(
    'passes on what the reader of counters throws',
    marbles(({ cold, expectObservable }) => {
      const fail = () => {
        throw 'no counters';
      };
      expectObservable(cold('-a-|').pipe(rates(fail))).toBe('-#', undefined, 'no counters');
    }),
  );
});
