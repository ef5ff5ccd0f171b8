import { expect } from 'chai';
import { Subject, firstValueFrom, lastValueFrom, of } from 'rxjs';
import { nfnetlinkQueueSchema } from '../../../lib/families/generated/nfnetlink_queue.js';
import { nfqueue, type NfQueueOptions, type QueueReport, type QueuedPacket } from '../../../lib/families/nfnetlink_queue.js';
import { EncodeError, KernelError, SocketClosedError, resyncOnOverrun } from '../../../lib/index.js';
import { errorReply, fakeFamilies, fakeFamily, fakeKernel, netlinkTestScheduler } from '../../../lib/testing/index.js';
import { MessageFlags } from '../../../lib/wire/index.js';
import { host } from '../../support/host-order.js';

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
const assertEqual = (actual: unknown, expected: unknown): void => {
  expect(actual).to.deep.equal(expected);
};

/** Creates a fake kernel with a queue, and the stream of the queue. */
function queueOf(options: NfQueueOptions = {}, refuse: (op: string) => boolean = () => false) {
  const handle = (op: string) => () => (refuse(op) ? errorReply('ENOENT') : undefined);
  const family = fakeFamily(nfnetlinkQueueSchema, {
    do: { config: handle('config'), verdict: handle('verdict'), 'verdict-batch': handle('verdict-batch') },
  });
  const kernel = fakeKernel(fakeFamilies(family));
  const queue = nfqueue(5, { transport: kernel, ...options });
  const send = (...ids: number[]) => {
    for (const packetId of ids) {
      const packetHdr = { packetId, hwProtocol: 0x0800, hook: 1 };
      family.send(kernel, kernel.sockets[0]!, 'packet', { resId: 5, packetHdr, payload: Uint8Array.of(packetId) });
    }
  };
  /** The requests after `bind`: the operation, the verdict, and what it changes. */
  const requests = () => family.requests(kernel).map(({ op, value }) => ({ op, ...value }));
  const verdicts = () =>
    requests().flatMap((request) => ('verdictHdr' in request ? [{ op: request.op, ...(request.verdictHdr as object) }] : []));
  return { kernel, queue, send, requests, verdicts };
}

const open = (queue: { subscribe(next: (packet: QueuedPacket) => void): { unsubscribe(): void } }) => {
  const packets: QueuedPacket[] = [];
  const subscription = queue.subscribe((packet) => packets.push(packet));
  return { packets, subscription };
};

