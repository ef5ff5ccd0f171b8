import { expect } from 'chai';
import type { MessageInit } from '../../lib/wire/index.js';
import { Diary, DO, DUMP, GET } from './support.js';

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
