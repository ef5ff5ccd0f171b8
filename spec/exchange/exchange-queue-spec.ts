import { expect } from 'chai';
import { MessageFlags, Protocol } from '../../lib/wire/index.js';
import { ack, done, part, row } from '../support/messages.js';
import { Diary, entriesOf, memberOf, DO, DUMP, GET, IDLE, PORT } from './support.js';

const EBUSY = -16;
const ENOBUFS = -105;
const { DumpInterrupted } = MessageFlags;

describe('Exchange: the window', () => {
  it('sends in the order of submission', () => {
    const diary = new Diary();
    for (const name of ['a', 'b', 'c']) diary.submit(name);
    expect(diary.send()).to.deep.equal(['a', 'b', 'c']);
  });

  it('owes no more than the window holds, and sends the rest as replies come', () => {
    // 848 bytes each
    const diary = new Diary({ window: 2 * 848 });
    const [a, b] = ['a', 'b', 'c', 'd'].map((name) => diary.submit(name));
    expect(diary.send()).to.deep.equal(['a', 'b']);
    expect(diary.load).to.deep.equal({ inFlight: 2, waiting: 2, owed: 1696 });
    diary.receive(ack(b!));
    expect(diary.send()).to.deep.equal(['c']);
    diary.receive(ack(a!));
    expect(diary.send()).to.deep.equal(['d']);
  });

  it('lets one request pass that is larger than the window, alone', () => {
    const diary = new Diary({ window: 100 });
    const a = diary.submit('a');
    diary.submit('b');
    expect(diary.send()).to.deep.equal(['a']);
    diary.receive(ack(a));
    expect(diary.send()).to.deep.equal(['b']);
  });

  it('keeps the order where a small request could overtake', () => {
    const diary = new Diary({ window: 848 + 848 });
    const a = diary.submit('a');
    diary.submit('large', GET);
    diary.submit('small');
    expect(diary.send()).to.deep.equal(['a']);
    diary.receive(ack(a));
    expect(diary.send()).to.deep.equal(['large']);
  });

  it('reckons with a window that changes', () => {
    const diary = new Diary({ window: 0 });
    for (const name of ['a', 'b', 'c']) diary.submit(name);
    expect(diary.send()).to.deep.equal(['a']);
    diary.exchange.window = 10_000;
    expect(diary.send()).to.deep.equal(['b', 'c']);
  });

  it('counts a datagram as one that waits, at the price of all its messages', () => {
    const diary = new Diary({ window: 4 * 848 });
    diary.submit('a');
    diary.submit('b');
    diary.datagram('x', 'y', 'z');
    expect(diary.exchange.waiting).to.equal(3);
    expect(diary.send()).to.deep.equal(['a', 'b']);
    diary.exchange.window = 5 * 848;
    expect(diary.send()).to.deep.equal(['z']);
    expect(diary.load).to.deep.equal({ inFlight: 5, waiting: 0, owed: 5 * 848 });
  });

  it('owes nothing for what nobody answers, however often it is sent', () => {
    const diary = new Diary({ protocol: Protocol.Connector, window: 1000 });
    for (let count = 0; count < 40; count++) diary.submit('a', { type: 3 });
    expect(diary.send()).to.have.length(40);
    diary.exchange.submitDatagram(entriesOf(['x', 'y'], [{ type: 3 }, { type: 3 }]));
    expect(diary.send()).to.deep.equal(['y']);
    expect(diary.load).to.deep.equal(IDLE);
  });
});

