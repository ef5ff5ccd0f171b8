import { expect } from 'chai';
import { SequenceCounter } from '../../lib/exchange/index.js';

const none = (): boolean => false;

describe('SequenceCounter', () => {
  it('returns consecutive numbers', () => {
    const counter = new SequenceCounter(7);
    expect([counter.take(none), counter.take(none), counter.take(none)]).to.deep.equal([7, 8, 9]);
  });

  it('wraps after the largest 32-bit number, and skips 0', () => {
    const counter = new SequenceCounter(0xffff_fffe);
    expect([counter.take(none), counter.take(none), counter.take(none)]).to.deep.equal([0xffff_fffe, 0xffff_ffff, 1]);
  });

  it('never starts with 0', () => {
    expect(new SequenceCounter(0).take(none)).to.equal(1);
  });

  it('skips numbers in flight, also at the wrap', () => {
    const inFlight = new Set([0xffff_ffff, 1, 2, 4]);
    const counter = new SequenceCounter(0xffff_fffe);
    const taken = [1, 2, 3].map(() => counter.take((sequence) => inFlight.has(sequence)));
    expect(taken).to.deep.equal([0xffff_fffe, 3, 5]);
  });

  it('starts at a random number', () => {
    const starts = new Set(Array.from({ length: 8 }, () => new SequenceCounter().take(none)));
    expect(starts.size).to.be.greaterThan(1);
    for (const start of starts) expect(start).to.be.within(1, 0xffff_ffff);
  });

  it('returns a consecutive range without numbers in use', () => {
    const inUse = [12, 14, 40];
    const counter = new SequenceCounter(10);
    const takenIn = (first: number, count: number) => inUse.find((number) => number >= first && number < first + count);
    expect(counter.takeRange(2, takenIn)).to.equal(10);
    expect(counter.takeRange(3, takenIn)).to.equal(15);
    expect(counter.take(() => false)).to.equal(18);
    expect(counter.takeRange(30, takenIn)).to.equal(41);
  });

  it('does not return a range that passes the largest number', () => {
    const counter = new SequenceCounter(0xffff_fffe);
    expect(counter.takeRange(3, () => undefined)).to.equal(1);
    expect(new SequenceCounter(0xffff_fffe).takeRange(2, () => undefined)).to.equal(0xffff_fffe);
    expect(new SequenceCounter(0).takeRange(2, () => undefined)).to.equal(1);
  });
});
