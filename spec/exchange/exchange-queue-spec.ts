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

  it('sends no more than fits the window, and the rest when replies arrive', () => {
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

  it('sends a request that is larger than the window, alone', () => {
    const diary = new Diary({ window: 100 });
    const a = diary.submit('a');
    diary.submit('b');
    expect(diary.send()).to.deep.equal(['a']);
    diary.receive(ack(a));
    expect(diary.send()).to.deep.equal(['b']);
  });

  it('keeps the order when a later request would fit the window', () => {
    const diary = new Diary({ window: 848 + 848 });
    const a = diary.submit('a');
    diary.submit('large', GET);
    diary.submit('small');
    expect(diary.send()).to.deep.equal(['a']);
    diary.receive(ack(a));
    expect(diary.send()).to.deep.equal(['large']);
  });

  it('uses a changed window', () => {
    const diary = new Diary({ window: 0 });
    for (const name of ['a', 'b', 'c']) diary.submit(name);
    expect(diary.send()).to.deep.equal(['a']);
    diary.exchange.window = 10_000;
    expect(diary.send()).to.deep.equal(['b', 'c']);
  });

  it('counts a datagram as one waiting request with the cost of all its messages', () => {
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

  it('counts no cost for requests without a reply', () => {
    const diary = new Diary({ protocol: Protocol.Connector, window: 1000 });
    for (let count = 0; count < 40; count++) diary.submit('a', { type: 3 });
    expect(diary.send()).to.have.length(40);
    diary.exchange.submitDatagram(entriesOf(['x', 'y'], [{ type: 3 }, { type: 3 }]));
    expect(diary.send()).to.deep.equal(['y']);
    expect(diary.load).to.deep.equal(IDLE);
  });
});

describe('Exchange: the dump queue', () => {
  it('runs one dump at a time, in order, and sends other requests meanwhile', () => {
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

  it('sends the next dump after a rejected one', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP);
    diary.submit('two', DUMP);
    diary.send();
    diary.receive(ack(one, -22));
    expect(diary.send()).to.deep.equal(['two']);
  });

  it('reads an abandoned dump to its end before it starts the next', () => {
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

  it('holds dumps back while another dump runs on the socket, and hides EBUSY', () => {
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

  it('removes an abandoned dump that was rejected with EBUSY', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP);
    diary.send();
    diary.exchange.abandon(one);
    diary.receive(ack(one, EBUSY));
    expect(diary.load).to.deep.equal(IDLE);
    diary.submit('two', DUMP);
    expect(diary.send()).to.deep.equal(['two']);
  });

  it('ends an undetected dump when the queue is empty', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP, { dump: false });
    diary.send();
    diary.receive(part(one, 1)).drain().receive(part(one, 2), done(one)).drain();
    expect(diary.lines).to.deep.equal(['one 1', 'one 2', 'one complete']);
    expect(diary.load).to.deep.equal(IDLE);
  });

  it('fails an undetected dump that was interrupted', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP, { dump: false });
    diary.send();
    diary.receive(part(one, 1, DumpInterrupted), done(one)).drain();
    expect(diary.lines).to.deep.equal(['one 1', 'one EINTR']);
  });

  it('does not end requests without a reply at an empty queue', () => {
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
  it('fails sent requests, but neither a running dump nor waiting requests', () => {
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

  it('fails each request of a datagram without a reply', () => {
    const diary = new Diary();
    const last = diary.datagram('x', 'y', 'z');
    diary.send();
    diary.receive(ack(memberOf(last, 1), -22)).overrun();
    expect(diary.lines).to.deep.equal(['y EINVAL', 'x lost', 'z lost']);
    expect(diary.load).to.deep.equal(IDLE);
  });

  it('sends a dump without a reply again, before other dumps and with its number', () => {
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

  it('continues the dump when the second one is rejected with EBUSY', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP);
    diary.send();
    diary.overrun();
    diary.send();
    diary.receive(ack(one, EBUSY), part(one, 1)).drain().receive(done(one));
    expect(diary.lines).to.deep.equal(['one 1', 'one complete']);
    expect(diary.load).to.deep.equal(IDLE);
  });

  it('sends it a third time when no reply follows EBUSY, because another dump was running', () => {
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

  it('sends it a third time also after another overrun', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP);
    diary.send();
    diary.overrun();
    diary.send();
    diary.receive(ack(one, ENOBUFS), ack(one, EBUSY)).overrun();
    expect(diary.send()).to.deep.equal(['one']);
  });

  it('ignores the EBUSY of an earlier attempt', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP);
    diary.send();
    diary.receive(ack(one, EBUSY));
    diary.exchange.releaseDumps();
    diary.send();
    diary.overrun();
    expect(diary.send()).to.deep.equal(['one']);
  });

  it('treats ENOBUFS as a started dump, because parts and DONE follow', () => {
    const diary = new Diary();
    const one = diary.submit('one', DUMP);
    diary.send();
    diary.receive(ack(one, ENOBUFS)).overrun();
    expect(diary.send()).to.deep.equal([]);
    diary.receive(part(one, 1), done(one));
    expect(diary.lines).to.deep.equal(['one 1', 'one complete']);
  });

  it('removes abandoned requests, but reads a running dump to its end', () => {
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
    expect(diary.send(), 'an abandoned dump is not sent again').to.deep.equal([]);
    expect(diary.load).to.deep.equal(IDLE);
    expect(diary.lines).to.deep.equal(['running 1']);
  });
});

describe('Exchange: clear()', () => {
  it('returns all requests that are not abandoned, a datagram by its last, and starts again', () => {
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
    expect(diary.send(), 'an earlier EBUSY does not hold it back').to.deep.equal(['new dump']);
  });

  it('treats late replies to earlier requests as strays, and ignores their cancellation', () => {
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
