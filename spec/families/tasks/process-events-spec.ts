import { expect } from 'chai';
import { EventMask, cnProcSchema, processEvents, type ProcessEventsOptions } from '../../../lib/families/cn_proc.js';
import { KernelError, NetlinkError, OverrunError, resyncOnOverrun } from '../../../lib/index.js';
import { fakeFamilies, fakeFamily, fakeKernel } from '../../../lib/testing/index.js';
import { collect, errorOf, pause } from '../../support/sockets.js';

/** The kinds of kernels: 6.6 and later, earlier ones, one that ignores the namespaces of the caller, one that rejects it. */
type Kind = 'selects' | 'counts' | 'ignores' | 'rejects';

const ALL = Object.values(EventMask).reduce((mask, bit) => mask + bit, 0);
const head = { idx: 1, val: 1, len: 40, flags: 0, timestampNs: 7n };

function eventsOf(kind: Kind, options: ProcessEventsOptions = {}) {
  const answer = (ack = 0, err = 0): undefined => {
    // As send_msg() of cn_proc.c: the number of the request is replaced.
    family.notify(kernel, 'process', { ...head, seq: next(0), cpu: 0, ack: ack + 1, what: 'none', data: { err } });
  };
  const numbers = [0, 0];
  const next = (cpu: number): number => numbers[cpu]!++;
  const family = fakeFamily(cnProcSchema, {
    do: {
      control: ({ mcastOp, ack }) => {
        // Since 6.6 the socket is filtered after IGNORE.
        if (kind === 'counts' || (kind === 'selects' && mcastOp === 'listen')) answer(ack);
        return kind === 'rejects' ? answer(ack, 1) : undefined;
      },
      // A socket that receives only some events does not receive the answer.
      'control-events': ({ ack, eventType }) => (kind === 'selects' && eventType === ALL ? answer(ack) : undefined),
    },
  });
  const kernel = fakeKernel(fakeFamilies(family));
  const events = processEvents({ transport: kernel, ...options });
  const requests = () =>
    family.requests(kernel).map(({ op, value }) => {
      const { mcastOp, eventType } = value as { mcastOp: string; eventType?: number };
      return [op, mcastOp, ...(eventType === undefined ? [] : [eventType === ALL ? 'all' : eventType])];
    });
  const send = {
    fork: (childPid: number, cpu = 0) => {
      const data = { parentPid: 1, parentTgid: 1, childPid, childTgid: childPid };
      family.notify(kernel, 'process', { ...head, seq: next(cpu), cpu, ack: 0, what: 'fork', data });
    },
    exit: (processPid: number, exitCode: number) => {
      const data = { processPid, processTgid: processPid, exitCode, exitSignal: 17, parentPid: 1, parentTgid: 1 };
      family.notify(kernel, 'process', { ...head, seq: next(0), cpu: 0, ack: 0, what: 'exit', data });
    },
    lost: (cpu: number) => next(cpu),
    foreignAnswer: () => answer(12, 1),
  };
  return { events, kernel, requests, send };
}

const LISTEN_ALL = ['control-events', 'listen', 'all'];
const LISTEN = ['control', 'listen'];
const IGNORE = ['control', 'ignore'];

