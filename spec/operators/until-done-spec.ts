import { DumpInterruptedError, KernelError } from '../../lib/errors/index.js';
import { untilDone } from '../../lib/operators/index.js';
import { MessageFlags, MessageType } from '../../lib/wire/index.js';
import { ack, done, message, part, row } from '../support/messages.js';
import { ASKED, itBehaves, marbles } from './support.js';

const { DumpInterrupted, Multi } = MessageFlags;
const values = {
  a: part(ASKED, 1),
  b: part(ASKED, 2),
  c: part(ASKED, 3),
  i: part(ASKED, 4, DumpInterrupted),
  x: row({ sequence: 0, portId: 0 }, 5, 0, { group: 1 }),
  // A flag of their own in events, not an interruption.
  y: row({ sequence: 0, portId: 0 }, 6, DumpInterrupted | Multi, { group: 1 }),
  A: ack(ASKED),
  D: done(ASKED),
  I: done(ASKED, 0, Multi | DumpInterrupted),
  F: done(ASKED, -19),
  B: message({ ...ASKED, type: MessageType.Done }),
  E: message({ ...ASKED, type: MessageType.Done }, { group: 1 }),
};

describe('untilDone', () => {
  it(
    'ends at DONE',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  --a--b--(cD)--x--', values);
      const subscribed = '  ^-------!         ';
      const expected = '    --a--b--(c|)';
      expectObservable(source.pipe(untilDone())).toBe(expected, values);
      expectSubscriptions(source.subscriptions).toBe(subscribed);
    }),
  );

  const noDevice = new KernelError({ errno: -19, operation: 'dump' });
  const interrupted = new DumpInterruptedError('dump');
  const cases: readonly [string, string, string, string, unknown?][] = [
    ['ends an empty dump', '--D--x', '--|', '^-!'],
    ['ends at a DONE without payload', '-a-B--', '-a-|', '^--!'],
    ['lets an ack pass', '-A-a-D-', '-A-a-|', '^----!'],
    ['fails by a DONE that carries an error', '-a-F-a-', '-a-#', '^--!', noDevice],
    ['fails at the end where a part was interrupted', '-i-a-D-', '-i-a-#', '^----!', interrupted],
    ['fails at a DONE that says so', '-a-I-', '-a-#', '^--!', interrupted],
    ['does not take the flags of events for an interruption', '-a-y-D-', '-a-y-|', '^----!'],
    ['takes a DONE to a group for data, as connector events are', '-E-a-D-', '-E-a-|', '^----!'],
    ['mirrors a source that completes before DONE', '-a-b|', '-a-b|', '^---!'],
  ];
  for (const [name, marble, expected, subscribed, error] of cases) {
    it(
      name,
      marbles(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot(marble, values);
        expectObservable(source.pipe(untilDone())).toBe(expected, values, error);
        expectSubscriptions(source.subscriptions).toBe(subscribed);
      }),
    );
  }

  it(
    'starts anew for each subscriber',
    marbles(({ hot, expectObservable }) => {
      const result = hot('-i-D-a-D-', values).pipe(untilDone());
      expectObservable(result).toBe('-i-#', values, interrupted);
      expectObservable(result, '----^').toBe('-----a-|', values);
    }),
  );

  itBehaves({ operator: () => untilDone() });
});
