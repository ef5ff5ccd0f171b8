import { expect } from 'chai';
import { Subject, lastValueFrom, takeUntil, toArray } from 'rxjs';
import { useFakeTimers, type SinonFakeTimers } from 'sinon';
import {
  MessageFlags,
  OverrunError,
  SocketClosedError,
  iterateMessages,
  netlink,
  type BatchResult,
  type MessageInit,
  type NetlinkError,
} from '../../lib/index.js';
import { ack, errorReply, fakeKernel } from '../../lib/testing/index.js';

const messages = (count: number): MessageInit[] =>
  Array.from({ length: count }, (_, index) => ({ type: 24, payload: Uint8Array.of(index & 255, index >> 8, 0, 0) }));
const byIndex = (one: BatchResult, other: BatchResult) => one.index - other.index;

describe('batch()', () => {
  it('sends many requests in one datagram, with an ack only on the last', async () => {
    const kernel = fakeKernel();
    const socket = netlink({ protocol: 0, transport: kernel });
    const results = await lastValueFrom(socket.batch(messages(50)).pipe(toArray()));
    expect(results).to.deep.equal(Array.from({ length: 50 }, (_, index) => ({ index, replies: [] })));
    expect(kernel.datagrams).to.have.length(1);
    const flags = [...iterateMessages(kernel.datagrams[0]!)].map((message) => message.flags);
    expect(flags.slice(0, -1)).to.deep.equal(new Array(49).fill(MessageFlags.Request));
    expect(flags.at(-1)).to.equal(MessageFlags.Request | MessageFlags.Ack);
  });

  it('splits requests into datagrams whose errors fit into half of the receive queue', async () => {
    const kernel = fakeKernel(() => errorReply('EEXIST'));
    const socket = netlink({ protocol: 0, transport: kernel });
    const results = await lastValueFrom(socket.batch(messages(1000)).pipe(toArray()));
    expect(results.every((result) => 'error' in result && result.error.code === 'EEXIST')).to.equal(true);
    expect(socket.counters.overruns).to.equal(0);
    for (const datagram of kernel.datagrams) {
      expect([...iterateMessages(datagram)].length * 832).to.be.at.most(212_992 / 2);
    }
  });

  it('emits each error with its index and continues after it', async () => {
    const refused = new Set([0, 7, 49]);
    const kernel = fakeKernel((_, { index }) => (refused.has(index) ? errorReply('EEXIST', { message: 'no' }) : undefined));
    const socket = netlink({ protocol: 0, transport: kernel });
    const results = (await lastValueFrom(socket.batch(messages(50)).pipe(toArray()))).sort(byIndex);
    expect(results.map(({ index }) => index)).to.deep.equal(Array.from({ length: 50 }, (_, index) => index));
    expect(results.filter((result) => 'error' in result).map(({ index }) => index)).to.deep.equal([...refused]);
    const [first] = results;
    expect(first !== undefined && 'error' in first && String(first.error)).to.equal('KernelError: EEXIST newroute: no');
  });

  it('emits the only error of a datagram whose replies were read right after sending', async () => {
    const kernel = fakeKernel((_, { index }) => (index === 3 ? errorReply('EEXIST') : undefined));
    const socket = netlink({ protocol: 0, transport: kernel });
    const results = await lastValueFrom(socket.batch(messages(10)).pipe(toArray()));
    expect(results.flatMap((result) => ('error' in result ? [[result.index, result.error.code]] : []))).to.deep.equal([[3, 'EEXIST']]);
    expect(socket.counters.strays).to.equal(0);
  });

  it('emits outcomes, replies and errors in the order of the requests', async () => {
    const kernel = fakeKernel((_, { index }) =>
      index % 3 === 0 ? errorReply('EEXIST') : index % 3 === 1 ? [{ type: 16 }, ack()] : undefined,
    );
    const socket = netlink({ protocol: 0, transport: kernel });
    const results = await lastValueFrom(socket.batch(messages(300)).pipe(toArray()));
    expect(results.map(({ index }) => index)).to.deep.equal(Array.from({ length: 300 }, (_, index) => index));
    expect(results.slice(0, 3).map((result) => ('error' in result ? result.error.code : result.replies.length))).to.deep.equal([
      'EEXIST',
      1,
      0,
    ]);
  });

  it('assigns errors to their requests when some have a sequence number of their own', async () => {
    // The other requests get the numbers after the first assigned one.
    const kernel = fakeKernel(({ payload }) => (payload[0] === 5 || payload[0] === 7 ? errorReply('EEXIST') : undefined));
    const socket = netlink({ protocol: 0, transport: kernel });
    using lease = socket.connect();
    expect(lease.closed).to.equal(false);
    await lastValueFrom(socket.request({ type: 24, payload: new Uint8Array(4) }).pipe(toArray()));
    const near = kernel.requests[0]!.sequence + 4;
    const given = messages(10).map((message, index) =>
      index === 7 || index === 8 ? { ...message, sequence: (near + index - 7) >>> 0 } : message,
    );
    const results = await lastValueFrom(socket.batch(given).pipe(toArray()));
    expect(results.map((result) => 'error' in result)).to.deep.equal(
      [5, 7].reduce((all, index) => all.with(index, true), new Array<boolean>(10).fill(false)),
    );
    const sequences = kernel.requests.slice(1).map(({ sequence }) => sequence);
    expect(new Set(sequences).size).to.equal(10);
    expect([sequences[7], sequences[8]]).to.deep.equal([near, near + 1]);
  });

  it('assigns no sequence number twice when the last request has one of its own', async () => {
    const kernel = fakeKernel(({ payload }) => (payload[0] === 1 ? errorReply('EEXIST') : undefined));
    const socket = netlink({ protocol: 0, transport: kernel });
    using lease = socket.connect();
    expect(lease.closed).to.equal(false);
    const { sequence } = socket.send({ type: 24, payload: new Uint8Array(4) });
    const given = messages(4).map((message, index) => (index === 3 ? { ...message, sequence: (sequence + 2) >>> 0 } : message));
    const results = await lastValueFrom(socket.batch(given).pipe(toArray()));
    expect(results.map((result) => 'error' in result)).to.deep.equal([false, true, false, false]);
    expect(new Set(kernel.requests.map((request) => request.sequence)).size).to.equal(5);
  });

  it('stops the iterator and sends nothing when it is unsubscribed while it reads a message', () => {
    const kernel = fakeKernel();
    const socket = netlink({ protocol: 0, transport: kernel });
    using lease = socket.connect();
    expect(lease.closed).to.equal(false);
    const done = new Subject<void>();
    let taken = 0;
    let ended = false;
    const source = function* (): Generator<MessageInit> {
      try {
        for (;;) {
          if (++taken === 5) done.next();
          yield { type: 24 };
        }
      } finally {
        ended = true;
      }
    };
    socket.batch(source()).pipe(takeUntil(done)).subscribe();
    expect({ taken, ended }).to.deep.equal({ taken: 5, ended: true });
    expect(kernel.datagrams).to.have.length(0);
  });

  it('reads its messages when they are needed, and completes for an empty list', async () => {
    let taken = 0;
    const endless = function* (): Generator<MessageInit> {
      for (;;) {
        taken++;
        yield { type: 24 };
      }
    };
    const socket = netlink({ protocol: 0, transport: fakeKernel(() => []) });
    socket.batch(endless()).subscribe({ error: () => undefined });
    expect(taken).to.be.within(1, 200);
    socket.close();
    const other = netlink({ protocol: 0, transport: fakeKernel() });
    expect(await lastValueFrom(other.batch([]).pipe(toArray()))).to.deep.equal([]);
  });

  it('emits an overrun for each request without an outcome, and continues', async () => {
    const kernel = fakeKernel((_, { index }) => (index < 10 ? [] : undefined));
    const socket = netlink({ protocol: 0, transport: kernel });
    const pending = lastValueFrom(socket.batch(messages(10)).pipe(toArray()));
    kernel.overrun({ dropped: 3 });
    const results = (await pending).sort(byIndex);
    expect(results).to.have.length(10);
    for (const result of results) expect('error' in result && result.error).to.be.instanceOf(OverrunError);
  });

  it('ends with SocketClosedError when the socket is closed', async () => {
    const socket = netlink({ protocol: 0, transport: fakeKernel(() => []) });
    const ended = lastValueFrom(socket.batch(messages(3))).catch((error: unknown) => error);
    socket.close();
    expect(await ended).to.be.instanceOf(SocketClosedError);
  });

  it('emits no success for a request without a reply when the socket is closed', () => {
    const outcomes = (paused: boolean): unknown[] => {
      const socket = netlink({ protocol: 0, transport: fakeKernel(() => []) });
      const seen: unknown[] = [];
      using lease = socket.connect();
      expect(lease.closed).to.equal(false);
      if (paused) socket.pause();
      socket.batch(messages(3)).subscribe({ next: (result) => seen.push(result), error: (error: NetlinkError) => seen.push(error.code) });
      socket.close();
      return seen;
    };
    expect(outcomes(false)).to.deep.equal(['EBADF']);
    expect(outcomes(true)).to.deep.equal(['EBADF']);
  });

  it('rejects dumps and messages that begin or end a transaction before they are sent', async () => {
    const kernel = fakeKernel();
    const errorOf = (protocol: number, message: MessageInit) =>
      lastValueFrom(netlink({ protocol, transport: kernel }).batch([message])).catch((error: unknown) => String(error));
    expect(await errorOf(0, { type: 18, flags: MessageFlags.Dump })).to.equal(
      'TypeError: batch: message 0 (getlink) is a dump; send it with request()',
    );
    expect(await errorOf(12, { type: 16 })).to.match(/^TypeError: batch: message 0 begins or ends an nfnetlink transaction/);
    expect(kernel.requests).to.have.length(0);
  });
});

