import { expect } from 'chai';
import { defer, toArray, type Observable } from 'rxjs';
import { DumpInterruptedError, KernelError } from '../../lib/errors/index.js';
import { reassemble, retryInterruptedDump } from '../../lib/operators/index.js';
import { MessageFlags } from '../../lib/wire/index.js';
import { done, part } from '../support/messages.js';
import { ASKED, itBehaves, marbles } from './support.js';

const interrupted = new DumpInterruptedError('getlink');

/** Subscribes to the first observable, then to the second, and so on; repeats the last. */
function inTurn<T>(...tries: readonly Observable<T>[]): Observable<T> {
  let subscribed = 0;
  return defer(() => tries[Math.min(subscribed++, tries.length - 1)]!);
}

describe('retryInterruptedDump', () => {
  it(
    'repeats the dump, and emits only the rows of an uninterrupted one',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const first = cold('  --a--b--#        ', undefined, interrupted);
      const firstly = '     ^-------!        ';
      const second = cold('         --c--d--|');
      const secondly = '    --------^-------!';
      const expected = '    ----------------(cd|)';
      expectObservable(inTurn(first, second).pipe(retryInterruptedDump())).toBe(expected);
      expectSubscriptions(first.subscriptions).toBe(firstly);
      expectSubscriptions(second.subscriptions).toBe(secondly);
    }),
  );

  it(
    'fails after three further dumps by default',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a-#', undefined, interrupted);
      expectObservable(source.pipe(retryInterruptedDump())).toBe('--------#', undefined, interrupted);
      expectSubscriptions(source.subscriptions).toBe(['^-!', '--^-!', '----^-!', '------^-!']);
    }),
  );

  it(
    'does not repeat the dump when count is 0',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a-#', undefined, interrupted);
      expectObservable(source.pipe(retryInterruptedDump({ count: 0 }))).toBe('--#', undefined, interrupted);
      expectSubscriptions(source.subscriptions).toBe('^-!');
    }),
  );

  it(
    'waits before each further dump, also in virtual time',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const first = cold('  a-#          ', undefined, interrupted);
      const second = cold('      a-#     ', undefined, interrupted);
      const third = cold('            a-|');
      const expected = '    ------------(a|)';
      expectObservable(inTurn(first, second, third).pipe(retryInterruptedDump({ count: 5, delay: 3 }))).toBe(expected);
      expectSubscriptions(first.subscriptions).toBe('  ^-!');
      expectSubscriptions(second.subscriptions).toBe(' -----^-!');
      expectSubscriptions(third.subscriptions).toBe('  ----------^-!');
    }),
  );

  it(
    'does not repeat the dump after its subscriber has unsubscribed',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a-#', undefined, interrupted);
      expectObservable(source.pipe(retryInterruptedDump({ delay: 5 })), '----!').toBe('-----');
      expectSubscriptions(source.subscriptions).toBe('^-!');
    }),
  );

  it(
    'passes other errors on, after the rows before them',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const gone = new KernelError({ errno: -19, operation: 'getlink' });
      const source = cold('--a--b--#', undefined, gone);
      expectObservable(source.pipe(retryInterruptedDump())).toBe('--------(ab#)', undefined, gone);
      expectSubscriptions(source.subscriptions).toBe('^-------!');
    }),
  );

  const giveUp = <T>(source: (helpers: Parameters<Parameters<typeof marbles>[0]>[0]) => Observable<T>): readonly unknown[] => {
    let partial: readonly unknown[] = [];
    marbles((helpers) => {
      source(helpers).subscribe({ error: (error: unknown) => (partial = (error as DumpInterruptedError).partial) });
    })();
    return partial;
  };

  it('puts the rows of the last dump into the error when it fails', () => {
    const partial = giveUp(({ cold }) =>
      inTurn(cold('a-b-#', undefined, interrupted), cold('c-d-#', undefined, interrupted)).pipe(
        retryInterruptedDump({ count: 1 }),
        toArray(),
      ),
    );
    expect(partial).to.deep.equal(['c', 'd']);
  });

  it('keeps the rows in the error of the source when the source emitted none', () => {
    const row = part(ASKED, 1, MessageFlags.DumpInterrupted);
    const partial = giveUp(({ cold }) => cold('a-D', { a: row, D: done(ASKED) }).pipe(reassemble(), retryInterruptedDump({ count: 2 })));
    expect(partial).to.deep.equal([row]);
  });

  it('throws for an invalid option, and names it', () => {
    expect(() => retryInterruptedDump({ count: -1 })).to.throw(RangeError, 'count is -1');
    expect(() => retryInterruptedDump({ count: 1.5 })).to.throw(RangeError, 'count is 1.5');
    expect(() => retryInterruptedDump({ delay: -3 })).to.throw(RangeError, 'delay is -3');
    expect(() => retryInterruptedDump({ delay: NaN })).to.throw(RangeError, 'delay is NaN');
  });

  itBehaves({ operator: () => retryInterruptedDump(), streams: false });
});
