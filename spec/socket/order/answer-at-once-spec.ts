import { inspect } from 'node:util';
import { expect } from 'chai';
import { Observable, concatMap, config, first, firstValueFrom, merge, range } from 'rxjs';
import { useFakeTimers, type SinonFakeTimers } from 'sinon';
import { netlink, type Message, type NetlinkSocket } from '../../../lib/index.js';
import { ack, errorReply, fakeKernel, type FakeKernel, type Reply } from '../../../lib/testing/index.js';

const [REFUSED, ROW, DONE] = [17, 18, 19];

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

/** A request on an open socket that does nothing else is answered in the call that sends it; see `Session.ask`. */
describe('request() on an idle socket', () => {
  let kernel: FakeKernel;
  let socket: NetlinkSocket;
  let events: string[];

  const reply = ({ type, payload }: Message): Reply[] => {
    if (type === REFUSED) return [errorReply('EPERM')];
    return type === ROW ? [{ type: 16, payload: payload.slice() }] : [ack()];
  };

  let clock: SinonFakeTimers;
  beforeEach(() => {
    // A turn ends after 2 ms.
    clock = useFakeTimers({ toFake: ['Date'] });
    kernel = fakeKernel(reply);
    socket = netlink({ protocol: 0, transport: kernel });
    socket.connect();
    events = [];
  });
  afterEach(() => {
    clock.restore();
    config.onStoppedNotification = null;
    socket.close();
  });

  /** Sends a request; notes what happens, and calls a function with the row. */
  const ask = (name: string, onRow: () => void = () => undefined, type = ROW): void => {
    socket.request({ type, payload: Uint8Array.of(1, 2, 3, 4) }).subscribe({
      next: ({ payload }) => {
        events.push(`${name}: ${payload.join()}`);
        onRow();
      },
      error: (error: unknown) => events.push(`${name}: ${(error as Error).name}`),
      complete: () => events.push(`${name}: end`),
    });
  };

  it('emits the reply and completes while it is subscribed to', () => {
    ask('a');
    expect(events).to.deep.equal(['a: 1,2,3,4', 'a: end']);
    expect(kernel.requests[0]).to.include({ type: ROW, flags: 5 });
    expect(kernel.requests[0]!.payload).to.deep.equal(Uint8Array.of(1, 2, 3, 4));
  });

  it('sends the same bytes as any other request, also the padding', async () => {
    for (const payload of [undefined, new Uint8Array(0), Uint8Array.of(9), Uint8Array.of(9, 8, 7), new Uint8Array(5000).fill(6)]) {
      for (const ordered of [false, true]) socket.request({ type: DONE, ...(payload && { payload }) }, { ordered }).subscribe();
      const [one, other] = kernel.requests.slice(-2).map(({ bytes }) => bytes.slice());
      new Uint32Array(one!.buffer, 8, 1)[0] = new Uint32Array(other!.buffer, 8, 1)[0]!;
      expect(one).to.deep.equal(other);
      // An ordered request is answered in a later turn.
      await turn();
    }
  });

  for (const wrong of [{ type: 0x1_0000 }, { type: -1 }, { type: 18.5 }, { type: NaN }, { type: DONE, flags: 0x1_0000 }])
    it(`rejects ${inspect(wrong)}`, () => {
      let failure: unknown;
      socket.request(wrong).subscribe({ error: (error: unknown) => (failure = error) });
      expect(failure).to.include({ name: 'EncodeError' });
      expect(kernel.requests).to.have.length(0);
    });

  it('reports an error of the kernel, and completes without a reply, in the same call', () => {
    ask('a', undefined, REFUSED);
    ask('b', undefined, DONE);
    expect(events).to.deep.equal(['a: KernelError', 'b: end']);
  });

  it('sends a request that is made with a row after the end of the first one', async () => {
    ask('a', () => {
      ask('b');
      expect(kernel.requests).to.have.length(1);
    });
    expect(kernel.requests).to.have.length(2);
    await turn();
    expect(events).to.deep.equal(['a: 1,2,3,4', 'a: end', 'b: 1,2,3,4', 'b: end']);
  });

  it('answers requests that follow the end of the one before in one call', async () => {
    range(1, 3)
      .pipe(concatMap((row) => socket.request({ type: ROW, payload: Uint8Array.of(row) }, { ordered: row === 1 })))
      .subscribe(({ payload }) => {
        events.push(`${payload[0]}`);
        queueMicrotask(() => events.push('microtask'));
      });
    await turn();
    expect(events).to.deep.equal(['1', '2', '3', 'microtask', 'microtask', 'microtask']);
  });

  it('answers requests that are unsubscribed from with the row in one call', async () => {
    range(1, 4)
      .pipe(concatMap((row) => socket.request({ type: ROW, payload: Uint8Array.of(row) }, { ordered: row === 1 }).pipe(first())))
      .subscribe(({ payload }) => {
        events.push(`${payload[0]}`);
        queueMicrotask(() => events.push('microtask'));
      });
    await turn();
    expect(events.filter((event) => event !== 'microtask')).to.deep.equal(['1', '2', '3', '4']);
    expect(events.indexOf('microtask')).to.be.greaterThan(2);
  });

  it('answers a request of an event after the events that the kernel has queued before', async () => {
    const order: string[] = [];
    const subscription = socket.multicast(1).subscribe(({ payload }) => {
      order.push(`event ${payload[0]}`);
      if (payload[0] !== 1) return;
      kernel.notify(1, { type: 20, payload: Uint8Array.of(2) });
      socket.request({ type: DONE }).subscribe({ complete: () => order.push('end') });
    });
    kernel.notify(1, { type: 20, payload: Uint8Array.of(1) });
    await turn();
    subscription.unsubscribe();
    expect(order).to.deep.equal(['event 1', 'event 2', 'end']);
  });

  it('leaves the answers to several requests to one read', async () => {
    for (const name of ['a', 'b', 'c']) {
      socket.request({ type: DONE }, { ordered: true }).subscribe({
        complete: () => {
          events.push(name);
          ask(`after ${name}`, undefined, DONE);
          queueMicrotask(() => events.push('microtask'));
        },
      });
    }
    await turn();
    const ends = ['after a: end', 'after b: end', 'after c: end'];
    expect(events).to.deep.equal(['a', 'b', 'c', 'microtask', 'microtask', 'microtask', ...ends]);
  });

  it('reports nothing to a subscriber that unsubscribes with the row', async () => {
    const stopped: string[] = [];
    config.onStoppedNotification = ({ kind }) => stopped.push(kind);
    expect(await firstValueFrom(socket.request({ type: ROW }))).to.include({ type: 16 });
    await turn();
    expect(stopped).to.deep.equal([]);
  });

  it('fails when a subscriber closes the socket with the row', () => {
    ask('a', () => {
      socket.close();
    });
    expect(events).to.deep.equal(['a: 1,2,3,4', 'a: SocketClosedError']);
  });

  it('is paused after a subscriber has paused the socket with the row', async () => {
    ask('a', () => {
      socket.pause();
    });
    ask('b');
    expect(events).to.deep.equal(['a: 1,2,3,4', 'a: end']);
    await turn();
    expect(events).to.have.length(2);
    socket.resume();
    await turn();
    expect(events.slice(2)).to.deep.equal(['b: 1,2,3,4', 'b: end']);
  });

  it('stops reading when a subscriber pauses the socket with the row', async () => {
    let received = 0;
    ask('a', () => {
      socket.pause();
    });
    const subscription = socket.multicast(1).subscribe(() => received++);
    kernel.notify(1, { type: 20 });
    await turn();
    expect(received).to.equal(0);
    socket.resume();
    await turn();
    subscription.unsubscribe();
    expect(received).to.equal(1);
  });

  it('leaves the order to subscribers of messages', async () => {
    const order: string[] = [];
    const all = merge(socket, socket.multicast(1));
    const subscription = all.subscribe(({ type, sequence }) => order.push(`${type} ${sequence === 0 ? 'event' : 'reply'}`));
    kernel.notify(1, { type: 20 });
    ask('a');
    expect(events).to.deep.equal(['a: 1,2,3,4', 'a: end']);
    await turn();
    subscription.unsubscribe();
    expect(order).to.deep.equal(['20 event', '20 event', '16 reply', '2 reply']);
  });

  const STREAMS: readonly (readonly [name: string, streamOf: () => Observable<unknown>, expected: number])[] = [
    ['datagrams', () => socket.datagrams, 2],
    ['messages', () => new Observable((subscriber) => socket.subscribe(subscriber)), 2],
    ['a group', () => socket.multicast(1), 1],
  ];
  for (const [name, streamOf, expected] of STREAMS)
    it(`leaves what belongs to a subscriber of ${name}`, async () => {
      let received = 0;
      const subscription = streamOf().subscribe(() => received++);
      if (name === 'a group') kernel.notify(1, { type: 20 });
      ask('a');
      await turn();
      subscription.unsubscribe();
      expect({ received, events }).to.deep.equal({ received: expected, events: ['a: 1,2,3,4', 'a: end'] });
      expect(socket.counters.strays).to.equal(0);
    });
});