describe('batch() on an open socket', () => {
  let clock: SinonFakeTimers;
  beforeEach(() => {
    clock = useFakeTimers({ toFake: ['Date'] });
  });
  afterEach(() => {
    clock.restore();
  });

  it('is answered in the call that sends it, if that takes no longer than a turn may', () => {
    const kernel = fakeKernel();
    const socket = netlink({ protocol: 0, transport: kernel });
    const lease = socket.connect();
    let answered = 0;
    socket.batch(messages(300)).subscribe(() => answered++);
    expect(answered).to.equal(300);
    expect(kernel.requests).to.have.length(300);
    lease.unsubscribe();
  });

  it('sends a datagram a turn when the kernel takes long', async () => {
    const kernel = fakeKernel(() => {
      clock.setSystemTime(Date.now() + 1);
      return undefined;
    });
    const socket = netlink({ protocol: 0, transport: kernel });
    const lease = socket.connect();
    let turns = 0;
    const count = (): void => {
      turns++;
      timer = setImmediate(count);
    };
    let timer = setImmediate(count);
    const end = lastValueFrom(socket.batch(messages(2000)).pipe(toArray()));
    const first = kernel.requests.length;
    expect(first).to.be.within(100, 200);
    expect(await end).to.have.length(2000);
    clearImmediate(timer);
    expect(turns).to.be.at.least(2000 / first - 2);
    lease.unsubscribe();
  });

  it('is sent when it is subscribed to, also in a turn that has read its share of replies', async () => {
    const kernel = fakeKernel(() => {
      clock.setSystemTime(Date.now() + 1);
      return undefined;
    });
    const socket = netlink({ protocol: 0, transport: kernel });
    const lease = socket.connect();
    await lastValueFrom(socket.batch(messages(10)));
    const end = lastValueFrom(socket.batch(messages(10)));
    expect(kernel.requests).to.have.length(20);
    await end;
    lease.unsubscribe();
  });

  it('sends nothing after it was unsubscribed while the socket was paused', async () => {
    const kernel = fakeKernel();
    const socket = netlink({ protocol: 0, transport: kernel });
    const lease = socket.connect();
    const subscription = socket.batch(messages(300)).subscribe(() => {
      socket.pause();
    });
    const sent = kernel.requests.length;
    subscription.unsubscribe();
    socket.resume();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(kernel.requests).to.have.length(sent).and.have.length.below(300);
    lease.unsubscribe();
  });
});
