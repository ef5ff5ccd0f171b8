import { expect } from 'chai';
import { from, map } from 'rxjs';
import { rates } from '../../lib/live/index.js';
import { marbles } from './support.js';

interface Read {
  readonly bytes: bigint;
}
const counters = ({ bytes }: Read) => ({ bytes });
const at = (bytes: bigint): Read => ({ bytes });
const named = (name: string, bytes: bigint) => ({ name, bytes });

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

  it(
    'compares each value with the previous one of its key',
    marbles(({ cold, expectObservable }) => {
      const [a, b, c, d] = [named('a', 0n), named('b', 9_000_000n), named('a', 100n), named('b', 9_000_050n)];
      const result = cold('  (ab) 996ms (cd|)', { a, b, c, d }).pipe(rates(({ bytes }) => ({ bytes }), { key: ({ name }) => name }));
      const expected = '     ---- 996ms (xy|)';
      expectObservable(result).toBe(expected, {
        x: { value: c, seconds: 1, rates: { bytes: 100 } },
        y: { value: d, seconds: 1, rates: { bytes: 50 } },
      });
    }),
  );

  it('begins anew for each subscriber', () => {
    let count = 0;
    const result = from([at(1n)]).pipe(rates(counters));
    result.subscribe(() => count++);
    result.subscribe(() => count++);
    expect(count).to.equal(0);
  });

  const failure = (values: readonly object[], read: (value: never) => unknown = counters): string => {
    let text = '';
    from(values)
      .pipe(rates(read as never))
      .subscribe({ error: (error: unknown) => (text = String(error)) });
    return text;
  };

  it('fails for the value of another object when it has no key', () => {
    expect(failure([named('eth0', 1n), named('v0', 5n)])).to.equal(
      'TypeError: rates(): the values belong to different objects (name eth0, then v0); expected one object without key; ' +
        'pass { key: (value) => value.name }',
    );
    expect(
      failure([
        { ifiIndex: 1, ifname: 'lo', bytes: 1n },
        { ifiIndex: 2, ifname: 'eth0', bytes: 2n },
      ]),
    ).to.include('key');
  });

  it('accepts an object that is renamed, or created again under its name', () => {
    expect(
      failure([
        { ...named('eth0', 1n), index: 2 },
        { ...named('wan', 2n), index: 2 },
      ]),
    ).to.equal('');
    expect(
      failure([
        { ...named('eth0', 1n), index: 2 },
        { ...named('eth0', 2n), index: 3 },
      ]),
    ).to.equal('');
  });

  it('rejects counters that are not integers by name', () => {
    expect(failure([at(1n)], () => 5n)).to.equal(
      'TypeError: rates(): the counters of a value must be an object, e.g. { bytes: 5n }, not bigint; return them by name',
    );
    expect(failure([at(1n)], () => undefined)).to.include('not undefined');
    expect(failure([{}])).to.equal(
      'TypeError: rates(): counter bytes is undefined; expected a bigint or an integer; return 0n for an absent counter',
    );
    expect(failure([at(1n)], () => ({ load: 1.5 }))).to.include('counter load is 1.5; expected a bigint or an integer');
    expect(failure([at(1n)], () => ({ bytes: '7' }))).to.include('counter bytes is string');
  });

  it(
    'names a counter that the previous value lacks',
    marbles(({ cold, expectObservable }) => {
      const read = (value: object): Record<string, bigint> => ({ ...value });
      const text = 'rates(): counter sent is absent from the previous value; expected the same counters of each value';
      expectObservable(cold('a-b|', { a: { received: 1n }, b: { received: 1n, sent: 2n } }).pipe(rates(read))).toBe(
        '--#',
        undefined,
        new TypeError(text),
      );
    }),
  );
});
