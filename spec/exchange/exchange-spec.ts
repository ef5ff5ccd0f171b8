import { expect } from 'chai';
import { MessageFlags } from '../../lib/wire/index.js';
import { ack, done, part, row, type OriginInit } from '../support/messages.js';
import { Diary, entriesOf, memberOf, DO, DUMP, GET, IDLE, PORT, Trust } from './support.js';

const GROUP: OriginInit = { group: 1 };

describe('Exchange: matching replies', () => {
  it('assigns interleaved replies by their sequence numbers', () => {
    const diary = new Diary();
    const [a, b] = [diary.submit('a', GET), diary.submit('b', GET)];
    const dump = diary.submit('dump', DUMP);
    diary.send();
    diary.receive(part(dump, 1), row(b, 2), row(a, 3), ack(b), part(dump, 4), ack(a), done(dump));
    expect(diary.lines).to.deep.equal(['dump 1', 'b 2', 'a 3', 'b complete', 'dump 4', 'a complete', 'dump complete']);
    expect(diary.load).to.deep.equal(IDLE);
  });

  it('treats messages after the end of a request as strays', () => {
    const diary = new Diary();
    const a = diary.submit('a', GET);
    diary.send();
    diary.receive(ack(a), ack(a), row(a));
    expect(diary.lines).to.deep.equal(['a complete', 'stray', 'stray']);
  });

  const matches: readonly [string, number, OriginInit, number, boolean][] = [
    ['a reply', 0, {}, PORT, true],
    ['a reply with port ID 0, as audit sends it', 0, {}, 0, true],
    ['a reply to another socket', 0, {}, PORT + 1, false],
    ['a reply that a process forged', 0, { from: 4711 }, PORT, false],
    ['the notification of its own change', 0, GROUP, PORT, false],
    ['the echo of its own change', MessageFlags.Echo, GROUP, PORT, true],
    ['the echo of its own change, to a group above 32', MessageFlags.Echo, { group: 40 }, PORT, true],
    ['an echo that a process forged', MessageFlags.Echo, { group: 1, from: 4711 }, PORT, false],
    ['the echo for another socket', MessageFlags.Echo, GROUP, PORT + 1, false],
    ['an event of another namespace that carries its port ID', 0, { nsid: 5 }, PORT, false],
    ['such an event when the request has the echo flag', MessageFlags.Echo, { nsid: 5, group: 1 }, PORT, false],
    ['a message that may be multicast', 0, { unsure: true }, PORT, false],
  ];
  for (const [name, flags, from, portId, expected] of matches) {
    it(`${expected ? 'accepts' : 'rejects'} ${name}`, () => {
      const diary = new Diary();
      const { sequence } = diary.submit('a', { ...DO, flags });
      diary.send();
      diary.receive(row({ sequence: sequence === 0 ? 1 : sequence, portId }, 7, 0, from));
      expect(diary.lines).to.deep.equal([expected ? 'a 7' : 'stray']);
    });
  }

  it('does not accept sequence number 0 as a reply', () => {
    const diary = new Diary();
    const a = diary.submit('a', { ...GET, sequence: 0 });
    diary.send();
    diary.receive(row({ sequence: 0, portId: PORT }), row({ sequence: 0, portId: 0 }));
    expect(diary.lines).to.deep.equal(['stray', 'stray']);
    expect(a.sequence, '0 means no number').to.equal(1);
  });

  it('finds the request by sequence number and port ID alone', () => {
    const diary = new Diary();
    const a = diary.submit('a');
    diary.send();
    const { exchange } = diary;
    expect(exchange.matchHeader(a.sequence, PORT, Trust.Reply)).to.equal(a);
    expect(exchange.matchHeader(a.sequence, PORT, Trust.Echo)).to.equal(undefined);
    expect(exchange.matchHeader(a.sequence, PORT, Trust.None)).to.equal(undefined);
    expect(exchange.matchHeader(a.sequence + 1, PORT, Trust.Reply)).to.equal(undefined);
  });

  // Linux 6.18: rtnetlink replies with the port of the socket, a route lookup with the port of the request.
  it('accepts replies to its socket also when the request has another port ID', () => {
    const diary = new Diary();
    const a = diary.submit('a', { ...GET, portId: 77 });
    diary.send();
    diary.receive(row({ sequence: a.sequence, portId: 77 }, 1), row({ sequence: a.sequence, portId: PORT }, 2));
    diary.receive(ack({ sequence: a.sequence, portId: PORT }), ack({ sequence: a.sequence, portId: PORT }));
    expect(diary.lines).to.deep.equal(['a 1', 'a 2', 'a complete', 'stray']);
  });
});

