import { expect } from 'chai';
import { all, ControlledPages, gone, many, row } from './controlled-pages.js';

describe('bounds of the dashboard', () => {
  let at: ControlledPages;
  beforeEach(() => (at = new ControlledPages()));
  afterEach(() => at.end());

  it('sends 2,000 rows of 5,000, with the true totals', () => {
    const { sink } = at.open();
    at.changes.next(many(5000));
    at.clock.tick(200);
    const [event] = sink.take();
    expect(event!.rows).to.have.length(2000);
    expect([event!.total, event!.matching]).to.deep.equal([5000, 5000]);
  });

  it('sends no change of a row that the page does not have, and a row in place of one that is gone', () => {
    const { sink } = at.open();
    at.changes.next(many(3000));
    at.clock.tick(200);
    sink.take();
    at.changes.next(row('2500', 'changed'));
    at.clock.tick(200);
    expect(sink.take()).to.deep.equal([]);
    at.changes.next(gone('5'));
    at.clock.tick(200);
    expect(sink.take()).to.deep.equal([
      {
        event: 'diff',
        table: 'links',
        rows: [
          ['5', null],
          ['2000', ['link2000']],
        ],
        total: 2999,
        matching: 2999,
      },
    ]);
  });

  it('finds the rows of a filter beyond the first 2,000', () => {
    const { sink } = at.open((table) => (table === 'links' ? ' LINK  4999 ' : ''));
    at.changes.next(many(5000));
    at.clock.tick(200);
    expect(sink.take()).to.deep.equal([{ event: 'all', table: 'links', rows: [['4999', ['link4999']]], total: 5000, matching: 1 }]);
  });

  it('follows rows that begin and cease to match a filter', () => {
    const { sink } = at.open(() => 'eth up');
    at.changes.next(all(['1', ['eth0', 'up']], ['2', ['eth1', 'down']], ['3', ['lo', 'up']]));
    at.clock.tick(200);
    expect(sink.take()[0]!.rows).to.deep.equal([['1', ['eth0', 'up']]]);
    at.changes.next(row('1', 'eth0', 'down'));
    at.changes.next(row('2', 'eth1', 'up'));
    at.clock.tick(200);
    expect(sink.take()).to.deep.equal([
      {
        event: 'diff',
        table: 'links',
        rows: [
          ['1', null],
          ['2', ['eth1', 'up']],
        ],
        total: 3,
        matching: 1,
      },
    ]);
  });

  it('is full with 16 pages, until one is closed', () => {
    const opened = Array.from({ length: 16 }, () => at.open());
    expect(at.pages.isFull).to.equal(true);
    opened[3]!.close();
    expect(at.pages.isFull).to.equal(false);
  });

  it('sends a page that does not read no changes, and all rows when it reads again', () => {
    const [slow, fast] = [at.open(), at.open()];
    at.changes.next(many(10));
    at.clock.tick(200);
    slow.sink.writableLength = (1 << 20) + 1;
    const before = slow.sink.bytes;
    for (let count = 0; count < 100; count++) {
      at.changes.next(row('3', `name${String(count)}`));
      at.rates.next([['1', 1, 1]]);
      at.clock.tick(200);
    }
    expect(slow.sink.bytes).to.equal(before);
    expect(fast.sink.take()).to.have.length(101);
    slow.sink.take();
    slow.sink.writableLength = 0;
    // The clock of the rates, if nothing else at.changes.
    at.rates.next([]);
    at.clock.tick(200);
    const [event, ...others] = slow.sink.take();
    expect([event!.event, event!.rows.length, event!.rows[3]]).to.deep.equal(['all', 10, ['3', ['name99']]]);
    expect(others).to.deep.equal([]);
    expect(fast.sink.take()).to.deep.equal([]);
  });
});
