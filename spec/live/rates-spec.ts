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
    'emits the growth of a counter per second',
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
          map((received) => received.rates.bytes),
        ),
      )
      .toBe('- 499ms x|', { x: rate });
  };

  it(
    'continues when a 32-bit counter wraps',
    marbles((helpers) => {
      rateOf(0xffff_fff0n, 16n, 32)(helpers, 64);
    }),
  );

  it(
    'treats a 64-bit counter that has become smaller as reset',
    marbles((helpers) => {
      rateOf(1_000_000n, 16n, 64)(helpers, 32);
    }),
  );

  it(
    'is exact for counters beyond 2^53 that grow little',
    marbles((helpers) => {
      rateOf(2n ** 63n, 2n ** 63n + 3n, 64)(helpers, 6);
    }),
  );

  it(
    'emits nothing for two simultaneous values, and forwards errors and completion',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('(ab)-#', { a: at(0n), b: at(1n) }).pipe(rates(counters))).toBe('-----#');
      expectObservable(cold('|').pipe(rates(() => ({})))).toBe('|');
      expectObservable(cold('-').pipe(rates(() => ({})))).toBe('-');
    }),
  );

  it(
    'forwards an error of the function that returns counters',
    marbles(({ cold, expectObservable }) => {
      const fail = () => {
        throw 'no counters';
      };
      expectObservable(cold('-a-|').pipe(rates(fail))).toBe('-#', undefined, 'no counters');
    }),
  );
});
