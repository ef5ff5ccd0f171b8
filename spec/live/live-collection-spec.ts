import { expect } from 'chai';
import { Observable, concat, defer, map, throwError, timer, type Observer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { DumpInterruptedError, OverrunError } from '../../lib/errors/index.js';
import { liveCollection, toMap, type LiveChange, type LiveEvent } from '../../lib/live/index.js';

/** An object: its name, what it says, and a counter that does not matter. */
interface Thing {
  readonly name: string;
  readonly says: string;
  readonly hits?: number;
}

const thing = (text: string): Thing => ({ name: text[0]!, says: text });
const things = (texts: string): Thing[] => texts.split(' ').map(thing);

/** `a1` sets, `-a1` deletes, `?` is silent. */
const event = (text: string): LiveEvent<Thing> =>
  text === '?'
    ? { type: 'silent' }
    : text.startsWith('-')
      ? { type: 'delete', value: thing(text.slice(1)) }
      : { type: 'set', value: thing(text) };

const print = (change: LiveChange<Thing>): string => {
  if (change.type === 'synced') return `${change.reason} [${change.entries.map(({ says }) => says).join(' ')}]`;
  if (change.type === 'changed') return `${change.previous.says}>${change.value.says} (${change.properties.join()})`;
  return `${change.type === 'added' ? '+' : '-'}${change.value.says}`;
};

interface Story {
  /** What is told, by frame. */
  readonly told: string[];
  readonly subscriptions: { changes: number; snapshots: number };
}

/**
 * Plays marbles: `changes` and, one after the other, the snapshots. In `changes` # is an overrun; whoever listens again
 * hears what comes behind it, as on a socket that stays open. In a snapshot # is an interruption.
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
): Story {
  const told: string[] = [];
  const subscriptions = { changes: 0, snapshots: 0 };
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(({ cold, flush }) => {
    const listeners = new Set<Observer<LiveEvent<Thing>>>();
    const overruns = changes.includes('#') ? changes.replaceAll('#', 'O') : changes;
    cold(overruns, { ...values, O: 'O' }).subscribe((text) => {
      const present = [...listeners];
      if (text === 'O') listeners.clear();
      for (const listener of present) {
        if (text === 'O') listener.error(new OverrunError(1));
        else listener.next(event(text));
      }
    });
    const collection = liveCollection<Thing>({
      key: ({ name }) => name,
      ...(options.volatile === undefined ? {} : { volatile: options.volatile }),
      ...(options.deletesInterrupt === undefined ? {} : { deletesInterrupt: options.deletesInterrupt }),
      ...(options.barrier === undefined ? {} : { barrier: () => cold(options.barrier!) }),
      ...(options.interval === undefined ? {} : { interval: options.interval }),
      ...(options.settled === undefined ? {} : { settled: () => cold(options.settled!) }),
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
      next: (change) => told.push(`${scheduler.now()} ${print(change)}`),
      error: (error: unknown) => told.push(`${scheduler.now()} ${String(error)}`),
    });
    timer(options.until ?? 2000).subscribe(() => subscription.unsubscribe());
    flush();
  });
  return { told, subscriptions };
}

const VALUES = { a: 'a1', A: 'a2', b: 'b1', B: 'b2', c: 'c1', x: '-a1', y: '-b1', q: '?' };

describe('liveCollection', () => {
  it('is synced with what is there, then tells each change', () => {
    const { told } = play('-----c-A-y', ['-a-(b|)'], VALUES);
    expect(told).to.deep.equal(['3 initial [a1 b1]', '5 +c1', '7 a1>a2 (says)', '9 -b1']);
  });

  it('loses nothing that happens between listening and the snapshot, and tells nothing twice', () => {
    const { told } = play('c----------', ['--a(c|)'], VALUES);
    expect(told).to.deep.equal(['3 initial [a1 c1]']);
  });

  it('applies what happens during the snapshot to what it found', () => {
    const { told } = play('--A--------', ['-a--(b|)'], VALUES);
    expect(told).to.deep.equal(['4 initial [a2 b1]']);
  });

  it('waits for the barrier: an object that went during the snapshot is never shown', () => {
    const { told } = play('-----x-----', ['-a--(b|)'], VALUES, { barrier: '---|' });
    expect(told).to.deep.equal(['7 initial [b1]']);
  });

  it('reads again after an overrun and tells only the differences', () => {
    const { told, subscriptions } = play('--------#----', ['(ab|)', '(Ac|)'], VALUES);
    expect(told).to.deep.equal(['0 initial [a1 b1]', '8 -b1', '8 a1>a2 (says)', '8 +c1', '8 overrun [a2 c1]']);
    expect(subscriptions).to.deep.equal({ changes: 2, snapshots: 2 });
  });

  it('starts over where an overrun comes while it reads again', () => {
    const { told, subscriptions } = play('-----#-#-----', ['(ab|)', '----(ab|)', '---(Ab|)'], VALUES);
    expect(told[0]).to.equal('0 initial [a1 b1]');
    expect(told.slice(1).map((line) => line.replace(/^\d+ /, ''))).to.deep.equal(['a1>a2 (says)', 'overrun [a2 b1]']);
    expect(subscriptions.snapshots).to.equal(3);
  });

  it('reads again where the snapshot was interrupted', () => {
    const { told, subscriptions } = play('-', ['-a#', '-a(b|)'], VALUES);
    expect(told.map((line) => line.replace(/^\d+ /, ''))).to.deep.equal(['initial [a1 b1]']);
    expect(subscriptions.snapshots).to.equal(2);
  });

  it('reads again where something was deleted meanwhile, if that may hide survivors', () => {
    const { told, subscriptions } = play('--x---', ['-a--(c|)', '(bc|)'], VALUES, { deletesInterrupt: true });
    expect(told.map((line) => line.replace(/^\d+ /, ''))).to.deep.equal(['initial [b1 c1]']);
    expect(subscriptions.snapshots).to.equal(2);
  });

  it('puts together what interrupted readings have found, where every reading is interrupted', () => {
    // Each misses something else; what was deleted meanwhile is gone, also where an older reading has it.
    const { told, subscriptions } = play('--x---', ['-(ab)#', '-c#', '-b#', '-c#'], VALUES);
    expect(told.map((line) => line.replace(/^\d+ /, ''))).to.deep.equal(['initial [c1 b1]']);
    expect(subscriptions.snapshots).to.equal(4);
  });

  it('tells what it knows where silent events do not cease, and is in sync when they do', () => {
    const { told } = play('----q---------------q---------c', ['(ab|)', '--------(a|)', '(ac|)'], VALUES);
    expect(told.map((line) => line.replace(/^\d+ /, ''))).to.deep.equal(['initial [a1 b1]', '-b1', '+c1', 'silent [a1 c1]']);
  });

  it('tells nobody of differences who has not been told what there is', () => {
    const told: string[] = [];
    new TestScheduler(() => undefined).run(({ cold, flush }) => {
      let readings = 0;
      const collection = liveCollection<Thing>({
        key: ({ name }) => name,
        changes: () => cold('--q', VALUES).pipe(map(event)),
        snapshot: () => cold(readings++ === 0 ? '(ab|)' : '----(a|)', { a: thing('a1'), b: thing('b1') }),
      });
      collection.subscribe();
      timer(5).subscribe(() => collection.subscribe((change) => told.push(print(change))));
      timer(100).subscribe(() => collection.subscribe().unsubscribe());
      flush();
    });
    expect(told).to.deep.equal(['initial [a1]']);
  });

  it('reads again after a silent event, once for a crowd of them', () => {
    const { told, subscriptions } = play('----qqqq------', ['(ab|)', '(a|)'], VALUES);
    expect(told.map((line) => line.replace(/^\d+ /, ''))).to.deep.equal(['initial [a1 b1]', '-b1', 'silent [a1]']);
    expect(subscriptions.snapshots).to.equal(2);
  });

  it('reads again after a silent event that comes when it has asked whether the last one is settled', () => {
    // What this one sets off may not be done when the snapshot is taken.
    const { told, subscriptions } = play('-q-----------', ['(ab|)', '(a|)'], VALUES, { settled: '---|' });
    expect(told.map((line) => line.replace(/^\d+ /, ''))).to.deep.equal(['initial [a1]']);
    expect(subscriptions.snapshots).to.equal(2);
  });

  it('reads again at an interval, if told to, although nothing was heard', () => {
    const { told, subscriptions } = play('-', ['(ab|)', '(a|)'], VALUES, { interval: 100, until: 250 });
    expect(told).to.deep.equal(['0 initial [a1 b1]', '110 -b1', '110 silent [a1]', '210 silent [a1]']);
    expect(subscriptions.snapshots).to.equal(3);
  });

  it('takes no notice of volatile properties and of the end of the unknown', () => {
    const { told } = play('----A-x-x---', ['(ab|)'], VALUES, { volatile: ['says'] });
    expect(told).to.deep.equal(['0 initial [a1 b1]', '6 -a2']);
  });

  it('stops reading when it is unsubscribed during a reading', () => {
    const { told, subscriptions } = play('---#--------', ['(ab|)', '--------(a|)'], VALUES, { until: 6 });
    expect(told).to.deep.equal(['0 initial [a1 b1]']);
    expect(subscriptions.snapshots).to.equal(2);
  });

  it('ends with any other error', () => {
    const told: string[] = [];
    const collection = liveCollection<Thing>({
      key: ({ name }) => name,
      changes: () => throwError(() => new Error('gone')),
      snapshot: () => concat(things('a1 b1')),
    });
    collection.subscribe({ error: (error: unknown) => told.push(String(error)) });
    expect(told).to.deep.equal(['Error: gone']);
  });

  it('shares one subscription, and tells a late subscriber the present state inside subscribe', (done) => {
    let listening = 0;
    const collection = liveCollection<Thing>({
      key: ({ name }) => name,
      changes: () => new Observable(() => (listening++, () => listening--)),
      snapshot: () => new Observable((subscriber) => (subscriber.next(thing('a1')), subscriber.complete())),
    });
    const first = collection.subscribe(() => {
      const told: string[] = [];
      const second = collection.subscribe((change) => told.push(print(change)));
      expect(told).to.deep.equal(['initial [a1]']);
      expect(listening).to.equal(1);
      second.unsubscribe();
      queueMicrotask(() => {
        first.unsubscribe();
        expect(listening).to.equal(0);
        done();
      });
    });
  });

  it('becomes maps', () => {
    const seen: string[] = [];
    const source = new Observable<LiveChange<Thing>>((subscriber) => {
      subscriber.next({ type: 'synced', entries: things('a1 b1'), reason: 'initial' });
      subscriber.next({ type: 'added', value: thing('c1') });
      subscriber.next({ type: 'changed', value: thing('a2'), previous: thing('a1'), properties: ['says'] });
      subscriber.next({ type: 'removed', value: thing('b1') });
      subscriber.complete();
    });
    source.pipe(toMap(({ name }) => name)).subscribe((map) => seen.push([...map.values()].map(({ says }) => says).join(' ')));
    expect(seen).to.deep.equal(['a1 b1', 'a1 b1 c1', 'a2 b1 c1', 'a2 c1']);
  });
});
