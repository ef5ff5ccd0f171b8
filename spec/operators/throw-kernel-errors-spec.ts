import { expect } from 'chai';
import { KernelError } from '../../lib/errors/index.js';
import { throwKernelErrors } from '../../lib/operators/index.js';
import { MessageFlags, encodeMessage, type MessageInit } from '../../lib/wire/index.js';
import { ack, done, message, row } from '../support/messages.js';
import { ASKED, itBehaves, marbles } from './support.js';

const OTHER = { ...ASKED, sequence: 2 };
const values = {
  a: row(ASKED, 1),
  b: row(OTHER, 2),
  c: row(ASKED, 3),
  A: ack(ASKED),
  E: ack(ASKED, -19),
  O: ack(OTHER, -1),
  N: ack(ASKED, -105),
  D: done(ASKED),
  F: done(ASKED, -2),
  S: ack(ASKED, -19, { from: 7 }),
};
const refused = (errno: number, operation = 'type 16'): KernelError => new KernelError({ errno, operation });

describe('throwKernelErrors', () => {
  it(
    'turns a refusal into the error signal',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  --a--A--b--E--c--', values);
      const subscribed = '  ^----------!';
      const expected = '    --a--A--b--#';
      expectObservable(source.pipe(throwKernelErrors())).toBe(expected, values, refused(-19));
      expectSubscriptions(source.subscriptions).toBe(subscribed);
    }),
  );

  const request: MessageInit = { type: 18, flags: MessageFlags.Request | MessageFlags.Ack, ...ASKED };
  const dump: MessageInit = { ...request, flags: MessageFlags.Request | MessageFlags.Dump };
  const cases: readonly [string, MessageInit | undefined, string, string, unknown?][] = [
    ['takes DONE with an error for a refusal, DONE without one for none', undefined, '-D-a-F-', '-D-a-#', refused(-2, 'dump')],
    ['passes what a stranger sent', undefined, '-S-a-', '-S-a-'],
    ['fails by any refusal where no request is given', undefined, '-a-O-', '-a-#', refused(-1)],
    ['passes refusals of others where one is', request, '-a-O-E', '-a-O-#', refused(-19, 'type 18')],
    ['fails by ENOBUFS', request, '-N-', '-#', refused(-105, 'type 18')],
    ['passes ENOBUFS of a dump, which goes on', dump, '-N-a-E', '-N-a-#', refused(-19, 'type 18')],
  ];
  for (const [name, sent, marble, expected, error] of cases) {
    it(
      name,
      marbles(({ hot, expectObservable }) => {
        expectObservable(hot(marble, values).pipe(throwKernelErrors(sent))).toBe(expected, values, error);
      }),
    );
  }

  it('gives the error the request, as it was sent or as far as the kernel repeats it', () => {
    const payload = Uint8Array.of(1, 2, 3, 4);
    const errors: unknown[] = [];
    marbles(({ hot }) => {
      const remember = { error: (error: unknown) => errors.push(error) };
      hot('E', values)
        .pipe(throwKernelErrors(message({ ...request, payload })))
        .subscribe(remember);
      hot('E', values).pipe(throwKernelErrors()).subscribe(remember);
    })();
    expect(errors.map((error) => (error as KernelError).request)).to.deep.equal([
      encodeMessage({ ...request, payload }),
      encodeMessage({ type: 16, ...ASKED }),
    ]);
  });

  itBehaves({ operator: () => throwKernelErrors() });
});
