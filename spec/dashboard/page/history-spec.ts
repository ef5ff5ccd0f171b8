import { expect } from 'chai';
import { figuresOf } from '../../../lib/dashboard/page/model/figures.js';
import { History, SECONDS } from '../../../lib/dashboard/page/model/history.js';

describe('History of the dashboard', () => {
  it('keeps the last 120 seconds of a link, the oldest first', () => {
    const history = new History();
    for (let second = 0; second < 300; second++) history.add(1000 + second, [['7', second, 2 * second]]);
    const { received, sent } = history.series('7');
    expect(received).to.deep.equal(Array.from({ length: SECONDS }, (_, index) => 180 + index));
    expect(sent[0]).to.equal(360);
    expect(history.latest('7')).to.deep.equal([299, 598]);
  });

  it('has 0 for seconds without traffic, and null for seconds without a connection', () => {
    const history = new History();
    history.add(1000, [['7', 5, 6]]);
    history.add(1001, []);
    history.add(1050, [['7', 8, 9]]);
    const { received } = history.series('7');
    expect(received.slice(-52)).to.deep.equal([null, 5, 0, ...Array.from({ length: 48 }, () => null), 8]);
    expect(history.series('8').received.at(-1)).to.equal(0);
  });

  it('has no gap if rates arrive late or two in one second', () => {
    const history = new History();
    for (const time of [1000, 1001.1, 1001.4, 1004, 1005]) history.add(time, [['7', time, 0]]);
    expect(history.series('7').received.slice(-6)).to.deep.equal([1000, 1001.1, 1001.4, 1004, 1004, 1005].map(Math.fround));
  });

  it('chooses the busiest link, and keeps it until another link has half as much more', () => {
    const history = new History();
    expect(history.busiest).to.equal(undefined);
    history.add(1, [
      ['1', 100, 0],
      ['2', 60, 60],
    ]);
    expect(history.busiest).to.equal('2');
    for (let second = 2; second < 60; second++)
      history.add(second, [
        ['1', 140, 0],
        ['2', 60, 60],
      ]);
    expect(history.busiest).to.equal('2');
    for (let second = 60; second < 120; second++)
      history.add(second, [
        ['1', 240, 0],
        ['2', 60, 60],
      ]);
    expect(history.busiest).to.equal('1');
    expect(history.load('1')).to.be.closeTo(240, 1);
  });

  it('chooses no link without a row, and another one if the row of the busiest is gone', () => {
    const known = new Set(['1', '2']);
    const history = new History((key) => known.has(key));
    const rates = [
      ['1', 10, 0],
      ['2', 100, 0],
      ['3', 9000, 0],
    ] as const;
    history.add(1, rates);
    expect(history.busiest).to.equal('2');
    known.delete('2');
    history.add(2, rates);
    expect(history.busiest).to.equal('1');
  });

  it('forgets links that are gone, and links without traffic for 120 seconds', () => {
    const history = new History();
    history.add(1, [
      ['1', 100, 0],
      ['2', 6, 6],
      ['3', 1, 1],
    ]);
    history.delete('1');
    expect(history.busiest).to.equal('2');
    for (let second = 2; second <= SECONDS + 1; second++) history.add(second, [['3', 1, 1]]);
    expect(history.size).to.equal(1);
    expect(history.load('2')).to.equal(0);
  });

  it('is described by the last second and the highest one, or by the second below the pointer', () => {
    const series = { received: [null, 5000, 20, 700], sent: [null, 0, 1, 2] };
    expect(figuresOf(series).map(({ text }) => text)).to.deep.equal(['Received 700 B/s, at most 5.00 kB/s', 'Sent 2 B/s, at most 2 B/s']);
    expect(figuresOf(series, 1).map(({ text }) => text)).to.deep.equal(['Received 5.00 kB/s, 2 s ago', 'Sent 0 B/s, 2 s ago']);
    expect(figuresOf(series, 0)[0]).to.deep.equal({ kind: 'received', text: 'Received unknown, 3 s ago' });
  });
});
