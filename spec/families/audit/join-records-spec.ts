import { expect } from 'chai';
import { Subject } from 'rxjs';
import { decodeAuditRecord, joinRecords, type AuditEvent, type AuditRecord, type JoinRecordsOptions } from '../../../lib/families/audit.js';
import { marbles } from '../../operators/support.js';

const record = (type: number, serial: number): AuditRecord => decodeAuditRecord(type, `audit(1000.500:${serial}): type=${type}`);

const [SYSCALL, PATH, EOE, USER_AUTH] = [1300, 1302, 1320, 1100];
const values = {
  a: record(SYSCALL, 1),
  p: record(PATH, 1),
  A: record(EOE, 1),
  b: record(SYSCALL, 2),
  q: record(PATH, 2),
  B: record(EOE, 2),
  u: record(USER_AUTH, 3),
};
const { a, p, b, q, u } = values;
const event = (complete: boolean, ...records: readonly [AuditRecord, ...AuditRecord[]]): AuditEvent => ({
  time: 1_000_500,
  serial: records[0].serial,
  records,
  complete,
});

describe('joinRecords', () => {
  const cases: readonly [string, string, string, Record<string, AuditEvent>, JoinRecordsOptions?][] = [
    ['emits nothing for an empty source', '---|', '---|', {}],
    ['emits the records of an event at its end', '-a-p-A-|', '-----x-|', { x: event(true, a, p) }],
    ['separates events that are mixed', '-a-b-p-A-q-B-|', '-------x---y-|', { x: event(true, a, p), y: event(true, b, q) }],
    ['emits a record of a program at once', '-a-u-A-|', '---y-x-|', { x: event(true, a), y: event(true, u) }],
    ['ignores an end without records', '-A-|', '---|', {}],
    ['emits open events when the source completes', '-a-b-|', '-----(xy|)', { x: event(false, a), y: event(false, b) }],
    ['emits open events before an error', '-a-#', '---(x#)', { x: event(false, a) }],
    [
      'emits an event without an end after the time-out',
      '-a 4ms b 9ms |',
      '- 10ms x 4ms (y|)',
      { x: event(false, a), y: event(false, b) },
      { timeout: 10 },
    ],
    ['counts the time from the first record', '-a 4ms p 9ms |', '- 10ms x 4ms |', { x: event(false, a, p) }, { timeout: 10 }],
    [
      'starts the time again for the next event',
      '-a 14ms b 14ms |',
      '- 10ms x 14ms y 4ms |',
      { x: event(false, a), y: event(false, b) },
      { timeout: 10 },
    ],
  ];
  for (const [title, source, expected, events, options] of cases) {
    it(
      title,
      marbles(({ hot, expectObservable }) => {
        expectObservable(hot(source, values).pipe(joinRecords(options))).toBe(expected, events);
      }),
    );
  }

  it(
    'unsubscribes from its source, and emits nothing after that',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const records = hot('-a-p-A-', values);
      expectObservable(records.pipe(joinRecords({ timeout: 10 })), '^---!').toBe('-');
      expectSubscriptions(records.subscriptions).toBe('^---!');
    }),
  );

  it('emits the oldest of more than 1000 open events', () => {
    const emitted: AuditEvent[] = [];
    const source = new Subject<AuditRecord>();
    const subscription = source.pipe(joinRecords()).subscribe((each) => emitted.push(each));
    for (let serial = 1; serial <= 1001; serial++) source.next(record(SYSCALL, serial));
    expect(emitted.map(({ serial, complete }) => ({ serial, complete }))).to.deep.equal([{ serial: 1, complete: false }]);
    subscription.unsubscribe();
  });

  it('throws for wrong options', () => {
    expect(() => joinRecords({ timeout: -1 })).to.throw(RangeError, /joinRecords: option timeout must be an integer from 0/);
    expect(() => joinRecords({ time: 1 } as JoinRecordsOptions)).to.throw(TypeError, /joinRecords: unknown option 'time'/);
  });
});
