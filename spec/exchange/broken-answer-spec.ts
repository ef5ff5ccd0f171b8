import { expect } from 'chai';
import { done, part } from '../support/messages.js';
import { DUMP, Diary } from './support.js';

describe('Exchange: broken answers', () => {
  it('keeps a dump running of which a part was broken until DONE, or until the queue was read empty: DONE may have been there', () => {
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

  it('does not take an empty queue for the end of a dump that was only abandoned', () => {
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
