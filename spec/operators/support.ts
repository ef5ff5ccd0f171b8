import { expect } from 'chai';
import { mergeMap, of, type Observable, type OperatorFunction } from 'rxjs';
import { netlinkTestScheduler, type NetlinkRunHelpers } from '../../lib/testing/index.js';
import type { Message } from '../../lib/wire/index.js';
import { row } from '../support/messages.js';

/** The request of these specs. */
export const ASKED = { sequence: 1, portId: 99 };

/** A spec in virtual time whose differences are readable. */
export function marbles(test: (helpers: NetlinkRunHelpers) => void): () => void {
  return () => {
    netlinkTestScheduler((actual, expected) => expect(actual).to.deep.equal(expected)).run(test);
  };
}

/** What an operator makes of sources that are dull, broken or left early; the marble `a` is a message. */
export interface Behaviour<T> {
  readonly operator: () => OperatorFunction<Message, T>;
  /** What `a` stands for; a row that answers the request where left out. */
  readonly a?: Message;
  /** What becomes of it; the same where left out. */
  readonly result?: T;
  /** False where nothing comes out before the source completes. */
  readonly streams?: boolean;
}

/** The cases that are the same for all operators: never, empty, one and many, error, endless, early unsubscribe. */
export function itBehaves<T>({ operator, a = row(ASKED, 1), result, streams = true }: Behaviour<T>): void {
  const values = { a };
  const results: Record<string, unknown> = { a: result ?? a };
  const case_ = (name: string, source: string, expected: string, subscribed: string, unsubscribed?: string): void => {
    it(
      name,
      marbles(({ hot, expectObservable, expectSubscriptions }) => {
        const messages = hot(source, values);
        expectObservable(messages.pipe(operator()), unsubscribed).toBe(expected, results);
        expectSubscriptions(messages.subscriptions).toBe(subscribed);
      }),
    );
  };
  case_('waits with a source that never says anything', '-', '-', '^');
  case_('completes with an empty source', '|', '|', '(^!)');
  case_('takes one message', '--a--|', streams ? '--a--|' : '-----(a|)', '^----!');
  case_('takes many', '--a--a-a|', streams ? '--a--a-a|' : '--------(aaa|)', '^-------!');
  case_('passes an error on', '--a--#', streams ? '--a--#' : '-----(a#)', '^----!');
  case_('passes an error on at once', '#', '#', '(^!)');
  case_('goes on for as long as its source', 'a--a--a---', streams ? 'a--a--a---' : '----------', '^');
  case_('unsubscribes early', '--a--a--a|', streams ? '--a--a-' : '-------', '^------!', '^------!');

  it(
    'keeps the chain of subscriptions whole when the result is left early',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('    --a--a--a|', values);
      const unsubscribed = '  ^------!';
      const expected = streams ? '--a--a-' : '-------';
      const chained: Observable<T> = source.pipe(
        mergeMap((one) => of(one)),
        operator(),
        mergeMap((one) => of(one)),
      );
      expectObservable(chained, unsubscribed).toBe(expected, results);
      expectSubscriptions(source.subscriptions).toBe('^------!');
    }),
  );
}