describe('Exchange: sequence numbers', () => {
  it('assigns the next number, also at the wrap, and skips 0', () => {
    const diary = new Diary({ firstSequence: 0xffff_fffe });
    const requests = ['a', 'b', 'c'].map((name) => diary.submit(name));
    diary.send();
    expect(requests.map(({ sequence }) => sequence)).to.deep.equal([0xffff_fffe, 0xffff_ffff, 1]);
  });

  it('assigns no number to a waiting request', () => {
    const diary = new Diary({ window: 0 });
    diary.submit('a');
    const b = diary.submit('b');
    diary.send();
    expect(b.sequence).to.equal(0);
  });

  it('skips numbers in flight', () => {
    const diary = new Diary();
    diary.submit('a', { ...DO, sequence: 2 });
    const b = diary.submit('b');
    const c = diary.submit('c');
    diary.send();
    expect([b.sequence, diary.exchange.takeSequence(), c.sequence]).to.deep.equal([1, 4, 3]);
  });

  it('holds a request with its own number back while another in flight has it', () => {
    const diary = new Diary();
    const a = diary.submit('a', { ...GET, sequence: 9 });
    const b = diary.submit('b', { ...GET, sequence: 9 });
    expect(diary.send()).to.deep.equal(['a']);
    diary.receive(row(a, 1), ack(a));
    expect(diary.send()).to.deep.equal(['b']);
    diary.receive(row(b, 2), ack(b));
    expect(diary.lines).to.deep.equal(['a 1', 'a complete', 'b 2', 'b complete']);
    expect(diary.load).to.deep.equal(IDLE);
  });

  it('holds a dump and a datagram with such a number back', () => {
    const diary = new Diary();
    const a = diary.submit('a', { ...DO, sequence: 9 });
    diary.submit('dump', { ...DUMP, sequence: 9 });
    expect(diary.send()).to.deep.equal(['a']);
    diary.exchange.submitDatagram(
      entriesOf(
        ['9', '10'],
        [9, 10].map((sequence) => ({ ...DO, sequence })),
      ),
    );
    expect(diary.send()).to.deep.equal([]);
    diary.receive(ack(a));
    expect(diary.send()).to.deep.equal(['dump']);
  });

  it('rejects a datagram that uses a number twice', () => {
    const diary = new Diary();
    const twice = [9, 9].map((sequence) => ({ ...DO, sequence }));
    expect(() => diary.exchange.submitDatagram(entriesOf(['x', 'y'], twice))).to.throw(RangeError, 'sequence number 9');
    expect(diary.load).to.deep.equal(IDLE);
  });

  it('accepts a large datagram of numbered requests in linear time', function () {
    // 800 million comparisons would exceed the time limit, also under an emulator.
    this.timeout(2000);
    const diary = new Diary();
    const many = Array.from({ length: 40_000 }, (_, index) => ({ ...DO, sequence: index + 1 }));
    diary.exchange.submitDatagram(entriesOf(['x'], many));
    expect(diary.exchange.waiting).to.equal(1);
  });
});

describe('Exchange: datagrams of several requests', () => {
  it('requests an ack only on the last, and numbers them in order', () => {
    const diary = new Diary();
    const last = diary.datagram('x', 'y', 'z');
    diary.send();
    const all = [...diary.exchange.unfold(last), last];
    expect(all.map(({ traits }) => traits.flags & MessageFlags.Ack)).to.deep.equal([0, 0, MessageFlags.Ack]);
    expect(all.map(({ sequence }) => sequence)).to.deep.equal([1, 2, 3]);
  });

  it('ends all requests without an error at the ack of the last', () => {
    const diary = new Diary();
    const last = diary.datagram('x', 'y', 'z');
    diary.send();
    const [x, y] = [memberOf(last, 0), memberOf(last, 1)];
    diary.receive(row(x, 5), ack(y, -17), ack(last));
    expect(diary.lines).to.deep.equal(['x 5', 'y EEXIST', 'z complete', 'x complete']);
    expect(diary.load).to.deep.equal(IDLE);
  });

  it('ends them also when the last is rejected', () => {
    const diary = new Diary();
    const last = diary.datagram('x', 'y');
    diary.send();
    diary.receive(ack(last, -22));
    expect(diary.lines).to.deep.equal(['y EINVAL', 'x complete']);
    expect(diary.load).to.deep.equal(IDLE);
  });

  it('does not end at a DONE in the middle', () => {
    const diary = new Diary();
    const last = diary.datagram('x', 'y');
    diary.send();
    diary.receive(part(memberOf(last, 0), 1), done(memberOf(last, 0)), ack(last));
    expect(diary.lines).to.deep.equal(['x 1', 'y complete', 'x complete']);
  });

  it('skips numbers in flight, and reserves its own', () => {
    const diary = new Diary();
    const a = diary.submit('a', { ...DO, sequence: 3 });
    diary.send();
    const last = diary.datagram('x', 'y', 'z');
    const b = diary.submit('b', { ...DO, sequence: 5 });
    expect(diary.send()).to.deep.equal(['z']);
    expect([memberOf(last, 0).sequence, memberOf(last, 1).sequence, last.sequence]).to.deep.equal([4, 5, 6]);
    diary.receive(ack(last), ack(a));
    expect(diary.send()).to.deep.equal(['b']);
    diary.receive(ack(b));
    expect(diary.load).to.deep.equal(IDLE);
  });

  it('does not accept its own notification as a reply unless it has the echo flag', () => {
    const diary = new Diary();
    const inits = [DO, { ...DO, flags: MessageFlags.Echo }, DO];
    const last = diary.exchange.submitDatagram(entriesOf(['x', 'y', 'z'], inits));
    diary.send();
    diary.receive(row(memberOf(last, 0), 1, 0, { group: 1 }), row(memberOf(last, 1), 2, 0, { group: 1 }), ack(last));
    expect(diary.lines).to.deep.equal(['stray', 'y 2', 'z complete']);
    expect(diary.load).to.deep.equal(IDLE);
  });

  it('reports an error once: later messages with its number are strays', () => {
    const diary = new Diary();
    const last = diary.datagram('x', 'y');
    diary.send();
    diary.receive(ack(memberOf(last, 0), -17), row(memberOf(last, 0), 1), ack(last), row(memberOf(last, 0), 1));
    expect(diary.lines).to.deep.equal(['x EEXIST', 'stray', 'y complete', 'stray']);
  });

  it('is abandoned completely with its last request', () => {
    const diary = new Diary();
    const last = diary.datagram('x', 'y');
    diary.send();
    diary.exchange.abandon(last);
    diary.drain();
    expect(diary.load).to.deep.equal(IDLE);
    expect(diary.lines).to.deep.equal([]);
  });

  it('is withdrawn completely when it could not be sent', () => {
    const diary = new Diary();
    const last = diary.datagram('x', 'y');
    diary.send();
    diary.exchange.withdraw(last);
    expect(diary.load).to.deep.equal(IDLE);
    diary.receive(ack(last));
    expect(diary.lines).to.deep.equal(['stray']);
  });

  it('throws when the datagram is empty', () => {
    expect(() => new Diary().datagram()).to.throw(RangeError);
  });
});

