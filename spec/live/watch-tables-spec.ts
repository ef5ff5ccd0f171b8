import { expect } from 'chai';
import { Observable, Subject, type Subscription, defer, timer, type Subscriber } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { omitUndefined } from '../../lib/check/index.js';
import { DumpInterruptedError, KernelError, OverrunError } from '../../lib/errors/index.js';
import { rtAddr } from '../../lib/families/rt-addr.js';
import { rtLink } from '../../lib/families/rt-link.js';
import { watchTables, type LiveEvent, type TablesChange } from '../../lib/live/index.js';
import { joinTables, resyncSource } from '../../lib/live/internal.js';
import { fakeKernel } from '../../lib/testing/index.js';

/** A row: `a1` is the row a in state 1. */
interface Row {
  readonly name: string;
  readonly text: string;
}

const row = (text: string): Row => ({ name: text[0]!, text });

/** `a1` sets, `-a1` deletes, `?` is silent. */
const event = (text: string): LiveEvent<Row> =>
  text === '?'
    ? { type: 'silent' }
    : text.startsWith('-')
      ? { type: 'delete', value: row(text.slice(1)) }
      : { type: 'set', value: row(text) };

const print = (change: TablesChange<Record<string, object>>): string => {
  const text = (value: object): string => (value as Row).text;
  if (change.type === 'synced') {
    const tables = Object.entries(change.tables).map(([name, rows]) => `${name} ${rows.map(text).join(' ')}`.trim());
    return `${change.reason} [${tables.join('; ')}]`;
  }
  const { type, value } = change.change;
  return `${{ added: '+', changed: '~', removed: '-' }[type]}${text(value)}`;
};

/** Lower-case letters are links, their state follows; x, y, z are addresses. */
const EVENTS: Record<string, readonly [table: 'links' | 'addresses', event: string]> = {
  a: ['links', 'a1'],
  A: ['links', 'a2'],
  b: ['links', 'b1'],
  c: ['links', 'c1'],
  d: ['links', '-a1'],
  q: ['links', '?'],
  x: ['addresses', 'x1'],
  y: ['addresses', 'y1'],
  w: ['addresses', '-x1'],
  Q: ['addresses', '?'],
};

interface Played {
  readonly emitted: string[];
  /** The tables in the order in which they were read. */
  readonly read: string[];
}

/**
 * Plays the events of one socket. # is an overrun, for both tables, and L its announcement. The readings of a table are played one after the
 * other. In a reading # is an interruption and ! another error.
 */
function play(
  events: string,
  readings: { readonly links: readonly string[]; readonly addresses: readonly string[] },
  options: { barrier?: string; settled?: string; interval?: number; deletesInterrupt?: boolean; until?: number; late?: number } = {},
): Played {
  const emitted: string[] = [];
  const read: string[] = [];
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(({ cold, flush }) => {
    const listeners = new Set<readonly [string, Subscriber<LiveEvent<Row>>]>();
    const losses = new Subject<void>();
    cold(events.replaceAll('#', 'O')).subscribe((letter) => {
      if (letter === 'L') losses.next();
      const present = [...listeners];
      for (const [table, listener] of present) {
        if (letter === 'O') listener.error(new OverrunError(1));
        else if (EVENTS[letter]?.[0] === table) listener.next(event(EVENTS[letter][1]));
      }
    });
    const source = (table: 'links' | 'addresses'): ReturnType<typeof resyncSource<object>> => {
      let count = 0;
      return resyncSource<object>({
        key: (value) => (value as Row).name,
        ...omitUndefined({ interval: options.interval, deletesInterrupt: options.deletesInterrupt }),
        ...(options.barrier !== undefined && { barrier: () => cold(options.barrier!) }),
        ...(options.settled !== undefined && { settled: () => cold(options.settled!) }),
        losses: () => losses,
        changes: () =>
          new Observable((subscriber) => {
            const listener = [table, subscriber] as const;
            listeners.add(listener);
            return () => listeners.delete(listener);
          }),
        snapshot: () =>
          defer(() => {
            read.push(table);
            const all = readings[table];
            const marbles = all[Math.min(count++, all.length - 1)]!;
            const rows = Object.fromEntries(Object.entries(EVENTS).map(([letter, [, text]]) => [letter, row(text)]));
            const error = marbles.includes('!') ? new KernelError({ errno: 13, operation: 'get' }) : new DumpInterruptedError('test');
            return cold<Row>(marbles.replaceAll('!', '#'), rows, error);
          }),
      });
    };
    const joined = joinTables(['links', 'addresses'], [source('links'), source('addresses')]);
    const note = (prefix: string): Subscription =>
      joined.subscribe({
        next: (change) => emitted.push(`${prefix}${scheduler.now()} ${print(change)}`),
        error: (error: unknown) => emitted.push(`${prefix}${scheduler.now()} ${(error as Error).name}`),
      });
    const subscription = note('');
    if (options.late !== undefined) timer(options.late).subscribe(() => subscription.add(note('late ')));
    timer(options.until ?? 3000).subscribe(() => subscription.unsubscribe());
    flush();
  });
  return { emitted, read };
}

