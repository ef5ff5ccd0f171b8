import { expect } from 'chai';
import { DecodeError, DumpInterruptedError, KernelError } from '../../lib/errors/index.js';
import { reassemble } from '../../lib/operators/index.js';
import { MessageFlags, MessageType, type Message } from '../../lib/wire/index.js';
import { ack, contentOf, done, message, part, row } from '../support/messages.js';
import { ASKED, itBehaves, marbles } from './support.js';

const { DumpInterrupted, Multi } = MessageFlags;
const OTHER = { ...ASKED, sequence: 2 };
const values = {
  a: part(ASKED, 1),
  b: part(OTHER, 2),
  i: part(ASKED, 3, DumpInterrupted),
  x: row({ ...ASKED, sequence: 3 }, 4),
  n: row({ sequence: 0, portId: 0 }, 5, Multi, { group: 1 }),
  s: row(ASKED, 6, Multi, { from: 7 }),
  p: part({ ...ASKED, portId: 98 }, 7),
  D: done(ASKED),
  E: done(OTHER),
  P: done({ ...ASKED, portId: 98 }),
  F: done(ASKED, -19),
  I: done(ASKED, 0, Multi | DumpInterrupted),
  A: ack(ASKED),
  R: ack(ASKED, -22),
  N: ack(ASKED, -105),
  Z: message({ ...ASKED, type: MessageType.Noop }),
};
const { a, b, i, x, n, s, p, A, Z } = values;

describe('reassemble', () => {
  it(
    'emits the parts of each reply as one array',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  --a--b--a--x--(aD)--(bE)--|', values);
      const subscribed = '  ^-------------------------!';
      const expected = '    -----------x--y-----z-----|';
      expectObservable(source.pipe(reassemble())).toBe(expected, { x: [x], y: [a, a, a], z: [b, b] });
      expectSubscriptions(source.subscriptions).toBe(subscribed);
    }),
  );

  const cases: readonly [string, string, string, Record<string, Message[]>][] = [
    ['emits an empty array for an empty dump', '-D-|', '-x-|', { x: [] }],
    ['ends a reply at an ack after its parts', 'a-a-A-|', '----x-|', { x: [a, a] }],
    ['emits an ack after DONE', 'a-D-A-|', '--x-y-|', { x: [a], y: [A] }],
    ['emits an ack without a preceding part', '-A-|', '-x-|', { x: [A] }],
    ['emits a single reply and its ack', 'x-A-|', 'x-y-|', { x: [x], y: [A] }],
    ['separates two consecutive dumps with one sequence number', 'aD-aaD|', '-x---y|', { x: [a], y: [a, a] }],
    ['separates replies with the same number to two ports', 'a-a-p-D-P-|', '------x-y-|', { x: [a, a], y: [p] }],
    ['emits events unchanged, also with the MULTI flag', 'a-n-a-D-|', '--n---x-|', { n: [n], x: [a, a] }],
    ['emits messages of another process unchanged', 'a-s-a-D-|', '--s---x-|', { s: [s], x: [a, a] }],
    ['emits a NOOP unchanged', 'a-Z-D-|', '--z-x-|', { z: [Z], x: [a] }],
    ['does not end a dump at ENOBUFS', 'a-N-a-D-|', '------x-|', { x: [a, a] }],
  ];
  for (const [name, marble, expected, results] of cases) {
    it(
      name,
      marbles(({ hot, expectObservable }) => {
        expectObservable(hot(marble, values).pipe(reassemble())).toBe(expected, results);
      }),
    );
  }

  const failures: readonly [string, string, string, unknown][] = [
    ['fails at a DONE with an error', 'a-F-|', '--#', new KernelError({ errno: -19, operation: 'dump' })],
    ['fails when the kernel reports an error after the first part', 'a-R-|', '--#', new KernelError({ errno: -22, operation: 'type 16' })],
    ['fails at any kernel error', '--R-|', '--#', new KernelError({ errno: -22, operation: 'type 16' })],
    ['fails when a part has the interrupted flag', 'i-a-D-|', '----#', new DumpInterruptedError('dump')],
    ['fails when DONE has the interrupted flag', 'a-I-|', '--#', new DumpInterruptedError('dump')],
    ['fails when the DONE of an empty dump has it', '--I-|', '--#', new DumpInterruptedError('dump')],
    ['fails when an ack ends an interrupted reply', 'i-A-|', '--#', new DumpInterruptedError('dump')],
    [
      'fails where its source completes within replies',
      'a-b-a|',
      '-----#',
      new DecodeError('reassemble(): the source completed before DONE of 2 multipart replies (3 parts received)', 0),
    ],
  ];
  for (const [name, marble, expected, error] of failures) {
    it(
      name,
      marbles(({ hot, expectObservable }) => {
        expectObservable(hot(marble, values).pipe(reassemble())).toBe(expected, undefined, error);
      }),
    );
  }

  it('puts the parts of an interrupted reply into the error', () => {
    let partial: readonly unknown[] = [];
    marbles(({ hot }) => {
      hot('i-a-D-|', values)
        .pipe(reassemble())
        .subscribe({ error: (error: unknown) => (partial = (error as DumpInterruptedError).partial) });
    })();
    expect(partial).to.deep.equal([i, a]);
    expect((partial as Message[]).map(contentOf)).to.deep.equal([3, 1]);
  });

  it(
    'has a state of its own for each subscriber',
    marbles(({ hot, expectObservable }) => {
      const result = hot('a-a-D', values).pipe(reassemble());
      expectObservable(result).toBe('----x', { x: [a, a] });
      expectObservable(result, '-^').toBe('----x', { x: [a] });
    }),
  );

  itBehaves({ operator: () => reassemble(), a: x, result: [x] });

  it(
    'unsubscribes from the source when its subscriber unsubscribes within a reply',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('    a--a--a--D', values);
      const unsubscribed = '  -----!';
      expectObservable(source.pipe(reassemble()), unsubscribed).toBe('-----');
      expectSubscriptions(source.subscriptions).toBe('^----!');
    }),
  );
});
