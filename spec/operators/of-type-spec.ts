import { expect } from 'chai';
import { ofType } from '../../lib/operators/index.js';
import { message } from '../support/messages.js';
import { itBehaves, marbles } from './support.js';

const values = { a: message({ type: 16 }), b: message({ type: 17 }), c: message({ type: 20 }) };

describe('ofType', () => {
  it(
    'emits only the messages of the given types',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  --a--b--c--a--|', values);
      const subscribed = '  ^-------------!';
      const expected = '    --a--b-----a--|';
      expectObservable(source.pipe(ofType(16, 17))).toBe(expected, values);
      expectSubscriptions(source.subscriptions).toBe(subscribed);
    }),
  );

  it(
    'completes without a value when no message has the type',
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('--a--b--c--a--|', values).pipe(ofType(3))).toBe('--------------|');
    }),
  );

  it('throws when no type is given', () => {
    expect(() => ofType()).to.throw(TypeError, 'at least one message type');
  });

  itBehaves({ operator: () => ofType(16) });
});
