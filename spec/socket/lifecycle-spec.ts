import { expect } from 'chai';
import { Observable, lastValueFrom, retry, toArray } from 'rxjs';
import { MessageFlags, SocketClosedError, netlink, type Message } from '../../lib/index.js';
import { ack, fakeKernel, multipart, notification } from '../../lib/testing/index.js';

const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
const errorOf = (source: { subscribe(observer: { error(error: unknown): void }): unknown }) =>
  new Promise<unknown>((resolve) => source.subscribe({ error: resolve }));

describe('lifecycle of a socket', () => {
  it('does not open before the first subscription', () => {
    const kernel = fakeKernel();
    const socket = netlink({ protocol: 0, transport: kernel });
    expect({ open: socket.isOpen, opened: kernel.opened }).to.deep.equal({ open: false, opened: 0 });
  });

  it('opens at the first subscription and closes one turn after the last', async () => {
    const kernel = fakeKernel();
    const socket = netlink({ protocol: 0, transport: kernel });
    const first = socket.subscribe();
    const second = socket.datagrams.subscribe();
    expect(kernel.opened).to.equal(1);
    first.unsubscribe();
    second.unsubscribe();
    expect(socket.isOpen).to.equal(true);
    await turn();
    expect(socket.isOpen).to.equal(false);
  });

  it('keeps the descriptor when retry resubscribes within the turn', async () => {
    const kernel = fakeKernel();
    const socket = netlink({ protocol: 0, transport: kernel });
    let attempts = 0;
    const subscription = new Observable<Message>((subscriber) => {
      const inner = socket.multicast(1).subscribe(subscriber);
      if (++attempts < 5) queueMicrotask(() => subscriber.error(new Error('again')));
      return inner;
    })
      .pipe(retry(10))
      .subscribe();
    await turn();
    expect({ attempts, opened: kernel.opened, groups: socket.memberships() }).to.deep.equal({ attempts: 5, opened: 1, groups: [1] });
    subscription.unsubscribe();
    await turn();
    expect(socket.isOpen).to.equal(false);
  });

  it('stays open while a lease holds it', async () => {
    const socket = netlink({ protocol: 0, transport: fakeKernel() });
    const lease = socket.connect();
    await lastValueFrom(socket.request({ type: 19 }).pipe(toArray()));
    await turn();
    expect(socket.isOpen).to.equal(true);
    lease[Symbol.dispose]();
    await turn();
    expect(socket.isOpen).to.equal(false);
  });

  it('ends every stream, request and lease with SocketClosedError at close(), and does not open again', async () => {
    const kernel = fakeKernel(() => []);
    const socket = netlink({ protocol: 0, transport: kernel });
    const lease = socket.connect();
    const ends = [socket, socket.datagrams, socket.multicast(3), socket.request({ type: 18 }), socket.batch([{ type: 19 }])].map(errorOf);
    socket.close();
    socket.close();
    for (const error of await Promise.all(ends))
      expect(error).to.be.instanceOf(SocketClosedError).and.include({ reason: 'closed', code: 'EBADF' });
    expect(lease.closed).to.equal(true);
    expect(() => socket.connect()).to.throw(SocketClosedError);
    expect(await errorOf(socket)).to.be.instanceOf(SocketClosedError);
    expect(kernel.opened).to.equal(1);
  });

  it('counts no stray after close() in the middle of a datagram', async () => {
    const kernel = fakeKernel(({ flags }) =>
      (flags & MessageFlags.Dump) === 0 ? [{ type: 16 }, ack()] : multipart(Array.from({ length: 20 }, () => ({ type: 16 }))),
    );
    for (const flags of [0, MessageFlags.Dump]) {
      const socket = netlink({ protocol: 0, transport: kernel });
      let seen = 0;
      const ended = new Promise<unknown>((resolve) => {
        const next = (): void => {
          seen++;
          socket.close();
        };
        socket.request({ type: 18, flags }).subscribe({ next, error: resolve });
      });
      expect(await ended).to.be.instanceOf(SocketClosedError);
      await turn();
      expect({ seen, strays: socket.counters.strays }).to.deep.equal({ seen: 1, strays: 0 });
    }
  });

  it('emits an opening error to the subscriber, and throws it from connect()', async () => {
    const kernel = fakeKernel();
    const socket = netlink({ protocol: 0, transport: kernel });
    kernel.failOpen('EPERM', 3);
    expect(await errorOf(socket)).to.include({ code: 'EPERM', operation: 'open' });
    expect(await errorOf(socket.request({ type: 18 }))).to.include({ code: 'EPERM' });
    expect(() => socket.connect()).to.throw('EPERM');
    expect(socket.isOpen).to.equal(false);
    socket.connect().unsubscribe();
  });

  it('throws SocketClosedError from getters while it is closed', () => {
    const socket = netlink({ protocol: 0, transport: fakeKernel() });
    const questions: readonly (() => unknown)[] = [
      () => socket.portId,
      () => socket.fd,
      () => socket.drops,
      () => socket.receiveBufferSize,
      () => socket.sendBufferSize,
      () => socket.memberships(),
      () => socket.getOption('packetInfo'),
      () => socket.send({ type: 1 }),
    ];
    for (const ask of questions) expect(ask).to.throw(SocketClosedError, 'not open');
  });

  it('applies options that were set while closed at every opening', async () => {
    const socket = netlink({ protocol: 0, transport: fakeKernel() });
    socket.setOption('noEnobufs', true);
    socket.receiveBufferSize = 50_000;
    socket.joinGroup(7);
    for (let opening = 0; opening < 2; opening++) {
      const lease = socket.connect();
      expect(socket.getOption('noEnobufs')).to.equal(true);
      expect(socket.receiveBufferSize).to.equal(100_000);
      expect(socket.memberships()).to.deep.equal([7]);
      lease.unsubscribe();
      await turn();
    }
  });

  it('leaves a group when neither option, joinGroup nor a subscription holds it', async () => {
    const socket = netlink({ protocol: 0, groups: [1, 40], transport: fakeKernel() });
    using lease = socket.connect();
    expect(lease.closed).to.equal(false);
    const subscription = socket.multicast(2).subscribe();
    socket.joinGroup(2);
    subscription.unsubscribe();
    await turn();
    expect(socket.memberships()).to.deep.equal([1, 2, 40]);
    socket.leaveGroup(2);
    socket.leaveGroup(40);
    expect(socket.memberships()).to.deep.equal([1]);
  });

  it('emits a group only to its subscribers, and every message on its own stream', async () => {
    const kernel = fakeKernel();
    const socket = netlink({ protocol: 0, transport: kernel });
    const received: Record<string, number[]> = { all: [], one: [], two: [] };
    socket.subscribe(({ type }) => received['all']!.push(type));
    socket.multicast(1).subscribe(({ type }) => received['one']!.push(type));
    socket.multicast(200).subscribe(({ type }) => received['two']!.push(type));
    kernel.notify(1, notification(16, new Uint8Array(4)));
    kernel.notify(200, notification(20, new Uint8Array(4)));
    await turn();
    expect(received).to.deep.equal({ all: [16, 20], one: [16], two: [20] });
  });

  it('creates a sibling with the same options except port ID, groups and filter', () => {
    const socket = netlink({ protocol: 3, groups: [1], portId: 77, receiveBufferSize: 10_000, transport: fakeKernel() });
    socket.setOption('listenAllNsid', true);
    using sibling = socket.sibling();
    using lease = sibling.connect();
    expect(lease.closed).to.equal(false);
    expect(sibling.protocol).to.equal(3);
    expect(sibling.portId).to.not.equal(77);
    expect(sibling.memberships()).to.deep.equal([]);
    expect(sibling.getOption('listenAllNsid')).to.equal(true);
    expect(sibling.receiveBufferSize).to.equal(20_000);
  });
});
