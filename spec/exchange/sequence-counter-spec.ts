import { expect } from 'chai';
import { SequenceCounter } from '../../lib/exchange/index.js';

const none = (): boolean => false;

describe('SequenceCounter', () => {
  it('counts', () => {
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

  it('skips numbers in flight, across the wrap too', () => {
    const inFlight = new Set([0xffff_ffff, 1, 2, 4]);
    const counter = new SequenceCounter(0xffff_fffe);
    const taken = [1, 2, 3].map(() => counter.take((sequence) => inFlight.has(sequence)));
    expect(taken).to.deep.equal([0xffff_fffe, 3, 5]);
  });

  it('starts somewhere else each time', () => {
    const starts = new Set(Array.from({ length: 8 }, () => new SequenceCounter().take(none)));
    expect(starts.size).to.be.greaterThan(1);
    for (const start of starts) expect(start).to.be.within(1, 0xffff_ffff);
  });
});
