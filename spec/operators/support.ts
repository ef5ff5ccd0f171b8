import { expect } from 'chai';
import { mergeMap, of, type Observable, type OperatorFunction } from 'rxjs';
import { netlinkTestScheduler, type NetlinkRunHelpers } from '../../lib/testing/index.js';
import type { Message } from '../../lib/wire/index.js';
import { row } from '../support/messages.js';

/** The request of these specs. */
export const ASKED = { sequence: 1, portId: 99 };

/** Creates a spec in virtual time with readable differences. */
export function marbles(test: (helpers: NetlinkRunHelpers) => void): () => void {
  return () => {
    netlinkTestScheduler((actual, expected) => expect(actual).to.deep.equal(expected)).run(test);
  };
}

/** An operator and its result for the common sources; the marble `a` is a message. */
export interface Behaviour<T> {
  readonly operator: () => OperatorFunction<Message, T>;
  /** The message `a`; a reply to the request if omitted. */
  readonly a?: Message;
  /** The value that the operator emits for it; the message itself if omitted. */
  readonly result?: T;
  /** False if the operator emits nothing before the source completes. */
  readonly streams?: boolean;
}

/** Defines the cases that all operators have in common: never, empty, one and many, error, endless, early unsubscribe. */
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
  case_('does not complete when the source never emits', '-', '-', '^');
  case_('completes when the source is empty', '|', '|', '(^!)');
  case_('processes one message', '--a--|', streams ? '--a--|' : '-----(a|)', '^----!');
  case_('processes many messages', '--a--a-a|', streams ? '--a--a-a|' : '--------(aaa|)', '^-------!');
  case_('passes an error of the source on', '--a--#', streams ? '--a--#' : '-----(a#)', '^----!');
  case_('passes an immediate error on', '#', '#', '(^!)');
  case_('continues as long as the source', 'a--a--a---', streams ? 'a--a--a---' : '----------', '^');
  case_(
    'unsubscribes from the source when its subscriber unsubscribes',
    '--a--a--a|',
    streams ? '--a--a-' : '-------',
    '^------!',
    '^------!',
  );

  it(
    'unsubscribes through a chain of operators',
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