describe('Exchange: the dump queue', () => {
  it('runs one dump at a time, in order, and lets requests pass', () => {
    const diary = new Diary();
    const [one, , two] = ['one', 'do', 'two', 'another', 'three'].map((name) =>
      diary.submit(name, name === 'do' || name === 'another' ? DO : DUMP),
    );
    expect(diary.send()).to.deep.equal(['one', 'do', 'another']);
    diary.receive(part(one!), done(one!));
    expect(diary.send()).to.deep.equal(['two']);
    diary.receive(done(two!));
    expect(diary.send()).to.deep.equal(['three']);
  });

  it('sends the next dump after one that was refused', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP);
    diary.submit('two', DUMP);
    diary.send();
    diary.receive(ack(one, -22));
    expect(diary.send()).to.deep.equal(['two']);
  });

  it('drains a dump that nobody waits for before it starts the next', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP);
    diary.submit('two', DUMP);
    diary.send();
    diary.receive(part(one, 1));
    diary.exchange.abandon(one);
    diary.drain().receive(part(one, 2));
    expect(diary.send()).to.deep.equal([]);
    diary.receive(done(one));
    expect(diary.send()).to.deep.equal(['two']);
    expect(diary.lines).to.deep.equal(['one 1']);
  });

  it('holds dumps back while a foreign one runs, and never shows EBUSY', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP);
    diary.submit('two', DUMP);
    diary.submit('do');
    diary.send();
    const { sequence } = one;
    diary.receive(ack(one, EBUSY));
    expect(diary.send()).to.deep.equal([]);
    expect(diary.load).to.deep.include({ waiting: 2 });
    diary.exchange.releaseDumps();
    expect(diary.send(), 'the refused one keeps its place').to.deep.equal(['one']);
    expect(one.sequence).to.equal(sequence);
    diary.receive(part(one, 1), done(one));
    expect(diary.lines).to.deep.equal(['one busy', 'one 1', 'one complete']);
  });

  it('forgets a dump that was refused with EBUSY when nobody waits for it', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP);
    diary.send();
    diary.exchange.abandon(one);
    diary.receive(ack(one, EBUSY));
    expect(diary.load).to.deep.equal(IDLE);
    diary.submit('two', DUMP);
    expect(diary.send()).to.deep.equal(['two']);
  });

  it('ends a dump that it took for something else when the queue runs empty', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP, { dump: false });
    diary.send();
    diary.receive(part(one, 1)).drain().receive(part(one, 2), done(one)).drain();
    expect(diary.lines).to.deep.equal(['one 1', 'one 2', 'one complete']);
    expect(diary.load).to.deep.equal(IDLE);
  });

  it('says that such a dump was interrupted', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP, { dump: false });
    diary.send();
    diary.receive(part(one, 1, DumpInterrupted), done(one)).drain();
    expect(diary.lines).to.deep.equal(['one 1', 'one EINTR']);
  });

  it('does not end at a drained queue what has not been answered yet', () => {
    const diary = new Diary();
    const one = diary.submit('one', GET);
    const two = diary.submit('two', DUMP);
    diary.send();
    diary.drain().receive(row(one, 1)).drain().receive(part(two, 2)).drain();
    expect(diary.load).to.deep.include({ inFlight: 2 });
    expect(diary.lines).to.deep.equal(['one 1', 'two 2']);
  });
});

