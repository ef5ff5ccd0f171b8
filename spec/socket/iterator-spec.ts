import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { OverrunError, SocketClosedError, netlink } from '../../lib/index.js';
import { fakeKernel, notification } from '../../lib/testing/index.js';

const turn = () => new Promise((resolve) => setTimeout(resolve, 15));
const event = (index: number) => notification(20, Uint8Array.of(index, 0, 0, 0));

describe('async iterator of a socket', () => {
  it('emits messages in order and closes the socket when the loop ends', async () => {
    const kernel = fakeKernel();
    const socket = netlink({ protocol: 0, groups: [1], transport: kernel });
    using lease = socket.connect();
    for (let index = 0; index < 3; index++) kernel.notify(1, event(index));
    const seen: number[] = [];
    for await (const { payload } of socket) {
      seen.push(payload[0]!);
      if (seen.length === 3) break;
      if (seen.length < 3) kernel.notify(1, event(10 + seen.length));
    }
    expect(seen).to.have.length(3);
    lease.unsubscribe();
    await turn();
    expect(socket.isOpen).to.equal(false);
  });

  it('delivers the reply to a request that the body of the loop sends', async () => {
    const kernel = fakeKernel();
    const socket = netlink({ protocol: 0, groups: [1], transport: kernel });
    using lease = socket.connect();
    expect(lease.closed).to.equal(false);
    const notify = setInterval(() => kernel.notify(1, [event(1)]), 1);
    let answered = 0;
    for await (const { group } of socket) {
      if (group !== 1) continue;
      await lastValueFrom(socket.request({ type: 19 }).pipe(toArray()));
      await turn();
      if (++answered === 5) break;
    }
    clearInterval(notify);
    expect(answered).to.equal(5);
  });

  it('stops reading while its consumer is behind, and fails with OverrunError when the queue is full', async () => {
    const kernel = fakeKernel(undefined, { bufferSize: 20_000 });
    const socket = netlink({ protocol: 0, groups: [1], transport: kernel });
    const iterator = socket[Symbol.asyncIterator]();
    const first = iterator.next();
    kernel.notify(1, event(0));
    expect((await first).value!.payload[0]).to.equal(0);
    kernel.notify(1, event(1));
    await turn();
    for (let index = 2; index < 200; index++) kernel.notify(1, event(index));
    await turn();
    const seen: number[] = [];
    let error: unknown;
    try {
      for (;;) {
        const { value } = await iterator.next();
        seen.push(value!.payload[0]!);
      }
    } catch (caught) {
      error = caught;
    }
    expect(error).to.be.instanceOf(OverrunError);
    expect(seen.length).to.be.within(2, 198);
    expect(seen).to.deep.equal(Array.from({ length: seen.length }, (_, index) => index + 1));
  });

  it('fails with the error of the socket', async () => {
    const socket = netlink({ protocol: 0, transport: fakeKernel() });
    const next = socket[Symbol.asyncIterator]()
      .next()
      .catch((error: unknown) => error);
    socket.close();
    expect(await next).to.be.instanceOf(SocketClosedError);
  });
});

describe('pause()', () => {
  it('leaves messages in the queue and sends no request until resume()', async () => {
    const kernel = fakeKernel();
    const socket = netlink({ protocol: 0, transport: kernel });
    const received: number[] = [];
    socket.multicast(1).subscribe(({ payload }) => received.push(payload[0]!));
    socket.pause();
    const answered = firstValueFrom(socket.request({ type: 18 }), { defaultValue: 'acked' });
    for (let index = 0; index < 5; index++) kernel.notify(1, event(index));
    await turn();
    expect({ received, requests: kernel.requests.length }).to.deep.equal({ received: [], requests: 0 });
    socket.resume();
    expect(await answered).to.equal('acked');
    await turn();
    expect(received).to.deep.equal([0, 1, 2, 3, 4]);
  });
});
