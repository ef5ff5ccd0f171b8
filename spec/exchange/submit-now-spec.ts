import { expect } from 'chai';
import { Trust } from '../../lib/exchange/index.js';
import type { MessageInit } from '../../lib/wire/index.js';
import { Diary, DO, DUMP, GET } from './support.js';

describe('Exchange: submitSent()', () => {
  it('is for an idle exchange: without requests that wait, or that were sent and are unanswered', () => {
    const diary = new Diary({ window: 5000 });
    const { exchange } = diary;
    expect(exchange.isIdle).to.equal(true);
    diary.submit('dump', DUMP);
    diary.submit('other dump', DUMP);
    expect(exchange.isIdle).to.equal(false);
    diary.send();
    // The second dump waits for the first one.
    expect({ inFlight: exchange.inFlight, waiting: exchange.waiting, idle: exchange.isIdle }).to.deep.equal({
      inFlight: 1,
      waiting: 1,
      idle: false,
    });
    exchange.clear();
    expect(exchange.isIdle).to.equal(true);
  });

  it('registers a request under the number with which it was sent', () => {
    const { exchange } = new Diary({ window: 5000 });
    const sequence = exchange.takeSequence();
    const request = exchange.submitSent(DO, { operation: 'do' }, 'do', sequence);
    expect(request).to.include({ sequence, context: 'do' });
    expect(exchange).to.include({ inFlight: 1, waiting: 0, isIdle: false });
    expect(exchange.owed).to.equal(request.traits.cost).and.to.be.above(0);
    expect(exchange.matchHeader(sequence, request.portId, Trust.Reply)).to.equal(request);
    expect(exchange.takeSequence()).to.not.equal(sequence);
  });
});

describe('Exchange: submitNow()', () => {
  it('starts a request exactly if next() would return it', () => {
    const startedOf = (prepare: (diary: Diary) => void, init: MessageInit): boolean => {
      const [queued, immediate] = [new Diary({ window: 5000 }), new Diary({ window: 5000 })];
      for (const diary of [queued, immediate]) prepare(diary);
      const last = queued.submit('last', init);
      let next = queued.exchange.next();
      while (next !== undefined && next !== last) next = queued.exchange.next();
      const started = immediate.exchange.submitNow(init, { operation: 'last' }, 'last').sequence !== 0;
      expect(started).to.equal(next === last);
      expect(immediate.load).to.deep.equal(queued.load);
      return started;
    };
    const send =
      (...inits: MessageInit[]) =>
      (diary: Diary): void => {
        for (const init of inits) diary.submit('earlier', init);
        diary.send();
      };
    expect(startedOf(send(), DO)).to.equal(true);
    expect(startedOf(send(), DUMP)).to.equal(true);
    expect(startedOf(send(DO), GET)).to.equal(false);
    expect(startedOf(send(GET, GET), DO)).to.equal(false);
    expect(startedOf(send({ ...DO, sequence: 9 }), { ...DO, sequence: 9 })).to.equal(false);
    expect(startedOf(send(DUMP), DUMP)).to.equal(false);
    expect(startedOf(send(DUMP), DO)).to.equal(true);
    expect(startedOf(send(DUMP, DUMP), DO)).to.equal(true);
  });
});