describe('nfqueue', () => {
  it('binds on subscribe in one request, shares the queue, and unbinds one turn after the last subscriber', async () => {
    const { kernel, queue, requests } = queueOf({ copyRange: 64, failOpen: true, gso: true });
    expect(kernel.opened).to.equal(0);
    const [first, second] = [queue.subscribe(), queue.subscribe()];
    const header = { nfgenFamily: 0, version: 0, resId: 5 };
    const bind = {
      ...{ op: 'config', ...header, cmd: { command: 'bind', pf: 0 }, params: { copyRange: 64, copyMode: 'packet' } },
      ...{ queueMaxlen: 0xffff_ffff, mask: 0x1f, flags: 1 | 4 },
    };
    expect(requests()).to.deep.equal([bind]);
    first.unsubscribe();
    second.unsubscribe();
    queue.subscribe().unsubscribe();
    expect(requests()).to.deep.equal([bind]);
    await turn();
    expect(requests()).to.deep.equal([bind, { op: 'config', ...header, cmd: { command: 'unbind', pf: 0 } }]);
    await turn();
    expect(kernel.sockets).to.deep.equal([]);
  });

  it('decides no packet of a later binding by one of an earlier binding, which had the same number', async () => {
    const { queue, send, verdicts } = queueOf();
    queue.reports.subscribe();
    const first = open(queue);
    send(1);
    await turn();
    first.subscription.unsubscribe();
    await turn();
    const second = open(queue);
    send(1);
    await turn();
    expect([first.packets[0]!.isWaiting, second.packets[0]!.isWaiting]).to.deep.equal([false, true]);
    expect([first.packets[0]!.accept(), first.packets[0]!.verdictBatch()]).to.deep.equal([false, false]);
    expect(second.packets[0]!.drop()).to.equal(true);
    await turn();
    expect(verdicts()).to.deep.equal([{ op: 'verdict', verdict: 'drop', id: 1 }]);
    second.subscription.unsubscribe();
  });

  it('reads again after a full queue was unbound while its socket stayed open', async () => {
    const { queue, send } = queueOf({ maxWaiting: 1 });
    queue.reports.subscribe();
    const lease = queue.client.socket.connect();
    const first = open(queue);
    send(1);
    await turn();
    first.subscription.unsubscribe();
    await turn();
    const second = open(queue);
    await turn();
    send(1);
    await turn();
    expect(second.packets.map(({ id }) => id)).to.deep.equal([1]);
    second.packets[0]!.accept();
    second.subscription.unsubscribe();
    lease.unsubscribe();
  });

  it('does not know the size of packets that are not copied', async () => {
    const { kernel, queue } = queueOf({ copyRange: 0 });
    const { packets, subscription } = open(queue);
    const packetHdr = { packetId: 1, hwProtocol: 0x0800, hook: 1 };
    fakeFamily(nfnetlinkQueueSchema).send(kernel, kernel.sockets[0]!, 'packet', { resId: 5, packetHdr });
    await turn();
    expect(packets.map(({ length }) => length)).to.deep.equal([undefined]);
    packets[0]!.accept();
    subscription.unsubscribe();
  });

  it('sends the verdicts of a turn in one datagram, as the bytes that the kernel reads', async () => {
    const { kernel, queue, send } = queueOf();
    const { packets, subscription } = open(queue);
    send(1, 2);
    await turn();
    expect(packets.map(({ id, payload, length, isWaiting }) => [id, [...payload], length, isWaiting])).to.deep.equal([
      [1, [1], 1, true],
      [2, [2], 1, true],
    ]);
    expect([packets[0]!.accept(), packets[1]!.verdict({ verdict: 'drop', mark: 7, payload: Uint8Array.of(9, 8) })]).to.deep.equal([
      true,
      true,
    ]);
    expect(packets[0]!.isWaiting).to.equal(false);
    expect(kernel.datagrams.length).to.equal(1);
    await turn();
    expect(kernel.datagrams.length).to.equal(2);
    const header = (length: number) => [...host(length, 0, 0, 0), ...host(1, 3), ...host(MessageFlags.Request, 0)];
    const accept = [...header(32), 0, 0, 0, 5, ...host(12, 0), ...host(2, 0), 0, 0, 0, 1, 0, 0, 0, 1];
    const changed = [
      ...[...header(48), 0, 0, 0, 5, ...host(12, 0), ...host(2, 0), 0, 0, 0, 0, 0, 0, 0, 2],
      ...[...host(8, 0), ...host(3, 0), 0, 0, 0, 7, ...host(6, 0), ...host(10, 0), 9, 8],
    ];
    const bytes = kernel.datagrams[1]!;
    const withoutNumbers = (from: number, to: number) => [...bytes.subarray(from, from + 8), ...bytes.subarray(from + 16, to)];
    expect(withoutNumbers(0, 32)).to.deep.equal(accept);
    expect(withoutNumbers(32, 78)).to.deep.equal(changed);
    subscription.unsubscribe();
  });

  it('gives every verdict its number, and a batch to all packets up to one', async () => {
    const { queue, send, verdicts } = queueOf();
    const { packets, subscription } = open(queue);
    send(1, 2, 3, 4, 5, 6, 7);
    await turn();
    packets[3]!.verdict({ verdict: 'repeat' });
    packets[4]!.verdict({ verdict: 'stop', priority: 3 });
    packets[5]!.verdict({ queue: 9 });
    packets[2]!.verdictBatch({ verdict: 'drop', mark: 1 });
    expect(packets.map(({ isWaiting }) => isWaiting)).to.deep.equal([false, false, false, false, false, false, true]);
    await turn();
    expect(verdicts()).to.deep.equal([
      { op: 'verdict', verdict: 'repeat', id: 4 },
      { op: 'verdict', verdict: 'stop', id: 5 },
      { op: 'verdict', verdict: 0x9_0003, id: 6 },
      { op: 'verdict-batch', verdict: 'drop', id: 3 },
    ]);
    packets[6]!.drop();
    subscription.unsubscribe();
    await turn();
    expect(verdicts().at(-1)).to.deep.equal({ op: 'verdict', verdict: 'drop', id: 7 });
  });

  it('rejects wrong verdicts and second ones, before anything is sent', async () => {
    const { queue, send, verdicts } = queueOf();
    const { packets, subscription } = open(queue);
    send(1);
    await turn();
    const [packet] = packets;
    expect(() => packet!.verdict({ mark: -1 })).to.throw(EncodeError, 'EENCODE verdict: .mark: -1 is not an integer');
    expect(() => packet!.verdict({ verdict: 'stolen' as never })).to.throw(
      TypeError,
      "must be one of drop, accept, repeat, stop, not 'stolen'",
    );
    expect(() => packet!.verdict({ queue: 1, verdict: 'drop' })).to.throw(TypeError, 'exclude each other');
    expect(() => packet!.verdict({ queue: 65_536 })).to.throw(RangeError);
    expect(() => packet!.verdict({ payloads: 1 } as object)).to.throw(TypeError, "unknown option 'payloads'");
    expect(() => packet!.verdictBatch({ payload: Uint8Array.of(1) } as object)).to.throw(TypeError, "unknown option 'payload'");
    expect(packet!.isWaiting).to.equal(true);
    packet!.accept();
    expect(() => packet!.drop()).to.throw(TypeError, 'packet 1 of queue 5 has a verdict already');
    await turn();
    expect(verdicts()).to.deep.equal([{ op: 'verdict', verdict: 'accept', id: 1 }]);
    subscription.unsubscribe();
  });

  it('reports the packets without a verdict when it closes; a late verdict returns false', async () => {
    for (const close of ['unsubscribe', 'close'] as const) {
      const { queue, send } = queueOf();
      const reports: QueueReport[] = [];
      queue.reports.subscribe((report) => reports.push(report));
      const packets: QueuedPacket[] = [];
      const subscription = queue.subscribe({ next: (packet) => packets.push(packet), error: () => undefined });
      send(1, 2, 3);
      await turn();
      packets[1]!.accept();
      if (close === 'close') queue.close();
      else subscription.unsubscribe();
      await turn();
      expect(reports).to.deep.equal([{ type: 'undecided', ids: [1, 3] }]);
      expect([packets[0]!.accept(), packets[0]!.isWaiting, queue.waiting]).to.deep.equal([false, false, 0]);
    }
  });

  it('warns the process about undecided packets when the reports have no subscriber', async () => {
    const { queue, send } = queueOf();
    const warning = new Promise<Error>((resolve) => process.once('warning', resolve));
    const { subscription } = open(queue);
    send(...Array.from({ length: 12 }, (_, index) => index + 1));
    await turn();
    subscription.unsubscribe();
    expect((await warning).message).to.equal(
      'nfqueue: queue 5 closed while 12 packets had no verdict (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ...); the kernel dropped them; subscribe to reports to handle this',
    );
  });

  it('reports the verdicts that the kernel rejects, and goes on', async () => {
    const { queue, send } = queueOf({}, (op) => op === 'verdict');
    const report = firstValueFrom(queue.reports);
    const { packets, subscription } = open(queue);
    send(1);
    await turn();
    packets[0]!.accept();
    expect(await report).to.have.property('type', 'rejected');
    expect(await report)
      .to.have.property('error')
      .that.has.property('message', 'ENOENT verdict');
    send(2);
    await turn();
    expect(packets.length).to.equal(2);
    packets[1]!.accept();
    subscription.unsubscribe();
  });

  it('ends with the error of the bind, and can be subscribed again', async () => {
    let refused = true;
    const { queue, requests } = queueOf({}, () => refused);
    const error = await lastValueFrom(queue).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(KernelError).with.property('message', 'ENOENT config: queue 5');
    refused = false;
    await turn();
    const subscription = queue.subscribe();
    expect(requests().filter(({ op }) => op === 'config').length).to.be.greaterThan(1);
    subscription.unsubscribe();
  });

  it('keeps the queue and its packets over an overrun when the subscriber comes back at once', async () => {
    const { kernel, queue, send, requests, verdicts } = queueOf();
    const packets: unknown[] = [];
    const lost: number[] = [];
    const subscription = queue
      .pipe(
        resyncOnOverrun(({ dropped }) => {
          lost.push(dropped);
          return of(undefined);
        }),
      )
      .subscribe((packet) => packets.push(packet));
    send(1);
    kernel.overrun({ dropped: 6 });
    await turn();
    send(8);
    await turn();
    expect(packets.map((packet) => (packet as QueuedPacket | undefined)?.id)).to.deep.equal([1, undefined, 8]);
    expect(lost).to.deep.equal([6]);
    for (const packet of packets) (packet as QueuedPacket | undefined)?.accept();
    await turn();
    expect(verdicts().map((verdict) => (verdict as { id?: number }).id)).to.deep.equal([1, 8]);
    expect(requests().filter(({ op }) => op === 'config').length).to.equal(1);
    subscription.unsubscribe();
  });

  it('stops reading at maxWaiting, and starts again when half of the packets are decided', async () => {
    const { kernel, queue, send } = queueOf({ maxWaiting: 4 });
    const { packets, subscription } = open(queue);
    send(1, 2, 3, 4);
    await turn();
    expect([kernel.sockets[0]!.isPaused, queue.waiting]).to.deep.equal([true, 4]);
    send(5);
    packets[0]!.accept();
    await turn();
    expect([kernel.sockets[0]!.isPaused, packets.length]).to.deep.equal([true, 4]);
    packets[1]!.accept();
    await turn();
    expect([kernel.sockets[0]!.isPaused, packets.length]).to.deep.equal([false, 5]);
    packets[4]!.verdictBatch();
    subscription.unsubscribe();
  });

  it('ends with SocketClosedError when its client is closed', async () => {
    const { queue } = queueOf();
    const error = new Promise((resolve) => queue.subscribe({ error: resolve }));
    queue.client.close();
    expect(await error).to.be.instanceOf(SocketClosedError);
    await turn();
  });

  it('emits in virtual time', () => {
    netlinkTestScheduler(assertEqual).run(({ cold, expectObservable }) => {
      const own = queueOf();
      cold('-a--b', { a: 1, b: 2 }).subscribe((id) => own.kernel.sockets.forEach(() => own.send(id)));
      const ids = new Subject<number>();
      own.queue.subscribe((packet) => {
        ids.next(packet.id);
        packet.accept();
      });
      expectObservable(ids).toBe('-a--b', { a: 1, b: 2 });
    });
  });

  it('checks its options when it is made', () => {
    expect(() => nfqueue(65_536)).to.throw(RangeError, 'nfqueue: number must be an integer from 0 to 65535, not 65536');
    expect(() => nfqueue('5' as never)).to.throw(TypeError, 'nfqueue: number must be a number');
    expect(() => nfqueue(5, { copyRange: 70_000 })).to.throw(RangeError, 'nfqueue: option copyRange');
    expect(() => nfqueue(5, { failOpen: 1 } as object)).to.throw(TypeError, 'nfqueue: option failOpen must be true or false');
    expect(() => nfqueue(5, { maxWaiting: 0 })).to.throw(RangeError, 'nfqueue: option maxWaiting');
    expect(() => nfqueue(5, { failopen: true } as object)).to.throw(TypeError, /failopen/);
  });
});
