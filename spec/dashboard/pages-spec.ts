import { expect } from 'chai';
import { NEVER, Subject } from 'rxjs';
import type { Topology } from '../../lib/dashboard/protocol.js';
import { Pages } from '../../lib/dashboard/streams/pages.js';
import { KernelError } from '../../lib/index.js';
import { all, ControlledPages, gone, HEAD, HELLO, many, row } from './controlled-pages.js';
import { FakeSink } from './fake-sink.js';

describe('Pages', () => {
  let at: ControlledPages;
  beforeEach(() => (at = new ControlledPages()));
  afterEach(() => at.end());

  it('sends hello first, then all rows of a table when they have been read', () => {
    const { sink } = at.open();
    expect(sink.events).to.deep.equal([{ name: 'hello', data: { ...HELLO, tables: [HEAD] } }]);
    at.changes.next(all(['1', ['lo']], ['2', ['eth0']]));
    at.clock.tick(200);
    expect(sink.take()).to.deep.equal([
      {
        event: 'all',
        table: 'links',
        rows: [
          ['1', ['lo']],
          ['2', ['eth0']],
        ],
        total: 2,
        matching: 2,
      },
    ]);
  });

  it('sends all rows at once to a page that is opened later', () => {
    at.open();
    at.changes.next(all(['1', ['lo']]));
    at.clock.tick(200);
    const { sink } = at.open();
    expect(sink.names()).to.deep.equal(['hello', 'all']);
  });

  it('sends the last state of each row every 200 ms, and nothing if nothing changed', () => {
    const { sink } = at.open();
    at.changes.next(all(['1', ['lo']], ['2', ['eth0']]));
    at.clock.tick(200);
    sink.take();
    for (let count = 0; count < 50; count++) at.changes.next(row('2', `eth${String(count)}`));
    at.changes.next(gone('1'));
    at.changes.next(row('3', 'new'));
    at.changes.next(gone('3'));
    at.clock.tick(199);
    expect(sink.take()).to.deep.equal([]);
    at.clock.tick(1);
    expect(sink.take()).to.deep.equal([
      {
        event: 'diff',
        table: 'links',
        rows: [
          ['1', null],
          ['2', ['eth49']],
        ],
        total: 1,
        matching: 1,
      },
    ]);
    at.changes.next(row('2', 'eth49'));
    at.clock.tick(10_000);
    expect(sink.take()).to.deep.equal([]);
  });

  it('sends only the differences when a collection is read again', () => {
    const { sink } = at.open();
    at.changes.next(many(100));
    at.clock.tick(200);
    sink.take();
    at.changes.next(all(...Array.from({ length: 99 }, (_, key) => [String(key), [key === 7 ? 'other' : `link${String(key)}`]] as const)));
    at.clock.tick(200);
    expect(sink.take()).to.deep.equal([
      {
        event: 'diff',
        table: 'links',
        rows: [
          ['99', null],
          ['7', ['other']],
        ],
        total: 99,
        matching: 99,
      },
    ]);
  });

  describe('subscriptions', () => {
    it('is one for all pages, and none before the first and after the last', () => {
      expect(at.subscriptions).to.equal(0);
      const [one, other] = [at.open(), at.open()];
      expect([at.subscriptions, at.rates.observed, at.topology.observed]).to.deep.equal([1, true, true]);
      one.close();
      expect(at.subscriptions).to.equal(1);
      other.close();
      expect([at.subscriptions, at.rates.observed, at.topology.observed]).to.deep.equal([0, false, false]);
      expect(at.clock.countTimers()).to.equal(0);
    });

    it('reads again for the next page, which gets no rows of the time before', () => {
      const first = at.open();
      at.changes.next(all(['1', ['old']]));
      at.clock.tick(200);
      first.close();
      const { sink } = at.open();
      expect(sink.names()).to.deep.equal(['hello']);
      at.changes.next(all(['1', ['new']]));
      at.clock.tick(200);
      expect(sink.take()[0]!.rows).to.deep.equal([['1', ['new']]]);
    });

    it('ends the streams of all pages when it is closed', () => {
      const { sink } = at.open();
      at.pages.close();
      expect([sink.isEnded, at.subscriptions]).to.deep.equal([true, 0]);
    });
  });

  describe('errors', () => {
    const fail = (error: Error) => {
      const failed = at.changes;
      at.changes = new Subject();
      failed.error(error);
    };

    it('shows the error of a collection beside its rows, and reads it again', () => {
      const { sink } = at.open();
      at.changes.next(all(['1', ['lo']]));
      at.clock.tick(200);
      sink.take();
      fail(new Error('the socket is gone'));
      at.clock.tick(200);
      expect(sink.take()).to.deep.equal([{ event: 'diff', table: 'links', rows: [], total: 1, matching: 1, error: 'the socket is gone' }]);
      expect(at.subscriptions).to.equal(0);
      at.clock.tick(5000);
      expect(at.subscriptions).to.equal(1);
      at.changes.next(all(['1', ['lo']]));
      at.clock.tick(200);
      expect(sink.take()).to.deep.equal([{ event: 'diff', table: 'links', rows: [], total: 1, matching: 1 }]);
    });

    it('does not read again what this process may not read', () => {
      const { sink } = at.open();
      fail(new KernelError({ errno: -1, operation: 'list' }));
      at.clock.tick(60_000);
      expect(at.subscriptions).to.equal(0);
      expect(sink.take()).to.have.length(1);
    });
  });

  describe('topology', () => {
    const node = (id: string, state: string) => ({ id, name: `n${id}`, kind: 'dummy', namespace: '7', state });
    const nodes = (...list: readonly ReturnType<typeof node>[]): Topology => ({
      nodes: list,
      edges: [],
      namespaces: [{ id: '7', name: 'x' }],
    });
    const events = (sink: FakeSink) => sink.events.splice(0).filter(({ name }) => name.startsWith('topology'));

    it('is sent whole once, then its changes', () => {
      const { sink } = at.open();
      at.topology.next(nodes(node('1', 'up'), node('2', 'up')));
      expect(events(sink).map(({ name }) => name)).to.deep.equal(['topology']);
      at.topology.next(nodes(node('1', 'down'), node('3', 'up')));
      expect(events(sink)).to.deep.equal([
        {
          name: 'topology-diff',
          data: {
            nodes: [
              ['2', null],
              ['1', node('1', 'down')],
              ['3', node('3', 'up')],
            ],
          },
        },
      ]);
      at.topology.next(nodes(node('1', 'down'), node('3', 'up')));
      expect(events(sink)).to.deep.equal([]);
      const later = at.open();
      expect(events(later.sink).map(({ name }) => name)).to.deep.equal(['topology']);
    });

    it('is sent whole again to a page that missed changes', () => {
      const { sink } = at.open();
      at.topology.next(nodes(node('1', 'up')));
      sink.writableLength = (1 << 20) + 1;
      at.topology.next(nodes(node('1', 'down')));
      sink.writableLength = 0;
      events(sink);
      at.rates.next([]);
      at.clock.tick(200);
      expect(events(sink)).to.deep.equal([{ name: 'topology', data: nodes(node('1', 'down')) }]);
    });
  });

  it('sends the rates of each second, also if there are none', () => {
    const { sink } = at.open();
    at.rates.next([['1', 10, 20]]);
    at.rates.next([]);
    expect(sink.events.slice(1)).to.deep.equal([
      { name: 'rates', data: [['1', 10, 20]] },
      { name: 'rates', data: [] },
    ]);
  });

  it('is not full and holds no timer if a source never emits', () => {
    const quiet = new Pages({ hello: HELLO, tables: [{ head: HEAD, changes: NEVER }], rates: NEVER, topology: NEVER });
    const sink = new FakeSink();
    quiet.open(sink, () => '');
    expect([quiet.isFull, at.clock.countTimers(), sink.names()]).to.deep.equal([false, 0, ['hello']]);
    quiet.close();
  });
});
