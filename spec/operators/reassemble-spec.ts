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
    'collects the parts of each reply',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  --a--b--a--x--(aD)--(bE)--|', values);
      const subscribed = '  ^-------------------------!';
      const expected = '    -----------x--y-----z-----|';
      expectObservable(source.pipe(reassemble())).toBe(expected, { x: [x], y: [a, a, a], z: [b, b] });
      expectSubscriptions(source.subscriptions).toBe(subscribed);
    }),
  );

  const cases: readonly [string, string, string, Record<string, Message[]>][] = [
    ['takes an empty dump for an empty array', '-D-|', '-x-|', { x: [] }],
    ['lets an ack close open parts', 'a-a-A-|', '----x-|', { x: [a, a] }],
    ['keeps the ack behind a reply that DONE has closed', 'a-D-A-|', '--x-y-|', { x: [a], y: [A] }],
    ['keeps an ack that closes nothing', '-A-|', '-x-|', { x: [A] }],
    ['keeps a single reply and its ack', 'x-A-|', 'x-y-|', { x: [x], y: [A] }],
    ['tells two dumps of one number apart that come one after the other', 'aD-aaD|', '-x---y|', { x: [a], y: [a, a] }],
    ['tells the same number on two ports apart', 'a-a-p-D-P-|', '------x-y-|', { x: [a, a], y: [p] }],
    ['leaves events alone, whatever their flags', 'a-n-a-D-|', '--n---x-|', { n: [n], x: [a, a] }],
    ['leaves what a stranger sent alone', 'a-s-a-D-|', '--s---x-|', { s: [s], x: [a, a] }],
    ['leaves a NOOP alone', 'a-Z-D-|', '--z-x-|', { z: [Z], x: [a] }],
    ['does not end a dump by ENOBUFS: it goes on', 'a-N-a-D-|', '------x-|', { x: [a, a] }],
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
    ['fails by DONE with an error', 'a-F-|', '--#', new KernelError({ errno: -19, operation: 'dump' })],
    ['fails by the refusal of a reply that has begun', 'a-R-|', '--#', new KernelError({ errno: -22, operation: 'type 16' })],
    ['fails by any refusal', '--R-|', '--#', new KernelError({ errno: -22, operation: 'type 16' })],
    ['fails where a part was interrupted', 'i-a-D-|', '----#', new DumpInterruptedError('dump')],
    ['fails where DONE says so', 'a-I-|', '--#', new DumpInterruptedError('dump')],
    ['fails where DONE says so of an empty dump', '--I-|', '--#', new DumpInterruptedError('dump')],
    ['fails where an ack closes an interrupted reply', 'i-A-|', '--#', new DumpInterruptedError('dump')],
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

  it('keeps the parts of an interrupted reply in its error', () => {
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
    'starts anew for each subscriber',
    marbles(({ hot, expectObservable }) => {
      const result = hot('a-a-D', values).pipe(reassemble());
      expectObservable(result).toBe('----x', { x: [a, a] });
      expectObservable(result, '-^').toBe('----x', { x: [a] });
    }),
  );

  itBehaves({ operator: () => reassemble(), a: x, result: [x] });

  it(
    'unsubscribes early while parts are open',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('    a--a--a--D', values);
      const unsubscribed = '  -----!';
      expectObservable(source.pipe(reassemble()), unsubscribed).toBe('-----');
      expectSubscriptions(source.subscriptions).toBe('^----!');
    }),
  );
});
