import { expect } from 'chai';
import { mptcpPm } from '../../lib/families/mptcp_pm.js';
import { nftables } from '../../lib/families/nftables.js';
import { rtAddr } from '../../lib/families/rt-addr.js';
import {
  DumpInterruptedError,
  FamilyNotFoundError,
  KernelError,
  MessageFlags,
  NetlinkError,
  Protocol,
  SocketClosedError,
  TimeoutError,
  netlink,
} from '../../lib/index.js';
import { done, errorReply, fakeKernel, multipart, type FakeKernel } from '../../lib/testing/index.js';
import { AttributeEncoder, encodeGenericPayload, type MessageInit } from '../../lib/wire/index.js';
import { CONTROLLER, controller } from './controller.js';
import { host } from '../support/host-order.js';
import { until } from '../support/sockets.js';

/** `struct ifaddrmsg` and IFA_LABEL 3. */
function address(label: string, flags = 0): MessageInit {
  const attributes = new AttributeEncoder().string(3, label).encode();
  return { type: 20, flags, payload: Uint8Array.from([2, 32, 0, 0, ...host(1, 0, 0, 0), ...attributes]) };
}

function failure(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return expect.fail('it succeeded');
}

/** Creates a kernel that interrupts this many dumps of two addresses. */
function interrupted(times: number): FakeKernel {
  let count = 0;
  return fakeKernel(() => {
    const flags = count++ < times ? MessageFlags.DumpInterrupted : 0;
    return multipart([address(`a${String(count)}`), address(`b${String(count)}`, flags)]);
  });
}

describe('blocking requests', () => {
  it('return their replies, from a socket of their own that is closed afterwards, or after the turn if there are more', async () => {
    const kernel = fakeKernel((request) => (request.flags & MessageFlags.Dump ? multipart([address('a'), address('b')]) : address('one')));
    const socket = netlink({ protocol: Protocol.Route, transport: kernel });
    expect(socket.requestSync({ type: 22, flags: MessageFlags.Dump }).map(({ type }) => type)).to.deep.equal([20, 20]);
    expect(kernel.sockets).to.deep.equal([]);
    expect(socket.requestSync({ type: 22 }).length).to.equal(1);
    expect(socket.requestSync({ type: 22 }).length).to.equal(1);
    expect(kernel.opened).to.equal(2);
    expect(kernel.sockets).to.have.length(1);
    expect(socket.isOpen).to.equal(false);
    // The scheduler of the fake kernel has a timer of a millisecond, which may come behind the turn.
    await until('the end of the turn', () => kernel.sockets.length === 0);
    expect(kernel.sockets).to.deep.equal([]);
    expect(socket.requestSync({ type: 22 }).length).to.equal(1);
    expect(kernel.opened).to.equal(3);
    expect(kernel.sockets).to.deep.equal([]);
  });

  it('throw SocketClosedError after the socket is closed', () => {
    const kernel = fakeKernel(() => address('one'));
    const socket = netlink({ protocol: Protocol.Route, transport: kernel });
    const client = rtAddr(socket);
    socket.close();
    expect(failure(() => socket.requestSync({ type: 22 }))).to.be.instanceOf(SocketClosedError);
    expect(failure(() => client.listSync('getaddr'))).to.be.instanceOf(SocketClosedError);
    expect(kernel.opened).to.equal(0);
  });

  it('do not affect the requests and streams of the socket itself', () => {
    const kernel = fakeKernel(() => multipart([address('a')]));
    using socket = netlink({ protocol: Protocol.Route, transport: kernel });
    using lease = socket.connect();
    const received: unknown[] = [];
    const listening = socket.subscribe((message) => received.push(message));
    expect(socket.requestSync({ type: 22, flags: MessageFlags.Dump }).length).to.equal(1);
    expect(received).to.deep.equal([]);
    expect(lease.closed).to.equal(false);
    listening.unsubscribe();
  });

  it('use the same options in the same namespace', () => {
    const kernel = fakeKernel(() => multipart([]));
    const openings: unknown[] = [];
    kernel.openings.subscribe((socket) => openings.push([socket.protocol, socket.netns]));
    const socket = netlink({ protocol: Protocol.Route, transport: kernel, netns: 'blue' });
    socket.requestSync({ type: 22, flags: MessageFlags.Dump });
    expect(openings).to.deep.equal([[Protocol.Route, 'blue']]);
  });

  it('throw the error of the kernel with its message', () => {
    const socket = netlink({ protocol: Protocol.Route, transport: fakeKernel(() => errorReply('ENODEV', { message: 'no such thing' })) });
    const error = failure(() => socket.requestSync({ type: 22 }, { operation: 'getaddr' }));
    expect(error)
      .to.be.instanceOf(KernelError)
      .with.property('message')
      .that.matches(/^ENODEV getaddr: .*no such thing/);
  });

  it('throw TimeoutError when no reply arrives in time, and close the socket', () => {
    const kernel = fakeKernel(() => []);
    const socket = netlink({ protocol: Protocol.Route, transport: kernel });
    const error = failure(() => socket.requestSync({ type: 22 }, { timeout: 5 }));
    expect(error).to.be.instanceOf(TimeoutError).with.property('timeout', 5);
    expect(kernel.sockets).to.deep.equal([]);
  });

  it('ignore replies of other senders than the kernel', () => {
    const kernel: FakeKernel = fakeKernel(() => {
      kernel.spoof(4711, address('forged'));
      return [];
    });
    const socket = netlink({ protocol: Protocol.Route, transport: kernel });
    expect(failure(() => socket.requestSync({ type: 22 }, { timeout: 5 }))).to.be.instanceOf(TimeoutError);
  });

  it('throw for a transport that cannot block, and name what it lacks', () => {
    const kernel = fakeKernel();
    const socket = netlink({
      protocol: Protocol.Route,
      transport: { open: (options) => kernel.open(options), defer: (callback) => kernel.defer(callback) },
    });
    const error = failure(() => socket.requestSync({ type: 22 }));
    expect(error).to.be.instanceOf(NetlinkError).with.property('code', 'EOPNOTSUPP');
    expect((error as Error).message).to.include('openBlocking');
  });
});

