import { expect } from 'chai';
import { done, part } from '../support/messages.js';
import { DUMP, Diary } from './support.js';

describe('Exchange: malformed replies', () => {
  it('ends a dump with a malformed part at DONE or at an empty queue, because DONE may be lost', () => {
    for (const end of ['done', 'drained'] as const) {
      const diary = new Diary();
      const one = diary.submit('one', DUMP);
      diary.submit('two', DUMP);
      diary.send();
      diary.receive(part(one, 1));
      diary.exchange.abandonMalformed(one);
      expect(diary.send()).to.deep.equal([]);
      diary.receive(part(one, 2));
      if (end === 'done') diary.receive(done(one));
      else diary.drain();
      expect(diary.send()).to.deep.equal(['two']);
      expect(diary.lines).to.deep.equal(['one 1']);
    }
  });

  it('does not end an abandoned dump at an empty queue', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP);
    diary.submit('two', DUMP);
    diary.send();
    diary.exchange.abandon(one);
    diary.drain();
    expect(diary.send()).to.deep.equal([]);
    diary.receive(done(one));
    expect(diary.send()).to.deep.equal(['two']);
  });
});
