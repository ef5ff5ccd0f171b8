import { expect } from 'chai';
import { MessageFlags, Protocol } from '../../lib/wire/index.js';
import { ack, done, part, row } from '../support/messages.js';
import { DUMP, Diary } from './support.js';

const EBUSY = -16;

/** A socket does not pass usual parts of a dump on to the exchange: they must change nothing. `Diary` does the same. */
describe('Exchange: usual parts of a dump', () => {
  it('end the doubt whether the dump runs, also after other parts', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP);
    diary.send();
    diary.overrun();
    diary.send();
    diary.receive(part(one, 1), ack(one, EBUSY), part(one, 2)).drain().receive(part(one, 3), done(one));
    expect(diary.lines).to.deep.equal(['one 1', 'one 2', 'one 3', 'one complete']);
  });

  it('are not a reply without MULTI, after which the ack ends a list of audit', () => {
    const list = { type: 1013, flags: MessageFlags.Dump };
    for (const whole of [false, true]) {
      const diary = new Diary({ protocol: Protocol.Audit });
      const one = diary.submit('one', list);
      diary.send();
      diary.receive(part(one, 1), whole ? row(one, 2) : part(one, 2), ack(one));
      expect(diary.lines).to.deep.equal(['one 1', 'one 2', ...(whole ? ['one complete'] : [])]);
    }
  });
});