describe('Exchange: transactions', () => {
  it('end when the queue is empty, not before', () => {
    const diary = new Diary();
    diary.transaction('begin', 'a', 'end');
    diary.send();
    expect(diary.lines).to.deep.equal([]);
    diary.drain();
    expect(diary.lines).to.deep.equal(['end complete', 'begin complete', 'a complete']);
    expect(diary.load).to.deep.equal(IDLE);
  });

  it('do not request an ack', () => {
    const diary = new Diary();
    const last = diary.transaction('begin', 'end');
    diary.send();
    expect([...diary.exchange.unfold(last), last].map(({ traits }) => traits.flags)).to.deep.equal([
      MessageFlags.Request,
      MessageFlags.Request,
    ]);
  });

  it('report each error before the end', () => {
    const diary = new Diary();
    const last = diary.transaction('begin', 'a', 'b', 'end');
    diary.send();
    const [begin, a, b] = [0, 1, 2].map((index) => memberOf(last, index));
    diary.receive(ack(a!, -17), ack(b!), ack(begin!, -85)).drain();
    expect(diary.lines).to.deep.equal(['a EEXIST', 'b complete', 'begin ERESTART', 'end complete']);
    expect(diary.load).to.deep.equal(IDLE);
  });

  it('fail in an overrun, because their errors may be lost', () => {
    const diary = new Diary();
    diary.transaction('begin', 'end');
    diary.send();
    diary.overrun();
    expect(diary.lines).to.deep.equal(['begin lost', 'end lost']);
    expect(diary.load).to.deep.equal(IDLE);
  });

  it('keep no state after they are abandoned', () => {
    const diary = new Diary();
    const last = diary.transaction('begin', 'end');
    diary.send();
    diary.exchange.abandon(last);
    diary.drain();
    expect(diary.lines).to.deep.equal([]);
    expect(diary.load).to.deep.equal(IDLE);
  });
});

describe('Exchange: abandoned requests', () => {
  it('are not sent if they still wait', () => {
    const diary = new Diary({ window: 0 });
    diary.submit('a');
    const b = diary.submit('b');
    const dump = diary.submit('dump', DUMP);
    const dump2 = diary.submit('dump2', DUMP);
    diary.send();
    for (const request of [b, dump, dump2]) diary.exchange.abandon(request);
    expect(diary.load).to.deep.equal({ inFlight: 1, waiting: 0, owed: 848 });
  });

  it('keep their share of the window until the reply arrives', () => {
    const diary = new Diary({ window: 848 });
    const a = diary.submit('a');
    diary.submit('b');
    diary.send();
    diary.exchange.abandon(a);
    expect(diary.send()).to.deep.equal([]);
    diary.receive(ack(a));
    expect(diary.send()).to.deep.equal(['b']);
    expect(diary.lines).to.deep.equal([]);
  });

  it('keep their share of the window until the queue is empty', () => {
    const diary = new Diary({ window: 848 });
    const a = diary.submit('a');
    diary.submit('b');
    diary.send();
    diary.exchange.abandon(a);
    diary.drain();
    expect(diary.send()).to.deep.equal(['b']);
  });
});