const texts = ({ emitted }: Played): string[] => emitted.map((line) => line.replace(/^\d+ /, ''));

describe('watchTables', () => {
  it('emits synced with all tables behind one barrier, then the changes of all tables in the order of the socket', () => {
    const { emitted, read } = play('---------b-y-w-d', { links: ['-a|'], addresses: ['-x|'] }, { barrier: '---|' });
    expect(emitted).to.deep.equal(['7 initial [links a1; addresses x1]', '9 +b1', '11 +y1', '13 -x1', '15 -a1']);
    expect(read).to.deep.equal(['links', 'addresses']);
  });

  it('applies the events that arrive while any of the tables is read', () => {
    // The link b arrives after the reading of the links, its address during that of the addresses.
    const played = play('---by-------', { links: ['-a|'], addresses: ['---x---|'] });
    expect(texts(played)).to.deep.equal(['initial [links a1 b1; addresses x1 y1]']);
  });

  it('emits nothing after a loss until all tables are read, then removals from the last table and additions from the first', () => {
    const played = play('------#by------c', { links: ['(a|)', '---(b|)'], addresses: ['(x|)', '---(y|)'] });
    expect(played.emitted).to.deep.equal([
      '0 initial [links a1; addresses x1]',
      '12 -x1',
      '12 -a1',
      '12 +b1',
      '12 +y1',
      '12 overrun [links b1; addresses y1]',
      '15 +c1',
    ]);
    expect(played.read).to.deep.equal(['links', 'addresses', 'links', 'addresses']);
  });

  it('applies nothing between the announcement of a loss and the overrun: an address may be there without its link', () => {
    const readings = { links: ['(a|)', '---(ab|)'], addresses: ['(x|)', '---(xy|)'] };
    expect(play('------L-y-d-#------c', readings).emitted).to.deep.equal([
      '0 initial [links a1; addresses x1]',
      '18 +b1',
      '18 +y1',
      '18 overrun [links a1 b1; addresses x1 y1]',
      '19 +c1',
    ]);
  });

  it('does not end a reading between the announcement of a loss and the overrun', () => {
    // The addresses are read after the link b was lost.
    const readings = { links: ['(a|)', '(ab|)'], addresses: ['---(xy|)'] };
    expect(play('--L-----#', readings).emitted).to.deep.equal(['16 initial [links a1 b1; addresses x1 y1]']);
  });

  it('reads only the table of a silent event again, and emits the events of all tables meanwhile', () => {
    const played = play('-----q-b-y---c', { links: ['(a|)', '--------(Abc|)'], addresses: ['(x|)'] });
    expect(played.emitted).to.deep.equal([
      '0 initial [links a1; addresses x1]',
      '7 +b1',
      '9 +y1',
      '13 +c1',
      '23 ~a2',
      '23 silent [links a2 b1 c1; addresses x1 y1]',
    ]);
    expect(played.read).to.deep.equal(['links', 'addresses', 'links']);
  });

  it('reads a table again that becomes due while another one is read, then emits synced once', () => {
    const played = play('-----q----------Q', { links: ['(a|)', '----------(A|)'], addresses: ['(x|)', '(xy|)'] });
    expect(texts(played)).to.deep.equal(['initial [links a1; addresses x1]', '~a2', '+y1', 'silent [links a2; addresses x1 y1]']);
    expect(played.read).to.deep.equal(['links', 'addresses', 'links', 'addresses']);
  });

  it('reads all tables again when events are lost while one table is read again', () => {
    const played = play('-----q-------------#', { links: ['(a|)', '------(A|)', '(b|)'], addresses: ['(x|)', '(y|)'] });
    expect(texts(played)).to.deep.equal([
      'initial [links a1; addresses x1]',
      '-x1',
      '-a1',
      '+b1',
      '+y1',
      'overrun [links b1; addresses y1]',
    ]);
    expect(played.read).to.deep.equal(['links', 'addresses', 'links', 'links', 'addresses']);
  });

  it('reads only the interrupted table again, and merges its rows; the other one keeps its rows and buffers its events', () => {
    const played = play('----y-------', { links: ['-a#', '-b|'], addresses: ['(x|)'] });
    expect(texts(played)).to.deep.equal(['initial [links b1 a1; addresses x1 y1]']);
    expect(played.read).to.deep.equal(['links', 'addresses', 'links']);
  });

  it('merges four interrupted readings', () => {
    const played = play('-', { links: ['-a#', '-b#', '-c#', '-a#'], addresses: ['(x|)'] });
    expect(texts(played)).to.deep.equal(['initial [links a1 c1 b1; addresses x1]']);
    expect(played.read.filter((table) => table === 'links')).to.have.lengthOf(4);
  });

  it('reads again when an entry was deleted meanwhile, if deletions may hide other entries', () => {
    const played = play('--d', { links: ['-a--b|', '(b|)'], addresses: ['(x|)'] }, { deletesInterrupt: true });
    expect(texts(played)).to.deep.equal(['initial [links b1; addresses x1]']);
    expect(played.read).to.deep.equal(['links', 'addresses', 'links']);
  });

  it('reads a table again if its silent event arrives while it waits for settled', () => {
    const played = play('-q', { links: ['(a|)', '(A|)'], addresses: ['(x|)'] }, { settled: '---|' });
    expect(texts(played)).to.deep.equal(['initial [links a2; addresses x1]']);
    expect(played.read).to.deep.equal(['links', 'addresses', 'links']);
  });

  it('emits synced after five readings in a row that silent events disturbed', () => {
    const played = play(`-----${'q---'.repeat(60)}`, { links: ['(a|)', '--------(a|)'], addresses: ['(x|)'] }, { until: 200 });
    const synced = played.emitted.filter((line) => line.includes('silent'));
    expect(synced.length).to.be.within(1, 3);
    expect(played.read.filter((table) => table === 'addresses')).to.have.lengthOf(1);
  });

  it('reads all tables at their intervals', () => {
    const played = play('-', { links: ['(a|)'], addresses: ['(x|)', '(y|)'] }, { interval: 100, until: 150 });
    expect(played.emitted).to.deep.equal([
      '0 initial [links a1; addresses x1]',
      '110 -x1',
      '110 +y1',
      '110 silent [links a1; addresses y1]',
    ]);
  });

  it('sends a late subscriber the present state inside subscribe, with the next synced if a table is being read', () => {
    const readings = { links: ['(a|)', '----(A|)'], addresses: ['(x|)'] };
    expect(play('-----', readings, { late: 3 }).emitted).to.deep.equal([
      '0 initial [links a1; addresses x1]',
      'late 3 initial [links a1; addresses x1]',
    ]);
    expect(play('----q-b--', readings, { late: 16 }).emitted).to.include.members(['late 18 initial [links a2; addresses x1]']);
  });

  it('ends with any error other than a loss, and stops with its last subscriber', () => {
    expect(play('-', { links: ['-!'], addresses: ['(x|)'] }).emitted).to.deep.equal(['1 KernelError']);
    expect(play('---#', { links: ['(a|)', '------(b|)'], addresses: ['(x|)'] }, { until: 6 }).emitted).to.have.lengthOf(1);
  });

  it('rejects no table, other objects, and clients on different sockets', () => {
    const link = rtLink({ transport: fakeKernel() });
    const address = rtAddr({ transport: fakeKernel() });
    expect(() => watchTables({})).to.throw(TypeError, 'watchTables(): no table; expected at least one');
    const wrong = { links: link.watch('getlink') } as never;
    expect(() => watchTables(wrong)).to.throw(TypeError, 'watchTables(): links is not a table; expected client.tableOf(op)');
    expect(() => watchTables({ links: link.tableOf('getlink'), addresses: address.tableOf('getaddr') })).to.throw(
      TypeError,
      'watchTables(): addresses (rt-addr: getaddr) and links (rt-link: getlink) have different sockets; create their clients with one socket',
    );
    expect(() => link.tableOf('getstats' as never)).to.throw(TypeError, 'cannot be watched');
    expect(() => address.tableOf('getaddr', { ifaScope: 1 })).to.throw(TypeError, 'cannot watch by ifaScope');
  });
});
