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
const kernelError = (errno: number, operation = 'type 16'): KernelError => new KernelError({ errno, operation });

describe('throwKernelErrors', () => {
  it(
    'signals an error for an ERROR message',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  --a--A--b--E--c--', values);
      const subscribed = '  ^----------!';
      const expected = '    --a--A--b--#';
      expectObservable(source.pipe(throwKernelErrors())).toBe(expected, values, kernelError(-19));
      expectSubscriptions(source.subscriptions).toBe(subscribed);
    }),
  );

  const request: MessageInit = { type: 18, flags: MessageFlags.Request | MessageFlags.Ack, ...ASKED };
  const dump: MessageInit = { ...request, flags: MessageFlags.Request | MessageFlags.Dump };
  const cases: readonly [string, MessageInit | undefined, string, string, unknown?][] = [
    ['fails at a DONE with an error, and passes a DONE without one', undefined, '-D-a-F-', '-D-a-#', kernelError(-2, 'dump')],
    ['passes messages of another process', undefined, '-S-a-', '-S-a-'],
    ['fails at the error of any request when none is given', undefined, '-a-O-', '-a-#', kernelError(-1)],
    ['passes errors of other requests when one is given', request, '-a-O-E', '-a-O-#', kernelError(-19, 'type 18')],
    ['fails at ENOBUFS', request, '-N-', '-#', kernelError(-105, 'type 18')],
    ['passes ENOBUFS of a dump, because parts follow', dump, '-N-a-E', '-N-a-#', kernelError(-19, 'type 18')],
  ];
  for (const [name, sent, marble, expected, error] of cases) {
    it(
      name,
      marbles(({ hot, expectObservable }) => {
        expectObservable(hot(marble, values).pipe(throwKernelErrors(sent))).toBe(expected, values, error);
      }),
    );
  }

  it('puts the request into the error, as it was sent or as the kernel echoes it', () => {
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
