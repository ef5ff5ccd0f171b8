import { expect } from 'chai';
import { Observable, lastValueFrom, repeat, retry, take, toArray } from 'rxjs';
import { SocketClosedError, netlink, type BatchResult, type Message, type TransactionMessage } from '../../../lib/index.js';
import { ack, errorReply, fakeKernel, notification } from '../../../lib/testing/index.js';
import { encodeMessages } from '../../../lib/wire/index.js';
import { ScriptedTransport } from '../../conformance/scripted-transport.js';

/*
 * Cases of unusual order: requests that are sent within a delivery, replies that are read before earlier messages, ends that are
 * known only when the queue is empty. Each case was a bug once.
 */
const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
const outcome = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'success',
    (error: unknown) => String(error),
  );

// BATCH_BEGIN, a message, BATCH_END
const TRANSACTION: readonly TransactionMessage[] = [{ type: 16 }, { type: 2560, operation: 'newtable' }, { type: 17 }];

describe('transact() and other requests', () => {
  const kernel = (refuse: boolean) =>
    fakeKernel(({ type }) => (type === 2560 ? (refuse ? errorReply('EPERM') : ack()) : type < 18 ? [] : undefined));
  const run = (socket: ReturnType<typeof netlink>) => outcome(lastValueFrom(socket.transact(TRANSACTION).pipe(toArray())));

  for (const others of [0, 1, 2, 3, 160]) {
    it(`completes with ${others} later requests in the same turn`, async () => {
      const socket = netlink({ protocol: 12, transport: kernel(false) });
      using lease = socket.connect();
      expect(lease.closed).to.equal(false);
      const done = run(socket);
      for (let index = 0; index < others; index++) socket.request({ type: 2571 }).subscribe();
      expect(await Promise.race([done, turn().then(() => 'pending')])).to.equal('success');
    });
  }

  it('fails with its own error when other requests follow', async () => {
    const socket = netlink({ protocol: 12, transport: kernel(true) });
    const done = run(socket);
    socket.request({ type: 2571, flags: 0x300 }, { dump: false }).subscribe({ error: () => undefined });
    expect(await done).to.equal('KernelError: EPERM newtable');
  });

  it('fails with its own error when a delivery pauses and resumes the socket', async () => {
    const fake = kernel(true);
    const socket = netlink({ protocol: 12, transport: fake });
    const done = new Promise<string>((resolve) => {
      socket.multicast(1).subscribe(() => {
        void run(socket).then(resolve);
        socket.pause();
        socket.resume();
      });
    });
    fake.notify(1, notification(20, new Uint8Array(4)));
    expect(await done).to.equal('KernelError: EPERM newtable');
  });
});

describe('batch() and other requests', () => {
  it('completes on a protocol that reads only the first message of a datagram', async () => {
    let answered = 0;
    const kernel = fakeKernel(() => (answered++ === 0 ? errorReply('EPERM') : []));
    const socket = netlink({ protocol: 12, transport: kernel });
    const messages = [{ type: 2560 }, { type: 2560 }, { type: 2560 }];
    const results = await Promise.race([lastValueFrom(socket.batch(messages).pipe(toArray())), turn().then((): BatchResult[] => [])]);
    expect(results.map((result) => ('error' in result ? result.error.code : 'success'))).to.deep.equal(['EPERM', 'ECANCELED', 'ECANCELED']);
  });

  it('cancels the requests that were not sent when it is unsubscribed', async () => {
    const kernel = fakeKernel();
    const socket = netlink({ protocol: 0, transport: kernel });
    using lease = socket.connect();
    expect(lease.closed).to.equal(false);
    let finished = false;
    const messages = (function* () {
      try {
        for (;;) yield { type: 24 };
      } finally {
        finished = true;
      }
    })();
    socket.pause();
    socket.batch(messages).subscribe().unsubscribe();
    socket.resume();
    await turn();
    expect({ finished, requests: kernel.requests.length }).to.deep.equal({ finished: true, requests: 0 });
  });

  it('fails when two messages have the same sequence number', async () => {
    const socket = netlink({ protocol: 0, transport: fakeKernel() });
    const many = Array.from({ length: 300 }, () => ({ type: 24 }));
    const ended = await outcome(lastValueFrom(socket.batch([...many, { type: 24, sequence: 7 }, { type: 24, sequence: 7 }])));
    expect(ended).to.equal('RangeError: datagram: two requests have sequence number 7; expected different numbers');
  });
});

describe('multicast() and repeat()', () => {
  it('emits the rest of a datagram to a subscriber that resubscribes in the middle of it', async () => {
    const kernel = fakeKernel();
    const socket = netlink({ protocol: 0, transport: kernel });
    const received: number[] = [];
    socket
      .multicast(1)
      .pipe(take(1), repeat())
      .subscribe(({ type }) => received.push(type));
    kernel.notify(
      1,
      [21, 22, 23].map((type) => notification(type, new Uint8Array(4))),
    );
    await turn();
    expect(received).to.deep.equal([21, 22, 23]);
  });
});

describe('multicast() and memory that a subscriber transfers to another thread', () => {
  for (const [datagrams, expected] of [
    [
      [[21, 22], [23]],
      [21, 'OverrunError'],
    ],
    [
      [[21], [22, 23]],
      [21, 'OverrunError'],
    ],
  ] as const)
    it(`fails when that is the memory of the first of ${datagrams.map((types) => types.length).join(' and ')} messages`, () => {
      const transport = new ScriptedTransport(7);
      const socket = netlink({ protocol: 0, transport });
      const received: unknown[] = [];
      socket.multicast(1).subscribe({
        next: ({ type, payload }) => {
          received.push(type);
          structuredClone(payload.buffer, { transfer: [payload.buffer as ArrayBuffer] });
        },
        error: (error: unknown) => received.push((error as Error).name),
      });
      transport.deliverSlab(datagrams.map((types) => ({ bytes: encodeMessages(types.map((type) => ({ type }))), group: 1 })));
      expect(received).to.deep.equal(expected);
      socket.close();
    });
});

describe('deleted namespace', () => {
  it('stays closed for a subscriber that retries at once', async () => {
    const kernel = fakeKernel();
    const socket = netlink({ protocol: 0, netns: 'blue', transport: kernel });
    const errors: unknown[] = [];
    new Observable<Message>((subscriber) => socket.subscribe(subscriber))
      .pipe(retry({ count: 1, delay: (error) => (errors.push(error), [0]) }))
      .subscribe({ error: (error: unknown) => errors.push(error) });
    kernel.deleteNamespace('blue');
    await turn();
    expect(errors[0]).to.be.instanceOf(SocketClosedError).and.include({ reason: 'netns' });
    expect(errors[1]).to.include({ code: 'ENOENT', operation: 'open' });
    expect(kernel.opened).to.equal(1);
  });
});

describe('socket with a slow iterator', () => {
  it('answers requests that are sent within a delivery', async () => {
    const kernel = fakeKernel();
    const socket = netlink({ protocol: 0, transport: kernel, groups: [1] });
    const iterator = socket[Symbol.asyncIterator]();
    const first = iterator.next();
    kernel.notify(1, [notification(20, new Uint8Array(4)), notification(20, new Uint8Array(4))]);
    await first;
    let answered = false;
    // The request is sent in a deferred turn, when the connection is paused.
    for (let index = 0; index < 160; index++) socket.request({ type: 19 }).subscribe({ complete: () => (answered = index === 159) });
    await turn();
    await turn();
    expect(answered).to.equal(true);
    await iterator.return?.();
  });
});
