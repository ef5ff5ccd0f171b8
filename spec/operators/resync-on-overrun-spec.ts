import { expect } from 'chai';
import { concat, defer, NEVER, of, Subject, take, throwError, type Observable } from 'rxjs';
import { NetlinkError, OverrunError } from '../../lib/errors/index.js';
import { resyncOnOverrun } from '../../lib/operators/index.js';
import { itBehaves, marbles } from './support.js';

const overrun = new OverrunError(5);

function inTurn<T>(...tries: readonly Observable<T>[]): Observable<T> {
  let subscribed = 0;
  return defer(() => tries[Math.min(subscribed++, tries.length - 1)]!);
}

describe('resyncOnOverrun', () => {
  it(
    'subscribes again immediately, and emits what the callback returns',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const first = cold('  --a--b--#', undefined, overrun);
      const second = cold('         ---c--d--');
      const reading = cold('        -m|');
      const expected = '    --a--b---m-c--d--';
      expectObservable(inTurn(first, second).pipe(resyncOnOverrun(() => reading))).toBe(expected);
      expectSubscriptions(first.subscriptions).toBe('   ^-------!');
      expectSubscriptions(second.subscriptions).toBe('  --------^--------');
      expectSubscriptions(reading.subscriptions).toBe(' --------^-!');
    }),
  );

  it(
    'subscribes again and emits no marker when there is no callback',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a-#', undefined, overrun);
      expectObservable(source.pipe(resyncOnOverrun()), '-----!').toBe('a-a-a-');
      expectSubscriptions(source.subscriptions).toBe(['^-!', '--^-!', '----^!']);
    }),
  );

  it(
    'emits the marker at the gap, before values that the new subscription emits synchronously',
    marbles(({ cold, expectObservable }) => {
      const first = cold('  --a-#', undefined, overrun);
      const second = cold('     (bc)');
      expectObservable(inTurn(first, second).pipe(resyncOnOverrun(() => of('m')))).toBe('--a-(mbc)');
    }),
  );

  it(
    'replaces a running read at the next overrun',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const first = cold('   --#', undefined, overrun);
      const second = cold('    --#', undefined, overrun);
      const reading = cold('   -m-n-o-|');
      const again = cold('       -p|');
      const readings = [reading, again];
      const result = inTurn(first, second, NEVER).pipe(resyncOnOverrun(() => readings.shift()));
      expectObservable(result).toBe('---m-p-');
      expectSubscriptions(reading.subscriptions).toBe('--^-!');
      expectSubscriptions(again.subscriptions).toBe('----^-!');
    }),
  );

  it(
    'completes when both the source and the read have completed',
    marbles(({ cold, expectObservable }) => {
      const first = cold('  -#', undefined, overrun);
      const second = cold('  -b|');
      const reading = cold(' ---m---n|');
      expectObservable(inTurn(first, second).pipe(resyncOnOverrun(() => reading))).toBe('--b-m---n|');
    }),
  );

  it(
    'fails when the read fails, and unsubscribes from the source',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const first = cold('  -#', undefined, overrun);
      const second = cold('  -b---b');
      const reading = cold(' ---#');
      expectObservable(inTurn(first, second).pipe(resyncOnOverrun(() => reading))).toBe('--b-#', undefined, 'error');
      expectSubscriptions(second.subscriptions).toBe('-^--!');
    }),
  );

  it(
    'fails when the callback throws',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-#', undefined, overrun);
      const failure = new TypeError('no such table');
      const failing = (): undefined => {
        throw failure;
      };
      expectObservable(source.pipe(resyncOnOverrun(failing))).toBe('-a-#', undefined, failure);
      expectSubscriptions(source.subscriptions).toBe('^--!');
    }),
  );

  it(
    'passes other errors on',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const refused = new NetlinkError('EPERM open', { errno: -1, operation: 'open' });
      const source = cold('-a-#', undefined, refused);
      expectObservable(source.pipe(resyncOnOverrun(() => of('m')))).toBe('-a-#', undefined, refused);
      expectSubscriptions(source.subscriptions).toBe('^--!');
    }),
  );

  it(
    'unsubscribes from source and read when its subscriber unsubscribes',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const first = cold('  -#', undefined, overrun);
      const second = cold('  -b---b');
      const reading = cold(' ---m---');
      const unsubscribed = '-----!';
      expectObservable(inTurn(first, second).pipe(resyncOnOverrun(() => reading)), unsubscribed).toBe('--b-m-');
      expectSubscriptions(second.subscriptions).toBe('  -^---!');
      expectSubscriptions(reading.subscriptions).toBe(' -^---!');
    }),
  );

  it('passes the error with the number of dropped datagrams to the callback', () => {
    const dropped: number[] = [];
    const source = new Subject<string>();
    inTurn(source, NEVER)
      .pipe(
        resyncOnOverrun((error) => {
          dropped.push(error.dropped);
        }),
      )
      .subscribe();
    source.error(overrun);
    expect(dropped).to.deep.equal([5]);
  });

  it('subscribes again before the error call returns', () => {
    const source = new Subject<string>();
    let subscribed = 0;
    defer(() => (subscribed++ === 0 ? source : NEVER))
      .pipe(resyncOnOverrun())
      .subscribe();
    source.error(overrun);
    expect(subscribed).to.equal(2);
  });

  it('does not retry a source that fails during subscription, even with an overrun', () => {
    const errors: unknown[] = [];
    let subscribed = 0;
    const failing = defer(() => {
      subscribed++;
      return concat(
        of('a'),
        throwError(() => overrun),
      );
    });
    failing.pipe(resyncOnOverrun()).subscribe({ error: (error: unknown) => errors.push(error) });
    expect({ subscribed, errors }).to.deep.equal({ subscribed: 1, errors: [overrun] });
  });

  it('does not subscribe again when the subscriber unsubscribes at the marker', () => {
    const source = new Subject<string>();
    let subscribed = 0;
    const seen: string[] = [];
    defer(() => (subscribed++ === 0 ? source : NEVER))
      .pipe(
        resyncOnOverrun(() => of('m')),
        take(1),
      )
      .subscribe((value) => seen.push(value));
    source.error(overrun);
    expect({ subscribed, seen }).to.deep.equal({ subscribed: 1, seen: ['m'] });
  });

  it('does not grow the stack in 20,000 consecutive overruns', () => {
    let sources: Subject<string>[] = [];
    let resynced = 0;
    defer(() => {
      const source = new Subject<string>();
      sources = [source];
      return source;
    })
      .pipe(
        resyncOnOverrun(() => {
          resynced++;
        }),
      )
      .subscribe();
    for (let count = 0; count < 20_000; count++) sources[0]!.error(overrun);
    expect(resynced).to.equal(20_000);
  });

  itBehaves({ operator: () => resyncOnOverrun() });
});