describe('FamilyClient, blocking', () => {
  it('lists a table, and repeats an interrupted dump up to the maximum', () => {
    const kernel = interrupted(2);
    using client = rtAddr({ transport: kernel });
    expect(client.listSync('getaddr').map(({ label }) => label)).to.deep.equal(['a3', 'b3']);
    expect(kernel.requests.length).to.equal(3);
    using never = rtAddr({ transport: interrupted(Infinity) });
    const error = failure(() => never.listSync('getaddr', {}, { retries: 1 }));
    expect(error).to.be.instanceOf(DumpInterruptedError);
    expect((error as DumpInterruptedError).partial.length).to.equal(2);
  });

  it('picks, filters, and names errors like the streams', () => {
    using client = rtAddr({ transport: interrupted(0) });
    expect(client.listSync('getaddr', {}, { pick: ['label'] })).to.deep.equal([{ label: 'a1' }, { label: 'b1' }]);
    expect(client.listSync('getaddr', { ifaIndex: 7 })).to.deep.equal([]);
    expect(() => client.listSync('getaddr', {}, { pick: ['labell' as 'label'] })).to.throw(TypeError, 'did you mean label?');
    using refusing = rtAddr({ transport: fakeKernel(() => multipart([address('a')], done('ENODEV'))) });
    expect(failure(() => refusing.listSync('getaddr'))).to.include({ code: 'ENODEV', operation: 'getaddr' });
  });

  it('runs one operation, and returns undefined when there is no reply', () => {
    using client = rtAddr({ transport: fakeKernel() });
    expect(client.doSync('newaddr', { ifaFamily: 2, ifaPrefixlen: 32, local: '192.0.2.1' }, { create: true })).to.equal(undefined);
    expect(() => client.doSync('newaddr', { ifaFamily: 2, local: 'nowhere' })).to.throw('.local');
    expect(() => client.doSync('newadr' as 'newaddr')).to.throw(TypeError, 'newaddr');
  });

  it('runs transactions of one', () => {
    const kernel = fakeKernel();
    using client = nftables({ transport: kernel });
    expect(client.doSync('newtable', { name: 't' }, { create: true })).to.equal(undefined);
    // BATCH_BEGIN, NFT_MSG_NEWTABLE, BATCH_END
    expect(kernel.requests.map(({ type }) => type)).to.deep.equal([0x10, 0xa00, 0x11]);
    using refused = nftables({ transport: fakeKernel((request) => (request.type === 0xa00 ? errorReply('EPERM') : undefined)) });
    expect(failure(() => refused.doSync('newtable', { name: 't' }))).to.include({ code: 'EPERM', operation: 'newtable' });
  });

  it('looks up a generic family once', () => {
    const kernel = fakeKernel((request) =>
      request.type === CONTROLLER
        ? controller(request, { mptcp_pm: { id: 31 } })
        : { type: 31, payload: encodeGenericPayload({ command: 1, version: 1 }, new AttributeEncoder().uint32(2, 8).encode()) },
    );
    using client = mptcpPm({ transport: kernel });
    client.doSync('get-limits');
    client.doSync('get-limits');
    expect(kernel.requests.map(({ type }) => type)).to.deep.equal([CONTROLLER, 31, 31]);
    using missing = mptcpPm({ transport: fakeKernel((request) => controller(request, {})) });
    expect(failure(() => missing.doSync('get-limits'))).to.be.instanceOf(FamilyNotFoundError);
  });
});
