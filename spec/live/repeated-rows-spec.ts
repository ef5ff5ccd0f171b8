import { expect } from 'chai';
import { NEVER, defer, map, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { DumpInterruptedError, OverrunError } from '../../lib/errors/index.js';
import { MultisetStore, OrderedStore, liveCollection, type LiveChange, type LiveEvent, type LiveStore } from '../../lib/live/index.js';
import { joinTables, resyncSource } from '../../lib/live/internal.js';

interface Row {
  readonly text: string;
}

const multiset = (): LiveStore<Row> => new MultisetStore<Row>({ bucket: () => 0 });
const ordered = (): LiveStore<Row> => new OrderedStore<Row>({ group: () => '', key: () => '', rule: (present) => present });

const print = (change: LiveChange<Row>): string =>
  change.type === 'synced'
    ? `${change.reason} [${change.entries.map(({ text }) => text).join(' ')}]`
    : `${change.type} ${change.value.text}`;

/** Plays events, of which capital letters are deletions and ? is silent, and readings, in which # is an interruption. Returns the emissions. */
function play(store: () => LiveStore<Row>, events: string, ...readings: readonly string[]): string[] {
  return watch(store, events, ...readings).map(print);
}

function watch(store: () => LiveStore<Row>, events: string, ...readings: readonly string[]): LiveChange<Row>[] {
  const emitted: LiveChange<Row>[] = [];
  new TestScheduler(() => undefined).run(({ cold, hot, flush }) => {
    const letters = hot(events);
    let count = 0;
    const collection = liveCollection<Row>({
      key: ({ text }) => text,
      store,
      deletesInterrupt: true,
      changes: () =>
        letters.pipe(
          map((letter): LiveEvent<Row> =>
            letter === '?'
              ? { type: 'silent' }
              : { type: letter === letter.toLowerCase() ? 'set' : 'delete', value: { text: letter.toLowerCase() } },
          ),
        ),
      snapshot: () =>
        defer(() => {
          const reading = readings[Math.min(count++, readings.length - 1)]!;
          return cold(reading, undefined, new DumpInterruptedError('test')).pipe(map((text) => ({ text })));
        }),
    });
    const subscription = collection.subscribe((change) => emitted.push(change));
    timer(5000).subscribe(() => subscription.unsubscribe());
    flush();
  });
  return emitted;
}

describe('a live collection whose readings repeat rows', () => {
  it('of equal objects reads again if another object was created meanwhile', () => {
    expect(play(multiset, '--b', 'a--a-|', '(ab|)')).to.deep.equal(['initial [a b]']);
  });

  it('of equal objects holds as many as the reading if nothing happened meanwhile', () => {
    expect(play(multiset, '-', '(aa|)')).to.deep.equal(['initial [a a]']);
  });

  it('of equal objects does not apply an event that a whole reading contains', () => {
    // One of two equal objects is deleted before the first reading sees them: both readings contain the other one.
    expect(play(multiset, '-A', '--a|', '(a|)')).to.deep.equal(['initial [a]']);
  });

  it('of equal objects takes the smallest number of readings that all are interrupted', () => {
    expect(play(multiset, '-', 'aa#', 'a#', 'aab#', 'a#')).to.deep.equal(['initial [a b]']);
    expect(play(multiset, '-', 'a#', 'a#', 'ab#', 'aa#')).to.deep.equal(['initial [a b]']);
  });

  it('of an ordered slot reads again if another object was created meanwhile', () => {
    expect(play(ordered, '--b', 'a--a-|', '(ab|)')).to.deep.equal(['initial [a b]']);
  });

  it('of an ordered slot holds as many as the reading if nothing happened meanwhile', () => {
    // After `ip -6 route replace` of another route, the kernel has two equal IPv6 routes.
    expect(play(ordered, '-', '(aa|)')).to.deep.equal(['initial [a a]']);
  });

  it('of an ordered slot has a name for each when the first reading is repeated after a silent change', () => {
    const [synced] = watch(ordered, '-?', '--(ab|)');
    expect(synced?.type === 'synced' ? synced.entries.map((row) => ordered().keyOf?.(row)) : []).to.deep.equal([' ', '  #2']);
  });
});

describe('tables of equal objects behind one barrier', () => {
  it('apply an event once, although another table is read again', () => {
    const emitted: unknown[] = [];
    const read: string[] = [];
    new TestScheduler(() => undefined).run(({ cold, hot, flush }) => {
      const table = (name: string, events: string, ...readings: readonly string[]) =>
        resyncSource<object>({
          key: () => name,
          store: () => new MultisetStore<object>({ bucket: () => 0 }),
          changes: () => hot(events).pipe(map((text): LiveEvent<Row> => ({ type: 'set', value: { text } }))),
          snapshot: () => defer(() => cold(readings[read.push(name) > 2 ? 1 : 0]!).pipe(map((text) => ({ text })))),
        });
      // The set of y may be the y of the reading, or a second one: only another reading shows it. The set of b is certain.
      const tables = [table('one', '-b', '--a|'), table('two', '-y', '--y|', '(yy|)')];
      const joined = joinTables(['one', 'two'], tables).subscribe((change) =>
        emitted.push(change.type === 'synced' ? change.tables : change),
      );
      timer(5000).subscribe(() => joined.unsubscribe());
      flush();
    });
    expect(read).to.deep.equal(['one', 'two', 'two']);
    const rows = (...texts: readonly string[]): Row[] => texts.map((text) => ({ text }));
    expect(emitted).to.deep.equal([{ one: rows('a', 'b'), two: rows('y', 'y') }]);
  });

  it('have a name for each object of a slot when events are lost before the first synced', () => {
    const names: unknown[] = [];
    new TestScheduler(() => undefined).run(({ cold, hot, flush }) => {
      const events = hot('-?-----------#', undefined, new OverrunError(0));
      let lost = 0;
      const table = resyncSource<Row>({
        key: () => '',
        store: ordered,
        changes: () => (lost++ === 0 ? events.pipe(map((): LiveEvent<Row> => ({ type: 'silent' }))) : NEVER),
        snapshot: () => cold('--(ab|)').pipe(map((text) => ({ text }))),
      });
      const joined = joinTables(['one'], [table as unknown as ReturnType<typeof resyncSource<object>>]).subscribe((change) => {
        if (change.type === 'synced') names.push(change.tables['one']!.map((row) => ordered().keyOf?.(row as Row)));
      });
      timer(5000).subscribe(() => joined.unsubscribe());
      flush();
    });
    expect(names).to.deep.equal([[' ', '  #2']]);
  });
});
