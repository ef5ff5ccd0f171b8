import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { mptcpPm } from '../../lib/families/mptcp_pm.js';
import { nftables } from '../../lib/families/nftables.js';
import { rtAddr, rtAddrSchema } from '../../lib/families/rt-addr.js';
import { rtLink } from '../../lib/families/rt-link.js';
import { DumpInterruptedError, EncodeError, Protocol, SocketClosedError, netlink } from '../../lib/index.js';
import { done, errorReply, fakeKernel, multipart, type FakeKernel } from '../../lib/testing/index.js';
import { AttributeEncoder, MessageFlags, type MessageInit } from '../../lib/wire/index.js';
import { CONTROLLER, controller } from './controller.js';
import { host } from '../support/host-order.js';

const NEW_ADDRESS = 20;
const DELETE_ADDRESS = 21;
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it succeeded'),
    (error: unknown) => error,
  );

/** `struct ifaddrmsg` and IFA_LABEL 3. */
function address(label: string, type = NEW_ADDRESS, flags = 0): MessageInit {
  const attributes = new AttributeEncoder().string(3, label).encode();
  return { type, flags, payload: Uint8Array.from([2, 32, 0, 0, ...host(1, 0, 0, 0), ...attributes]) };
}

/** Creates a kernel that interrupts this many dumps of two addresses. */
function interrupted(times: number): FakeKernel {
  let count = 0;
  return fakeKernel(() => {
    const flags = count++ < times ? MessageFlags.DumpInterrupted : 0;
    return multipart([address(`a${String(count)}`), address(`b${String(count)}`, NEW_ADDRESS, flags)]);
  });
}

