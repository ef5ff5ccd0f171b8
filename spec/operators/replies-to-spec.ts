import { expect } from 'chai';
import { repliesTo } from '../../lib/operators/index.js';
import { MessageFlags } from '../../lib/wire/index.js';
import { ack, row } from '../support/messages.js';
import { ASKED, itBehaves, marbles } from './support.js';

const GROUP = { group: 1 };
const values = {
  a: row(ASKED, 1),
  A: ack(ASKED),
  b: row({ ...ASKED, sequence: 2 }, 2),
  p: row({ ...ASKED, portId: 98 }, 3),
  z: row({ ...ASKED, portId: 0 }, 4),
  n: row(ASKED, 5, 0, GROUP),
  s: row(ASKED, 6, 0, { from: 7 }),
  f: row(ASKED, 7, 0, { nsid: 4, group: 1 }),
  u: row(ASKED, 8, 0, { unsure: true }),
};

describe('repliesTo', () => {
  it(
    'emits only replies',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  --a--n--a--b--A--s--', values);
      const subscribed = '  ^------------------!';
      const expected = '    --a-----a-----A-----';
      expectObservable(source.pipe(repliesTo(ASKED)), subscribed).toBe(expected, values);
      expectSubscriptions(source.subscriptions).toBe(subscribed);
    }),
  );

  const cases: readonly [string, Parameters<typeof repliesTo>, string][] = [
    ['accepts port ID 0, which audit replies carry', [ASKED], 'a--z-----'],
    ['accepts the object of a request with the echo flag', [{ ...ASKED, flags: MessageFlags.Echo }], 'a--zn----'],
    ['accepts replies to the socket when the request has another port ID', [ASKED, { portId: 98 }], 'a-pz-----'],
    ['rejects replies to a request with another number', [{ ...ASKED, sequence: 5 }], '---------'],
  ];
  for (const [name, parameters, expected] of cases) {
    it(
      name,
      marbles(({ hot, expectObservable }) => {
        expectObservable(hot('abpznsfu-', values).pipe(repliesTo(...parameters))).toBe(expected, values);
      }),
    );
  }

  it('throws when the request has no sequence number', () => {
    expect(() => repliesTo({})).to.throw(TypeError, 'pass the request that send() returned');
    expect(() => repliesTo({ sequence: 0, portId: 5 })).to.throw(TypeError, 'sequence number');
  });

  itBehaves({ operator: () => repliesTo(ASKED) });
});