describe('processEvents', () => {
  it('asks a kernel that knows selections once, and emits events without the answers', async () => {
    const { events, requests, send } = eventsOf('selects');
    const seen = collect(events);
    send.foreignAnswer();
    send.fork(77);
    send.exit(77, 256);
    await pause();
    seen.stop();
    await pause();
    expect(seen.values.map(({ what }) => what)).to.deep.equal(['fork', 'exit']);
    expect(seen.end).to.equal(undefined);
    expect(seen.values[1]!.data).to.deep.equal({
      ...{ processPid: 77, processTgid: 77, exitCode: 256, exitSignal: 17 },
      parentPid: 1,
      parentTgid: 1,
    });
    expect(requests()).to.deep.equal([LISTEN_ALL, IGNORE]);
  });

  it('asks a kernel that knows selections for some events', async () => {
    const { events, requests, send } = eventsOf('selects', { events: ['fork', 'nonzero-exit'] });
    const seen = collect(events);
    // Events that were sent before the second request.
    for (const code of [0, 256]) send.exit(5, code);
    send.lost(0);
    send.fork(6);
    await pause();
    expect(seen.values.map(({ what }) => what)).to.deep.equal(['exit', 'fork']);
    // Events of other kinds have numbers too: a gap is not a loss.
    expect(seen.end).to.equal(undefined);
    expect(requests()).to.deep.equal([LISTEN_ALL, ['control-events', 'listen', EventMask.Fork + EventMask.NonzeroExit]]);
    seen.stop();
  });

  it('asks a kernel that does not know selections for all events, and selects itself', async () => {
    const { events, requests, send } = eventsOf('counts', { events: ['fork'] });
    const seen = collect(events);
    send.exit(5, 256);
    send.fork(6);
    await pause();
    seen.stop();
    await pause();
    expect(seen.values.map(({ what }) => what)).to.deep.equal(['fork']);
    expect(requests()).to.deep.equal([LISTEN_ALL, LISTEN, IGNORE]);
  });

  it('fails if the kernel does not answer, and asks it for nothing more', async () => {
    const { events, requests } = eventsOf('ignores');
    const error = await errorOf(events);
    expect(error).to.be.instanceOf(NetlinkError).and.include({ code: 'EPERM', operation: 'processEvents' });
    expect((error as NetlinkError).message).to.match(
      /^EPERM processEvents: the kernel did not answer; .*first namespaces of processes and users/,
    );
    await pause();
    expect(requests()).to.deep.equal([LISTEN_ALL, LISTEN]);
  });

  it('emits no event of other listeners if the kernel does not answer', async () => {
    const { events, send } = eventsOf('ignores');
    using _lease = events.client.socket.connect();
    events.client.socket.joinGroup(1);
    send.fork(3);
    const seen = collect(events);
    send.fork(4);
    await pause();
    expect(seen.values).to.deep.equal([]);
    expect(seen.end).to.be.instanceOf(NetlinkError);
  });

  it('fails with the error of the answer', async () => {
    const { events, requests } = eventsOf('rejects');
    const error = (await errorOf(events)) as KernelError;
    expect(error).to.be.instanceOf(KernelError);
    expect(error.message).to.equal('EPERM processEvents (needs CAP_NET_ADMIN in the initial namespace)');
    await pause();
    expect(requests()).to.deep.equal([LISTEN_ALL, LISTEN]);
  });

  it('shares the events among its subscribers, and asks again after the last one has left', async () => {
    const { events, requests, send } = eventsOf('selects');
    const [first, second] = [collect(events), collect(events)];
    send.fork(1);
    await pause();
    first.stop();
    send.fork(2);
    await pause();
    second.stop();
    await pause();
    const third = collect(events);
    send.fork(3);
    await pause();
    third.stop();
    await pause();
    expect([first, second, third].map(({ values }) => values.map(({ data }) => (data as { childPid: number }).childPid))).to.deep.equal([
      [1],
      [1, 2],
      [3],
    ]);
    expect(requests()).to.deep.equal([LISTEN_ALL, IGNORE, LISTEN_ALL, IGNORE]);
  });

  it('reports events that the kernel could not send, by their numbers on each processor', async () => {
    const { events, send } = eventsOf('selects');
    const seen = collect(events);
    for (const cpu of [0, 1, 0]) send.fork(10 + cpu, cpu);
    for (let count = 0; count < 3; count++) send.lost(1);
    send.fork(20, 0);
    send.fork(21, 1);
    await pause();
    expect(seen.values).to.have.length(5);
    expect(seen.end).to.be.instanceOf(OverrunError).with.property('dropped', 3);
    expect((seen.end as Error).message).to.equal('ENOBUFS processEvents: the kernel could not send 3 events of processor 1');
  });

  it('reports an overrun once, and keeps listening when the subscriber continues', async () => {
    const { events, kernel, requests, send } = eventsOf('selects');
    const lost: number[] = [];
    const seen = collect(events.pipe(resyncOnOverrun(({ dropped }) => void lost.push(dropped))));
    send.fork(1);
    send.lost(0);
    kernel.overrun({ dropped: 1 });
    await pause();
    send.fork(2);
    await pause();
    expect([seen.values.length, lost, seen.end]).to.deep.equal([2, [1], undefined]);
    expect(requests()).to.deep.equal([LISTEN_ALL]);
    seen.stop();
  });

  it('ends with the overrun in which its answer was lost, and asks the kernel to stop', async () => {
    const { events, kernel, requests } = eventsOf('counts');
    using _lease = events.client.socket.connect();
    kernel.overrun({ dropped: 4 });
    const seen = collect(events);
    await pause();
    expect(seen.end).to.be.instanceOf(OverrunError).with.property('dropped', 4);
    // The kernel may have agreed.
    expect(requests()).to.deep.equal([LISTEN_ALL, LISTEN, IGNORE]);
  });

  it('asks the kernel to stop before close() closes the socket', async () => {
    const { events, requests } = eventsOf('counts');
    const seen = collect(events);
    events.close();
    expect((seen.end as NetlinkError).name).to.equal('SocketClosedError');
    events.close();
    expect(requests()).to.deep.equal([LISTEN_ALL, LISTEN, IGNORE]);
    await pause();
  });

  it('is still in the group when it asks the kernel to stop', async () => {
    const memberships: (readonly number[])[] = [];
    const { events, kernel } = eventsOf('counts');
    const seen = collect(events);
    kernel.received.subscribe(() => memberships.push(kernel.sockets[0]!.memberships()));
    seen.stop();
    await pause();
    expect(memberships).to.deep.equal([[1]]);
  });

  it('checks its options when it is made', () => {
    expect(() => processEvents({ events: [] })).to.throw(
      TypeError,
      'processEvents: option events must be a list of events, not an empty list',
    );
    expect(() => processEvents({ events: 'fork' } as object)).to.throw(TypeError, 'option events must be a list of events');
    expect(() => processEvents({ events: ['forks'] } as object)).to.throw(TypeError, "unknown event 'forks'; expected one of fork, exec");
  });
});
