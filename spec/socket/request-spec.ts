import { expect } from 'chai';
import { NEVER, concatWith, firstValueFrom, lastValueFrom, map, of, take, timer, toArray } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import sinon from 'sinon';
import {
  DecodeError,
  DumpInterruptedError,
  KernelError,
  MessageFlags,
  OverrunError,
  TimeoutError,
  TruncatedError,
  netlink,
  type Message,
} from '../../lib/index.js';
import { ack, done, errorReply, fakeKernel, multipart, notification } from '../../lib/testing/index.js';
import { hostIsLittleEndian } from '../../lib/wire/index.js';
import { tlv } from '../schema/schemas.js';

const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ type: 16, payload: Uint8Array.of(index, 0, 0, 0) }));
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error,
  );

/** Runs actions in virtual time with `at(ms, action)`; returns all events with their time. */
function virtually(story: (log: (text: string) => void, at: (time: number, action: () => void) => void) => void): string[] {
  const happened: string[] = [];
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(({ flush }) => {
    story(
      (text) => happened.push(`${scheduler.now()} ${text}`),
      (time, action) => void timer(time).subscribe(action),
    );
    flush();
  });
  return happened;
}

describe('request()', () => {
  it('adds Request and Ack, and sends at each subscription', async () => {
    const kernel = fakeKernel();
    const socket = netlink({ protocol: 0, transport: kernel });
    const request = socket.request({ type: 19, flags: 0x400 });
    expect(kernel.requests).to.have.length(0);
    await lastValueFrom(request.pipe(toArray()));
    await lastValueFrom(request.pipe(toArray()));
    expect(kernel.requests.map(({ flags }) => flags)).to.deep.equal([0x405, 0x405]);
    expect(kernel.requests[0]!.sequence).to.not.equal(kernel.requests[1]!.sequence);
  });

  it('asks for no ack with { ack: false }, and ends with the first reply', async () => {
    const kernel = fakeKernel(() => [{ type: 16 }]);
    const socket = netlink({ protocol: 10, transport: kernel });
    expect(await lastValueFrom(socket.request({ type: 16 }, { ack: false }).pipe(toArray()))).to.have.length(1);
    expect(kernel.requests[0]!.flags).to.equal(MessageFlags.Request);
  });

  it('completes without a value when the kernel only sends an ack', async () => {
    const socket = netlink({ protocol: 0, transport: fakeKernel(() => ack()) });
    expect(await lastValueFrom(socket.request({ type: 16 }).pipe(toArray()))).to.deep.equal([]);
  });

  it('fails with KernelError for an ERROR or a DONE with an error, and names the type of the attribute', async () => {
    const refuse = errorReply('EINVAL', { message: 'no such thing', offset: 16 });
    const socket = netlink({
      protocol: 0,
      transport: fakeKernel((request) => (request.type === 18 ? multipart(rows(2), done('ENOENT')) : refuse)),
    });
    const error = await failure(lastValueFrom(socket.request({ type: 16, payload: Uint8Array.from(tlv(0x8012, 1, 2, 3, 4)) })));
    expect(error).to.be.instanceOf(KernelError);
    expect(String(error)).to.equal('KernelError: EINVAL newlink: no such thing (attribute 18 at offset 16)');
    expect((error as KernelError).request).to.have.length(24);
    const seen: Message[] = [];
    const dump = await new Promise((resolve) =>
      socket.request({ type: 18, flags: 0x300 }).subscribe({ next: (row) => seen.push(row), error: resolve }),
    );
    expect(dump).to.include({ code: 'ENOENT', operation: 'getlink' });
    expect(seen).to.have.length(2);
  });

  it('fails with DumpInterruptedError after the rows of an interrupted dump', async () => {
    const kernel = fakeKernel(() => multipart(rows(3)));
    const socket = netlink({ protocol: 0, transport: kernel });
    kernel.interruptDump();
    const seen: Message[] = [];
    const error = await new Promise((resolve) =>
      socket.request({ type: 18, flags: 0x300 }).subscribe({ next: (row) => seen.push(row), error: resolve }),
    );
    expect(error).to.be.instanceOf(DumpInterruptedError);
    expect(seen).to.have.length(3);
  });

  it('counts the timeout from sending to the first reply, then between replies', () => {
    const happened = virtually((log) => {
      const part = { type: 16, flags: MessageFlags.Multi };
      const slow = timer(30, 30).pipe(
        take(3),
        map(() => part),
        concatWith(NEVER),
      );
      const socket = netlink({ protocol: 0, transport: fakeKernel(({ type }) => (type === 18 ? slow : NEVER)) });
      socket.connect();
      const note = { next: () => log('part'), error: (error: unknown) => log(String(error)) };
      socket.request({ type: 18, flags: 0x300 }, { timeout: 50 }).subscribe(note);
      socket.request({ type: 22 }, { timeout: 50 }).subscribe(note);
    });
    const [silent, ...slow] = happened.filter((line) => !line.endsWith('part'));
    expect(silent).to.equal('50 TimeoutError: ETIMEDOUT getaddr: no reply within 50 ms');
    expect(slow).to.have.length(1);
    expect(slow[0]).to.match(/^14\d TimeoutError: ETIMEDOUT getlink/);
  });

  it('does not count the time before it is sent', () => {
    const happened = virtually((log, at) => {
      const kernel = fakeKernel(() => of([{ type: 16 }]));
      const socket = netlink({ protocol: 0, transport: kernel });
      socket.connect();
      socket.pause();
      socket.request({ type: 18 }, { timeout: 50 }).subscribe({ next: () => log('reply'), error: (error: unknown) => log(String(error)) });
      at(500, () => socket.resume());
    });
    expect(happened).to.have.length(1);
    expect(happened[0]).to.match(/^50\d reply$/);
  });

  it('fails with the reason of its signal, before and after it is sent', async () => {
    const kernel = fakeKernel(() => []);
    const socket = netlink({ protocol: 0, transport: kernel });
    const reason = new Error('enough');
    expect(await failure(lastValueFrom(socket.request({ type: 18 }, { signal: AbortSignal.abort(reason) })))).to.equal(reason);
    expect(kernel.opened).to.equal(0);
    const controller = new AbortController();
    const ended = failure(lastValueFrom(socket.request({ type: 18 }, { signal: controller.signal })));
    controller.abort(reason);
    expect(await ended).to.equal(reason);
    expect(kernel.requests).to.have.length(1);
  });

  it('is cancelled by unsubscribing: it is not sent, or its reply is ignored', async () => {
    const kernel = fakeKernel((request) => (request.type === 18 ? multipart(rows(4)) : timer(5).pipe(map(() => ({ type: 20 })))));
    const socket = netlink({ protocol: 0, transport: kernel });
    using lease = socket.connect();
    expect(lease.closed).to.equal(false);
    socket.pause();
    socket.request({ type: 22 }).subscribe().unsubscribe();
    socket.resume();
    expect(kernel.requests).to.have.length(0);
    socket
      .request({ type: 22 })
      .subscribe(() => expect.fail('an unsubscribed request emitted'))
      .unsubscribe();
    await firstValueFrom(socket.request({ type: 18, flags: 0x300 }));
    expect(await lastValueFrom(socket.request({ type: 18, flags: 0x300 }).pipe(toArray()))).to.have.length(4);
  });

  it('emits a reply that is read right after sending only to its subscriber; the socket keeps the order', async () => {
    const kernel = fakeKernel();
    const socket = netlink({ protocol: 0, transport: kernel });
    const order: string[] = [];
    socket.subscribe(({ type, group }) => order.push(`socket ${type}${group === 0 ? '' : ` of group ${group}`}`));
    socket.multicast(5).subscribe(() => order.push('group 5'));
    await turn();
    kernel.notify(5, notification(20, new Uint8Array(4)));
    socket.request({ type: 18 }).subscribe({ complete: () => order.push('request') });
    order.push('subscribed');
    await turn();
    expect(order[0]).to.equal('request');
    expect(order).to.deep.equal(['request', 'subscribed', 'socket 20 of group 5', 'group 5', 'socket 2']);
  });

  for (const [kernel, needs, most] of [
    ['a fast kernel', 0, 512],
    ['a kernel that needs 1 ms for each', 1, 8],
  ] as const) {
    it(`emits at most ${most} replies right after sending in one turn, of ${kernel}`, async () => {
      const slow = (): undefined => {
        for (const end = performance.now() + needs; performance.now() < end;);
      };
      const clock = needs === 0 ? sinon.stub(Date, 'now').returns(0) : undefined;
      const socket = netlink({ protocol: 0, transport: fakeKernel(slow) });
      using lease = socket.connect();
      expect(lease.closed).to.equal(false);
      let completed = 0;
      try {
        for (let index = 0; index < 600; index++) socket.request({ type: 19 }).subscribe({ complete: () => completed++ });
      } finally {
        clock?.restore();
      }
      expect(completed).to.equal(most);
      for (let turns = 0; completed < 600 && turns < 700; turns++) await turn();
      expect(completed).to.equal(600);
    });
  }

  it('emits no reply within another delivery', async () => {
    const socket = netlink({ protocol: 0, transport: fakeKernel() });
    const order: string[] = [];
    socket.request({ type: 19 }).subscribe({
      complete: () => {
        socket.request({ type: 19 }).subscribe({ complete: () => order.push('inner') });
        order.push('outer');
      },
    });
    await turn();
    expect(order).to.deep.equal(['outer', 'inner']);
  });

  it('fails with OverrunError when its reply may be lost; a waiting request is sent afterwards', async () => {
    const kernel = fakeKernel((request) => (request.type === 18 ? [] : undefined));
    const socket = netlink({ protocol: 0, transport: kernel });
    using lease = socket.connect();
    expect(lease.closed).to.equal(false);
    const ended = failure(lastValueFrom(socket.request({ type: 18 })));
    kernel.overrun({ dropped: 9 });
    expect(await ended)
      .to.be.instanceOf(OverrunError)
      .and.include({ dropped: 9 });
    expect(await lastValueFrom(socket.request({ type: 19 }).pipe(toArray()))).to.deep.equal([]);
    expect(socket.counters).to.include({ overruns: 1, dropped: 9 });
  });

  it('waits until the overrun is reported that an earlier request of the same turn has found', async () => {
    const kernel = fakeKernel((request) => {
      if (request.type === 18) kernel.overrun({ dropped: 2 });
      return undefined;
    });
    const socket = netlink({ protocol: 0, transport: kernel });
    using lease = socket.connect();
    expect(lease.closed).to.equal(false);
    const first = failure(lastValueFrom(socket.request({ type: 18 })));
    const others = [19, 19, 19].map((type) => lastValueFrom(socket.request({ type }).pipe(toArray())));
    const batch = lastValueFrom(socket.batch([{ type: 24 }, { type: 24 }]).pipe(toArray()));
    expect(kernel.requests).to.have.length(1);
    expect(await first).to.be.instanceOf(OverrunError);
    expect(await Promise.all(others)).to.deep.equal([[], [], []]);
    expect((await batch).map((result) => 'error' in result)).to.deep.equal([false, false]);
    expect(socket.counters.overruns).to.equal(1);
  });

  it('fails when its own reply is malformed, and other requests continue', async () => {
    const kernel = fakeKernel((request) => {
      if (request.type !== 18) return undefined;
      const bytes = new Uint8Array(20);
      new DataView(bytes.buffer).setUint32(0, 400, hostIsLittleEndian);
      new DataView(bytes.buffer).setUint16(4, 16, hostIsLittleEndian);
      new DataView(bytes.buffer).setUint32(8, request.sequence, hostIsLittleEndian);
      new DataView(bytes.buffer).setUint32(12, request.portId, hostIsLittleEndian);
      return [bytes];
    });
    const socket = netlink({ protocol: 0, transport: kernel });
    socket.subscribe({ error: () => expect.fail('the socket is not meant') });
    expect(await failure(lastValueFrom(socket.request({ type: 18 })))).to.be.instanceOf(DecodeError);
    expect(await lastValueFrom(socket.request({ type: 19 }).pipe(toArray()))).to.deep.equal([]);
  });

  it('fails with TruncatedError when its reply did not fit', async () => {
    const kernel = fakeKernel(() => [{ type: 16, payload: new Uint8Array(400) }]);
    const socket = netlink({ protocol: 0, transport: kernel });
    using lease = socket.connect();
    expect(lease.closed).to.equal(false);
    kernel.truncate({ kept: 32 });
    expect(await failure(lastValueFrom(socket.request({ type: 18 }))))
      .to.be.instanceOf(TruncatedError)
      .and.include({ length: 416, kept: 32 });
  });

  it('ignores and counts forged messages', async () => {
    const kernel = fakeKernel(() => []);
    const socket = netlink({ protocol: 0, transport: kernel });
    const replies: Message[] = [];
    socket.request({ type: 18 }).subscribe((reply) => replies.push(reply));
    const { sequence, portId } = kernel.requests[0]!;
    kernel.spoof(4711, { type: 16, sequence, portId });
    await turn();
    expect(replies).to.deep.equal([]);
    expect(socket.counters.spoofed).to.equal(1);
  });

  it('fails with a TimeoutError of code ETIMEDOUT', async () => {
    const socket = netlink({ protocol: 0, transport: fakeKernel(() => []) });
    expect(await failure(lastValueFrom(socket.request({ type: 18 }, { timeout: 5 }))))
      .to.be.instanceOf(TimeoutError)
      .and.include({ code: 'ETIMEDOUT' });
  });
});
