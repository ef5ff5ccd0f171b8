import { expect } from 'chai';
import { Observable, Subject, concat, defer, map, throwError, timer, type Observer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { omitUndefined } from '../../lib/check/index.js';
import { DumpInterruptedError, OverrunError } from '../../lib/errors/index.js';
import { liveCollection, toMap, type LiveChange, type LiveEvent } from '../../lib/live/index.js';

/** An object with a name, a text, and a counter that is ignored. */
interface Thing {
  readonly name: string;
  readonly text: string;
  readonly hits?: number;
}

const thing = (text: string): Thing => ({ name: text[0]!, text });
const things = (texts: string): Thing[] => texts.split(' ').map(thing);

/** `a1` sets, `-a1` deletes, `?` is silent. */
const event = (text: string): LiveEvent<Thing> =>
  text === '?'
    ? { type: 'silent' }
    : text.startsWith('-')
      ? { type: 'delete', value: thing(text.slice(1)) }
      : { type: 'set', value: thing(text) };

const print = (change: LiveChange<Thing>): string => {
  if (change.type === 'synced') return `${change.reason} [${change.entries.map(({ text }) => text).join(' ')}]`;
  if (change.type === 'changed') return `${change.previous.text}>${change.value.text} (${change.properties.join()})`;
  return `${change.type === 'added' ? '+' : '-'}${change.value.text}`;
};

interface Recording {
  /** The emissions, by frame. */
  readonly emitted: string[];
  readonly subscriptions: { changes: number; snapshots: number };
}

/**
 * Plays marbles: `changes` and, one after the other, the snapshots. In `changes` # is an overrun and L its announcement; a new subscription receives
 * the events after it, as on a socket that stays open. In a snapshot # is an interruption.
 */
function play(
  changes: string,
  snapshots: readonly string[],
  values: Record<string, string>,
  options: {
    barrier?: string;
    settled?: string;
    interval?: number;
    deletesInterrupt?: boolean;
    until?: number;
    volatile?: readonly string[];
  } = {},
): Recording {
  const emitted: string[] = [];
  const subscriptions = { changes: 0, snapshots: 0 };
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(({ cold, flush }) => {
    const listeners = new Set<Observer<LiveEvent<Thing>>>();
    const losses = new Subject<void>();
    const overruns = changes.includes('#') ? changes.replaceAll('#', 'O') : changes;
    cold(overruns, { ...values, O: 'O', L: 'L' }).subscribe((text) => {
      if (text === 'L') {
        losses.next();
        return;
      }
      const present = [...listeners];
      if (text === 'O') listeners.clear();
      for (const listener of present) {
        if (text === 'O') listener.error(new OverrunError(1));
        else listener.next(event(text));
      }
    });
    const collection = liveCollection<Thing>({
      key: ({ name }) => name,
      ...omitUndefined({ volatile: options.volatile, deletesInterrupt: options.deletesInterrupt }),
      ...(options.barrier === undefined ? {} : { barrier: () => cold(options.barrier!) }),
      ...omitUndefined({ interval: options.interval }),
      ...(options.settled === undefined ? {} : { settled: () => cold(options.settled!) }),
      losses: () => losses,
      changes: () =>
        new Observable((subscriber) => {
          subscriptions.changes++;
          listeners.add(subscriber);
          return () => listeners.delete(subscriber);
        }),
      snapshot: () =>
        defer(() => {
          const marbles = snapshots[Math.min(subscriptions.snapshots++, snapshots.length - 1)]!;
          const rows = Object.fromEntries(Object.entries(values).map(([letter, text]) => [letter, thing(text)]));
          return cold<Thing>(marbles, rows, new DumpInterruptedError('test'));
        }),
    });
    const subscription = collection.subscribe({
      next: (change) => emitted.push(`${scheduler.now()} ${print(change)}`),
      error: (error: unknown) => emitted.push(`${scheduler.now()} ${String(error)}`),
    });
    timer(options.until ?? 2000).subscribe(() => subscription.unsubscribe());
    flush();
  });
  return { emitted, subscriptions };
}

const VALUES = { a: 'a1', A: 'a2', b: 'b1', B: 'b2', c: 'c1', x: '-a1', y: '-b1', q: '?' };

describe('liveCollection', () => {
  it('emits synced with the snapshot, then each change', () => {
    const { emitted } = play('-----c-A-y', ['-a-(b|)'], VALUES);
    expect(emitted).to.deep.equal(['3 initial [a1 b1]', '5 +c1', '7 a1>a2 (text)', '9 -b1']);
  });

  it('neither loses nor repeats an event between its subscription and the snapshot', () => {
    const { emitted } = play('c----------', ['--a(c|)'], VALUES);
    expect(emitted).to.deep.equal(['3 initial [a1 c1]']);
  });

  it('applies the events during the snapshot to its rows', () => {
    const { emitted } = play('--A--------', ['-a--(b|)'], VALUES);
    expect(emitted).to.deep.equal(['4 initial [a2 b1]']);
  });

  it('waits for the barrier, so that an object deleted during the snapshot is never emitted', () => {
    const { emitted } = play('-----x-----', ['-a--(b|)'], VALUES, { barrier: '---|' });
    expect(emitted).to.deep.equal(['7 initial [b1]']);
  });

  it('reads again after an overrun and emits only the differences', () => {
    const { emitted, subscriptions } = play('--------#----', ['(ab|)', '(Ac|)'], VALUES);
    expect(emitted).to.deep.equal(['0 initial [a1 b1]', '8 -b1', '8 a1>a2 (text)', '8 +c1', '8 overrun [a2 c1]']);
    expect(subscriptions).to.deep.equal({ changes: 2, snapshots: 2 });
  });

  it('neither applies an event nor ends a reading between the announcement of a loss and the overrun', () => {
    const after = play('----L-x-c-#----', ['(ab|)', '(Ac|)'], VALUES);
    expect(after.emitted).to.deep.equal(['0 initial [a1 b1]', '10 -b1', '10 a1>a2 (text)', '10 +c1', '10 overrun [a2 c1]']);
    const during = play('-L---#----', ['--(ab|)', '(ab|)'], VALUES);
    expect(during.emitted).to.deep.equal(['10 initial [a1 b1]']);
  });

  it('starts over when an overrun interrupts a resync', () => {
    const { emitted, subscriptions } = play('-----#-#-----', ['(ab|)', '----(ab|)', '---(Ab|)'], VALUES);
    expect(emitted[0]).to.equal('0 initial [a1 b1]');
    expect(emitted.slice(1).map((line) => line.replace(/^\d+ /, ''))).to.deep.equal(['a1>a2 (text)', 'overrun [a2 b1]']);
    expect(subscriptions.snapshots).to.equal(3);
  });

  it('reads again when the snapshot was interrupted', () => {
    const { emitted, subscriptions } = play('-', ['-a#', '-a(b|)'], VALUES);
    expect(emitted.map((line) => line.replace(/^\d+ /, ''))).to.deep.equal(['initial [a1 b1]']);
    expect(subscriptions.snapshots).to.equal(2);
  });

  it('reads again when an object was deleted meanwhile, if deletions may hide other objects', () => {
    const { emitted, subscriptions } = play('--x---', ['-a--(c|)', '(bc|)'], VALUES, { deletesInterrupt: true });
    expect(emitted.map((line) => line.replace(/^\d+ /, ''))).to.deep.equal(['initial [b1 c1]']);
    expect(subscriptions.snapshots).to.equal(2);
  });

  it('merges the rows of interrupted readings when every reading is interrupted', () => {
    // Each reading misses another object; a deleted object is removed also if an older reading has it.
    const { emitted, subscriptions } = play('--x---', ['-(ab)#', '-c#', '-b#', '-c#'], VALUES);
    expect(emitted.map((line) => line.replace(/^\d+ /, ''))).to.deep.equal(['initial [c1 b1]']);
    expect(subscriptions.snapshots).to.equal(4);
  });

  it('emits differences while silent events continue, and synced when they cease', () => {
    const { emitted } = play('----q---------------q---------c', ['(ab|)', '--------(a|)', '(ac|)'], VALUES);
    expect(emitted.map((line) => line.replace(/^\d+ /, ''))).to.deep.equal(['initial [a1 b1]', '-b1', '+c1', 'silent [a1 c1]']);
  });

  it('emits no differences to a subscriber that has not received synced', () => {
    const emitted: string[] = [];
    new TestScheduler(() => undefined).run(({ cold, flush }) => {
      let readings = 0;
      const collection = liveCollection<Thing>({
        key: ({ name }) => name,
        changes: () => cold('--q', VALUES).pipe(map(event)),
        snapshot: () => cold(readings++ === 0 ? '(ab|)' : '----(a|)', { a: thing('a1'), b: thing('b1') }),
      });
      collection.subscribe();
      timer(5).subscribe(() => collection.subscribe((change) => emitted.push(print(change))));
      timer(100).subscribe(() => collection.subscribe().unsubscribe());
      flush();
    });
    expect(emitted).to.deep.equal(['initial [a1]']);
  });

  it('reads again after a silent event, once for a burst of them', () => {
    const { emitted, subscriptions } = play('----qqqq------', ['(ab|)', '(a|)'], VALUES);
    expect(emitted.map((line) => line.replace(/^\d+ /, ''))).to.deep.equal(['initial [a1 b1]', '-b1', 'silent [a1]']);
    expect(subscriptions.snapshots).to.equal(2);
  });

  it('reads again after a silent event that arrives while it waits for settled', () => {
    // The change behind this event may be unfinished when the snapshot is read.
    const { emitted, subscriptions } = play('-q-----------', ['(ab|)', '(a|)'], VALUES, { settled: '---|' });
    expect(emitted.map((line) => line.replace(/^\d+ /, ''))).to.deep.equal(['initial [a1]']);
    expect(subscriptions.snapshots).to.equal(2);
  });

  it('reads again at the interval, although no event arrived', () => {
    const { emitted, subscriptions } = play('-', ['(ab|)', '(a|)'], VALUES, { interval: 100, until: 250 });
    expect(emitted).to.deep.equal(['0 initial [a1 b1]', '110 -b1', '110 silent [a1]', '210 silent [a1]']);
    expect(subscriptions.snapshots).to.equal(3);
  });

  it('ignores volatile properties and the deletion of unknown objects', () => {
    const { emitted } = play('----A-x-x---', ['(ab|)'], VALUES, { volatile: ['text'] });
    expect(emitted).to.deep.equal(['0 initial [a1 b1]', '6 -a2']);
  });

  it('stops reading when its subscriber unsubscribes', () => {
    const { emitted, subscriptions } = play('---#--------', ['(ab|)', '--------(a|)'], VALUES, { until: 6 });
    expect(emitted).to.deep.equal(['0 initial [a1 b1]']);
    expect(subscriptions.snapshots).to.equal(2);
  });

  it('ends with any error other than an overrun', () => {
    const emitted: string[] = [];
    const collection = liveCollection<Thing>({
      key: ({ name }) => name,
      changes: () => throwError(() => new Error('gone')),
      snapshot: () => concat(things('a1 b1')),
    });
    collection.subscribe({ error: (error: unknown) => emitted.push(String(error)) });
    expect(emitted).to.deep.equal(['Error: gone']);
  });

  it('shares one subscription, and sends a late subscriber the current entries inside subscribe', (done) => {
    let listening = 0;
    const collection = liveCollection<Thing>({
      key: ({ name }) => name,
      changes: () => new Observable(() => (listening++, () => listening--)),
      snapshot: () => new Observable((subscriber) => (subscriber.next(thing('a1')), subscriber.complete())),
    });
    const first = collection.subscribe(() => {
      const emitted: string[] = [];
      const second = collection.subscribe((change) => emitted.push(print(change)));
      expect(emitted).to.deep.equal(['initial [a1]']);
      expect(listening).to.equal(1);
      second.unsubscribe();
      queueMicrotask(() => {
        first.unsubscribe();
        expect(listening).to.equal(0);
        done();
      });
    });
  });

  it('turns into maps with toMap', () => {
    const seen: string[] = [];
    const source = new Observable<LiveChange<Thing>>((subscriber) => {
      subscriber.next({ type: 'synced', entries: things('a1 b1'), reason: 'initial' });
      subscriber.next({ type: 'added', value: thing('c1') });
      subscriber.next({ type: 'changed', value: thing('a2'), previous: thing('a1'), properties: ['text'] });
      subscriber.next({ type: 'removed', value: thing('b1') });
      subscriber.complete();
    });
    source.pipe(toMap(({ name }) => name)).subscribe((map) => seen.push([...map.values()].map(({ text }) => text).join(' ')));
    expect(seen).to.deep.equal(['a1 b1', 'a1 b1 c1', 'a2 b1 c1', 'a2 c1']);
  });
});
