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
  // In events the bit is not an interruption.
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
    'completes at DONE',
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
    ['completes for an empty dump', '--D--x', '--|', '^-!'],
    ['completes at a DONE without payload', '-a-B--', '-a-|', '^--!'],
    ['passes an ack', '-A-a-D-', '-A-a-|', '^----!'],
    ['fails at a DONE that carries an error', '-a-F-a-', '-a-#', '^--!', noDevice],
    ['fails at DONE when a part has the interrupted flag', '-i-a-D-', '-i-a-#', '^----!', interrupted],
    ['fails at a DONE with the interrupted flag', '-a-I-', '-a-#', '^--!', interrupted],
    ['ignores the flags of events', '-a-y-D-', '-a-y-|', '^----!'],
    ['emits a DONE to a group, as connector events are', '-E-a-D-', '-E-a-|', '^----!'],
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
    'has a state of its own for each subscriber',
    marbles(({ hot, expectObservable }) => {
      const result = hot('-i-D-a-D-', values).pipe(untilDone());
      expectObservable(result).toBe('-i-#', values, interrupted);
      expectObservable(result, '----^').toBe('-----a-|', values);
    }),
  );

  itBehaves({ operator: () => untilDone() });
});