describe('FamilyClient', () => {
  describe('dump', () => {
    it('emits its rows, then DumpInterruptedError, when a change interrupted it', async () => {
      using client = rtAddr({ transport: interrupted(1) });
      const labels: unknown[] = [];
      const error = await new Promise((resolve) => {
        client.dump('getaddr').subscribe({ next: ({ label }) => labels.push(label), error: resolve, complete: () => resolve(undefined) });
      });
      expect(labels).to.deep.equal(['a1', 'b1']);
      expect(error).to.be.instanceOf(DumpInterruptedError);
    });

    it('sends a dump request on subscribe, and nothing before', async () => {
      const kernel = fakeKernel(() => multipart([]));
      using client = rtAddr({ transport: kernel });
      const dump = client.dump('getaddr', { ifaFamily: 2 });
      expect(kernel.opened).to.equal(0);
      expect(await lastValueFrom(dump.pipe(toArray()))).to.deep.equal([]);
      const [request] = kernel.requests;
      expect(request).to.include({ type: 22 });
      expect(request!.flags & MessageFlags.Dump).to.equal(MessageFlags.Dump);
      expect([...request!.payload]).to.deep.equal([2, 0, 0, 0, 0, 0, 0, 0]);
    });
  });

  describe('list', () => {
    it('repeats an interrupted dump and emits the rows of the last dump only', async () => {
      const kernel = interrupted(2);
      using client = rtAddr({ transport: kernel });
      expect((await lastValueFrom(client.list('getaddr'))).map(({ label }) => label)).to.deep.equal(['a3', 'b3']);
      expect(kernel.requests.length).to.equal(3);
    });

    it('fails after the maximum number of dumps, with the rows of the last one', async () => {
      const kernel = interrupted(Infinity);
      using client = rtAddr({ transport: kernel });
      const error = await failure(lastValueFrom(client.list('getaddr', {}, { retries: 2 })));
      expect(error).to.be.instanceOf(DumpInterruptedError);
      expect((error as DumpInterruptedError).partial.map((row) => (row as { label?: string }).label)).to.deep.equal(['a3', 'b3']);
      expect(kernel.requests.length).to.equal(3);
    });

    it('does not repeat the dump after any other error', async () => {
      const kernel = fakeKernel(() => multipart([address('a')], done('ENODEV')));
      using client = rtAddr({ transport: kernel });
      expect(await failure(lastValueFrom(client.list('getaddr')))).to.include({ code: 'ENODEV', operation: 'getaddr' });
      expect(kernel.requests.length).to.equal(1);
    });
  });

  describe('do', () => {
    it('emits undefined when the kernel sends no reply', async () => {
      using client = rtAddr({ transport: fakeKernel() });
      expect(await lastValueFrom(client.do('deladdr', { ifaIndex: 1, local: '10.0.0.1' }).pipe(toArray()))).to.deep.equal([undefined]);
    });

    it('sets the flags of its options', async () => {
      const kernel = fakeKernel();
      using client = rtAddr({ transport: kernel });
      const { Request, Ack, Create, Exclusive, Replace, Append } = MessageFlags;
      await lastValueFrom(client.do('newaddr', {}, { create: true, exclusive: true }));
      await lastValueFrom(client.do('newaddr', {}, { create: true, replace: true, append: true }));
      expect(kernel.requests.map(({ flags }) => flags)).to.deep.equal([
        Request | Ack | Create | Exclusive,
        Request | Ack | Create | Replace | Append,
      ]);
    });

    it('fails before anything is sent when a value cannot be encoded, and names the attribute', async () => {
      const kernel = fakeKernel();
      using client = rtLink({ transport: kernel });
      const error = await failure(lastValueFrom(client.do('newlink', { mtu: -1 })));
      expect(error).to.be.instanceOf(EncodeError);
      expect(error).to.include({
        path: '.mtu',
        operation: 'newlink',
        message: 'EENCODE newlink: .mtu: -1 is not an integer from 0 to 4294967295',
      });
      const misspelt = { linkinfo: { kind: 'vxlan', data: { idd: 5 } } } as object;
      expect(await failure(lastValueFrom(client.do('newlink', misspelt))))
        .to.have.property('message')
        .that.includes('id');
      expect(kernel.opened).to.equal(0);
    });

    it('names attributes in kernel errors', async () => {
      const kernel = fakeKernel((request) =>
        // The attribute IFA_LOCAL, the first after struct ifaddrmsg
        errorReply('EINVAL', { message: 'not so', offset: request.length - 8 }),
      );
      using client = rtAddr({ transport: kernel });
      const error = await failure(lastValueFrom(client.do('newaddr', { ifaFamily: 2, ifaPrefixlen: 32, local: '192.0.2.1' })));
      expect(error).to.have.property('message', 'EINVAL newaddr: address 192.0.2.1/32: .local not so');
    });

    it('names the capability that a rejected operation needs: by the specification, or by the protocol for its writes', async () => {
      const kernel = fakeKernel((request) =>
        request.type === CONTROLLER ? controller(request, { mptcp_pm: { id: 31 } }) : errorReply('EPERM'),
      );
      using generic = mptcpPm({ transport: kernel });
      expect(await failure(lastValueFrom(generic.do('flush-addrs')))).to.have.property(
        'message',
        'EPERM flush-addrs (needs CAP_NET_ADMIN in its namespace)',
      );
      using client = rtLink({ transport: kernel });
      expect(await failure(lastValueFrom(client.do('dellink', { ifname: 'v0' })))).to.have.property(
        'message',
        "EPERM dellink: interface 'v0' (needs CAP_NET_ADMIN in its namespace)",
      );
    });
  });

  it('throws for names that the family lacks, and suggests a similar one', () => {
    using client = rtAddr({ transport: fakeKernel() });
    expect(() => client.dump('getadr' as 'getaddr')).to.throw(TypeError, /getaddr/);
    expect(() => client.dump('newaddr' as 'getaddr')).to.throw(TypeError, 'newaddr has no dump');
    expect(() => client.notifications('rtnlgrp-ipv4-ifadr' as 'rtnlgrp-ipv4-ifaddr')).to.throw(
      TypeError,
      "rt-addr: unknown group 'rtnlgrp-ipv4-ifadr'; expected one of rtnlgrp-ipv4-ifaddr, rtnlgrp-ipv6-ifaddr, rtnlgrp-ipv4-mcaddr, rtnlgrp-ipv6-mcaddr, rtnlgrp-ipv6-acaddr; did you mean rtnlgrp-ipv4-ifaddr?",
    );
    expect(() => client.notifications('link' as 'rtnlgrp-ipv4-ifaddr')).to.throw(
      "unknown group 'link'; expected one of rtnlgrp-ipv4-ifaddr",
    );
  });

  it('fails for a transaction when the protocol has none', async () => {
    using client = rtAddr({ transport: fakeKernel() });
    expect(await failure(lastValueFrom(client.transaction([])))).to.be.instanceOf(TypeError);
  });

  it('names the operation of a transaction that cannot be encoded, and sends none', async () => {
    const kernel = fakeKernel();
    using client = nftables({ transport: kernel });
    const wrong = { op: 'newchain', request: { table: 't', name: 'c', hook: { num: -1 } } } as const;
    const error = await failure(lastValueFrom(client.transaction([{ op: 'newtable', request: { name: 't' } }, wrong])));
    expect(error).to.be.instanceOf(EncodeError).and.include({ path: '[1].hook.num', operation: 'newchain' });
    expect((error as Error).message).to.match(/^EENCODE newchain: \[1\]\.hook\.num: -1 is/);
    // A transaction of one has no index.
    expect(await failure(lastValueFrom(client.do(wrong.op, wrong.request)))).to.include({ path: '.hook.num', operation: 'newchain' });
    expect(kernel.requests).to.have.length(0);
  });

  describe('sockets', () => {
    const GROUP = rtAddrSchema.groups.find(({ name }) => name === 'rtnlgrp-ipv4-ifaddr')!.number!;

    it('are two: one for requests, one for notifications that the first subscription opens', async () => {
      const kernel = fakeKernel();
      using client = rtAddr({ transport: kernel });
      using lease = client.socket.connect();
      const notifications = client.notifications('rtnlgrp-ipv4-ifaddr');
      expect(kernel.opened).to.equal(1);
      const listening = notifications.subscribe();
      await lastValueFrom(client.do('newaddr'));
      expect(kernel.sockets.map((socket) => socket.memberships())).to.deep.equal([[], [GROUP]]);
      expect(lease.closed).to.equal(false);
      listening.unsubscribe();
      await turn();
      expect(kernel.sockets.length).to.equal(1);
    });

    it('leave a group with its last subscriber, and not before', async () => {
      const kernel = fakeKernel();
      using client = rtAddr({ transport: kernel });
      const first = client.notifications('rtnlgrp-ipv4-ifaddr', 'rtnlgrp-ipv6-ifaddr').subscribe();
      const second = client.notifications('rtnlgrp-ipv4-ifaddr').subscribe();
      expect(kernel.sockets[0]!.memberships()).to.deep.equal([5, 9]);
      first.unsubscribe();
      await turn();
      expect(kernel.sockets[0]!.memberships()).to.deep.equal([5]);
      second.unsubscribe();
      await turn();
      expect(kernel.sockets).to.deep.equal([]);
    });

    it('decode notifications of new and deleted objects', async () => {
      const kernel = fakeKernel();
      using client = rtAddr({ transport: kernel });
      const received: unknown[] = [];
      const listening = client
        .notifications('rtnlgrp-ipv4-ifaddr')
        .subscribe(({ op, value: { label }, group }) => received.push([op, label, group]));
      kernel.notify(GROUP, address('x'));
      kernel.notify(GROUP, address('x', DELETE_ADDRESS));
      await turn();
      expect(received).to.deep.equal([
        ['newaddr-ntf', 'x', GROUP],
        ['deladdr-ntf', 'x', GROUP],
      ]);
      listening.unsubscribe();
    });

    it('of its own close with the client; streams end with SocketClosedError', async () => {
      const kernel = fakeKernel(() => []);
      const client = rtAddr({ transport: kernel });
      const ends = Promise.all([
        failure(lastValueFrom(client.do('newaddr'))),
        failure(lastValueFrom(client.notifications('rtnlgrp-ipv4-ifaddr'))),
      ]);
      client.close();
      for (const error of await ends) expect(error).to.be.instanceOf(SocketClosedError);
      await turn();
      expect(kernel.sockets).to.deep.equal([]);
    });

    it('of the caller stay open', async () => {
      const kernel = fakeKernel();
      const socket = netlink({ protocol: Protocol.Route, transport: kernel });
      using lease = socket.connect();
      const client = rtAddr(socket);
      const listening = failure(lastValueFrom(client.notifications('rtnlgrp-ipv4-ifaddr')));
      client.close();
      expect(await listening).to.be.instanceOf(SocketClosedError);
      expect(socket.isOpen).to.equal(true);
      expect(lease.closed).to.equal(false);
      await turn();
      expect(kernel.sockets.length).to.equal(1);
    });

    it('for notifications are one for all clients of a socket, and stay open for the others when one client closes', async () => {
      const kernel = fakeKernel();
      const socket = netlink({ protocol: Protocol.Route, transport: kernel });
      using lease = socket.connect();
      const [one, other] = [rtAddr(socket), rtAddr(socket)];
      const received: unknown[] = [];
      const ended = failure(lastValueFrom(one.notifications('rtnlgrp-ipv4-ifaddr')));
      const listening = other.notifications('rtnlgrp-ipv4-ifaddr').subscribe(({ value: { label } }) => received.push(label));
      expect(kernel.sockets.length).to.equal(2);
      one.close();
      expect(await ended).to.be.instanceOf(SocketClosedError);
      expect(await failure(lastValueFrom(one.notifications('rtnlgrp-ipv4-ifaddr')))).to.be.instanceOf(SocketClosedError);
      expect(kernel.notify(GROUP, address('x'))).to.equal(1);
      await turn();
      expect(received).to.deep.equal(['x']);
      listening.unsubscribe();
      expect(lease.closed).to.equal(false);
    });

    it('for notifications close with the socket of the requests', async () => {
      const kernel = fakeKernel();
      const socket = netlink({ protocol: Protocol.Route, transport: kernel });
      const client = rtAddr(socket);
      const ended = failure(lastValueFrom(client.notifications('rtnlgrp-ipv4-ifaddr')));
      socket.close();
      expect(await ended).to.be.instanceOf(SocketClosedError);
      // The sibling is created by the first access, here after the end.
      const later = netlink({ protocol: Protocol.Route, transport: kernel });
      later.close();
      expect(await failure(lastValueFrom(rtAddr(later).notifications('rtnlgrp-ipv4-ifaddr')))).to.be.instanceOf(SocketClosedError);
      await turn();
      expect(kernel.sockets).to.deep.equal([]);
    });
  });
});