describe('Exchange: overrun', () => {
  it('fails what was sent and is no dump, spares a running dump and what waits', () => {
    const diary = new Diary({ window: 3 * 848 });
    const dump = diary.submit('dump', DUMP);
    for (const name of ['a', 'b', 'c', 'd']) diary.submit(name);
    diary.send();
    diary.receive(part(dump, 1)).overrun();
    expect(diary.lines).to.deep.equal(['dump 1', 'a lost', 'b lost', 'c lost']);
    expect(diary.send()).to.deep.equal(['d']);
    diary.receive(part(dump, 2), done(dump));
    expect(diary.lines.slice(-2)).to.deep.equal(['dump 2', 'dump complete']);
  });

  it('fails each message of a datagram that has had no answer', () => {
    const diary = new Diary();
    const last = diary.datagram('x', 'y', 'z');
    diary.send();
    diary.receive(ack(memberOf(last, 1), -22)).overrun();
    expect(diary.lines).to.deep.equal(['y EINVAL', 'x lost', 'z lost']);
    expect(diary.load).to.deep.equal(IDLE);
  });

  it('sends a dump of which nothing was seen once more, first of all dumps and under its number', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP);
    diary.submit('two', DUMP);
    diary.send();
    diary.submit('three', DUMP);
    diary.send();
    const { sequence } = one;
    diary.overrun();
    expect(diary.lines).to.deep.equal([]);
    expect(diary.send()).to.deep.equal(['one']);
    expect(one.sequence).to.equal(sequence);
  });

  it('takes EBUSY after that for the news that it runs after all', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP);
    diary.send();
    diary.overrun();
    diary.send();
    diary.receive(ack(one, EBUSY), part(one, 1)).drain().receive(done(one));
    expect(diary.lines).to.deep.equal(['one 1', 'one complete']);
    expect(diary.load).to.deep.equal(IDLE);
  });

  it('sends it yet again where nothing came of that: then it was a foreign dump', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP);
    diary.submit('two', DUMP);
    diary.send();
    diary.overrun();
    diary.send();
    diary.receive(ack(one, EBUSY)).drain();
    expect(diary.send()).to.deep.equal(['one']);
    diary.receive(part(one, 1), done(one));
    expect(diary.lines).to.deep.equal(['one 1', 'one complete']);
  });

  it('sends it yet again also where more was lost meanwhile', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP);
    diary.send();
    diary.overrun();
    diary.send();
    diary.receive(ack(one, ENOBUFS), ack(one, EBUSY)).overrun();
    expect(diary.send()).to.deep.equal(['one']);
  });

  it('does not take the EBUSY of an earlier try for a sign of life', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP);
    diary.send();
    diary.receive(ack(one, EBUSY));
    diary.exchange.releaseDumps();
    diary.send();
    diary.overrun();
    expect(diary.send()).to.deep.equal(['one']);
  });

  it('takes ENOBUFS for a sign of life: parts and DONE follow', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP);
    diary.send();
    diary.receive(ack(one, ENOBUFS)).overrun();
    expect(diary.send()).to.deep.equal([]);
    diary.receive(part(one, 1), done(one));
    expect(diary.lines).to.deep.equal(['one 1', 'one complete']);
  });

  it('forgets what nobody waits for, but drains a dump that runs', () => {
    const diary = new Diary();
    const running = diary.submit('running', DUMP);
    const a = diary.submit('a');
    diary.send();
    diary.receive(part(running, 1));
    for (const request of [running, a]) diary.exchange.abandon(request);
    diary.overrun();
    expect(diary.load).to.deep.equal({ inFlight: 1, waiting: 0, owed: 0 });
    diary.receive(done(running));
    const unseen = diary.submit('unseen', DUMP);
    diary.send();
    diary.exchange.abandon(unseen);
    diary.overrun();
    expect(diary.send(), 'it is not sent again for nobody').to.deep.equal([]);
    expect(diary.load).to.deep.equal(IDLE);
    expect(diary.lines).to.deep.equal(['running 1']);
  });
});

describe('Exchange: the end', () => {
  it('hands back everybody who waits, the last of a datagram for all of it, and starts anew', () => {
    const diary = new Diary({ window: 848 });
    const dump = diary.submit('dump', DUMP);
    diary.submit('queued dump', DUMP);
    const cancelled = diary.submit('cancelled');
    diary.submit('waiting');
    diary.datagram('x', 'y');
    diary.send();
    diary.receive(ack(dump, EBUSY));
    diary.exchange.abandon(cancelled);
    const contexts = diary.exchange.clear().map(({ context }) => context);
    expect(contexts).to.have.members(['dump', 'queued dump', 'waiting', 'y']);
    expect(diary.load).to.deep.equal(IDLE);
    diary.submit('new dump', DUMP);
    expect(diary.send(), 'no EBUSY of the past holds it back').to.deep.equal(['new dump']);
  });

  it('takes late replies to the past for strays, and cancels of the past for nothing', () => {
    const diary = new Diary();
    const a = diary.submit('a');
    diary.send();
    diary.exchange.clear();
    diary.exchange.abandon(a);
    diary.receive(ack(a));
    expect(diary.lines).to.deep.equal(['stray']);
    expect(diary.load).to.deep.equal(IDLE);
    expect(a.portId).to.equal(PORT);
  });
});
