import { expect } from 'chai';
import { NEVER, firstValueFrom, lastValueFrom, toArray, type Observable, type Subscription } from 'rxjs';
import { rtLink } from '../../lib/families/rt-link.js';
import { FleetError, remote, serveRemote } from '../../lib/fleet/index.js';
import { isKernelError, type NetlinkError } from '../../lib/errors/index.js';
import { MessageFlags, Protocol, netlink } from '../../lib/index.js';
import { fakeKernel, multipart, notification } from '../../lib/testing/index.js';
import { BEAT, HOST, ServedHost, links } from './served-host.js';

/** Returns the error with which an Observable ends. */
function endOf(stream: Observable<unknown>): Promise<NetlinkError> {
  return new Promise((resolve, reject) => {
    stream.subscribe({ error: resolve, complete: () => reject(new Error('it completed')) });
  });
}

describe('a remote socket', () => {
  const host = new ServedHost();

  afterEach(() => host.reset());

  it('sends requests to the kernel of the host, and closes its socket', async () => {
    const kernel = links();
    await host.serve(kernel);
    const client = rtLink({ transport: host.transport() });
    expect((await lastValueFrom(client.list('getlink'))).map(({ ifname }) => ifname)).to.deep.equal(['lo', 'a']);
    client.close();
    await host.untilEvent('closed');
    expect(kernel.sockets).to.deep.equal([]);
    expect(host.events.map(({ type }) => type)).to.deep.equal(['started', 'opened', 'closed']);
  });

  it('receives the events of its groups', async () => {
    const kernel = fakeKernel();
    await host.serve(kernel);
    using socket = netlink({ protocol: Protocol.Route, transport: host.transport(), groups: [7] });
    const first = firstValueFrom(socket.multicast(1));
    await host.untilEvent('opened');
    expect(kernel.sockets[0]!.memberships()).to.deep.equal([1, 7]);
    kernel.notify(1, notification(16, Uint8Array.of(3)));
    expect([...(await first).payload]).to.deep.equal([3]);
  });

  it('joins and leaves groups while it is open', async () => {
    const kernel = fakeKernel();
    await host.serve(kernel);
    using socket = netlink({ protocol: Protocol.Route, transport: host.transport() });
    using _lease = socket.connect();
    await host.untilEvent('opened');
    socket.joinGroup(5);
    socket.joinGroup(6);
    socket.leaveGroup(5);
    while (kernel.sockets[0]!.memberships().join() !== '6') await new Promise((resolve) => setTimeout(resolve, 5));
    expect(socket.memberships()).to.deep.equal([6]);
  });

  it('opens in the namespace that the policy allows', async () => {
    const kernel = links();
    await host.serve(kernel, { policy: { netns: ['blue'] } });
    using blue = rtLink({ transport: host.transport({ netns: 'blue' }) });
    await lastValueFrom(blue.list('getlink'));
    using same = rtLink({ transport: host.transport(), netns: 'blue' });
    await lastValueFrom(same.list('getlink'));
    using red = rtLink({ transport: host.transport(), netns: 'red' });
    const error = await endOf(red.list('getlink'));
    expect(error).to.be.an.instanceOf(FleetError);
    expect([error.code, (error as FleetError).reason]).to.deep.equal(['EPERM', 'policy']);
    expect(error.message).to.equal("EPERM remote: the policy of host 'web-1' does not allow network namespace 'red'; add it to its netns");
    const end = endOf(blue.watch('getlink'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    kernel.deleteNamespace('blue');
    expect((await end).message).to.include("the network namespace of the socket was deleted on host 'web-1'");
  });

  it('rejects writes before the kernel gets them, with the reason in the extended ack', async () => {
    const kernel = links();
    await host.serve(kernel);
    using client = rtLink({ transport: host.transport() });
    const error = await endOf(client.do('newlink', { ifname: 'x', linkinfo: { kind: 'dummy' } }));
    expect(isKernelError(error, 'EPERM')).to.equal(true);
    expect(error.message).to.equal(
      "EPERM newlink: interface 'x', kind 'dummy': the policy of host 'web-1' does not allow newlink of rt-link; allow it with write: { 'rt-link': ['newlink'] }",
    );
    expect(kernel.requests).to.deep.equal([]);
  });

  it('sends nothing of a datagram with one message that is not allowed, and ends all of its requests', async () => {
    const kernel = links();
    await host.serve(kernel);
    using socket = netlink({ protocol: Protocol.Route, transport: host.transport() });
    const inits = [18, 16, 18].map((type) => ({ type, flags: MessageFlags.Request, payload: new Uint8Array(16) }));
    const results = await lastValueFrom(socket.batch(inits).pipe(toArray()));
    expect(results.map((result) => ('error' in result ? result.error.code : 'ok'))).to.deep.equal(['EPERM', 'EPERM', 'EPERM']);
    expect(kernel.requests).to.deep.equal([]);
  });

  it('refuses 100 kinds of writes before the kernel', async () => {
    const kernel = fakeKernel(() => NEVER);
    await host.serve(kernel);
    using socket = netlink({ protocol: Protocol.Route, transport: host.transport() });
    const types = Array.from({ length: 34 }, (_, index) => [16, 17, 19].map((first) => first + 4 * index)).flat();
    expect(types.length).to.be.greaterThan(100);
    const errors = await Promise.all(
      types.map((type) => endOf(socket.request({ type, flags: MessageFlags.Request | MessageFlags.Ack, payload: new Uint8Array(16) }))),
    );
    expect(new Set(errors.map(({ code }) => code))).to.deep.equal(new Set(['EPERM']));
    expect(kernel.requests).to.deep.equal([]);
    expect(host.events.filter(({ type }) => type === 'refused')).to.have.length(types.length);
  });

  describe('ends every request and stream with ENOTCONN', () => {
    async function ends(cause: (server: Subscription, client: ReturnType<typeof rtLink>) => void, text: string): Promise<void> {
      const server = await host.serve(fakeKernel(() => NEVER));
      using client = rtLink({ transport: host.transport() });
      const all = [endOf(client.list('getlink')), endOf(client.watch('getlink'))];
      await host.untilEvent('opened');
      await new Promise((resolve) => setTimeout(resolve, 30));
      cause(server, client);
      const errors = await Promise.all(all);
      expect(errors.map(({ code }) => code)).to.deep.equal(['ENOTCONN', 'ENOTCONN']);
      // A live collection reads the table again, and fails when that is not possible either.
      expect(errors[0]!.message).to.include(text);
    }

    it('when the host is silent', () =>
      ends(() => (host.nats.delivers = (subject) => !subject.endsWith('.rx')), `host 'web-1' has been silent for ${3 * BEAT} ms`));

    it('when a message of the host is lost', () => {
      const lost = new Set<string>();
      return ends(
        () => (host.nats.delivers = (subject) => !subject.endsWith('.rx') || lost.size === lost.add(subject).size),
        'messages were lost: expected number',
      );
    });

    it('when the host stops', () => ends((server) => server.unsubscribe(), 'the host has stopped serving'));

    it('when the connection to the server is lost', () =>
      ends(() => host.nats.report({ type: 'disconnect', server: 'x' }), 'the connection to the server is lost'));

    it('when a message to the host is lost', () => {
      const lost = new Set<string>();
      return ends(
        () => (host.nats.delivers = (subject) => !subject.endsWith('.tx') || lost.size === lost.add(subject).size),
        "host 'web-1' has closed the socket: messages were lost",
      );
    });
  });

  it('fails at once when no program serves the host', async () => {
    using client = rtLink({ transport: host.transport() });
    const error = await endOf(client.list('getlink'));
    expect([error.code, (error as FleetError).reason]).to.deep.equal(['ENOTCONN', 'silent']);
    expect(error.message).to.include("host 'web-1' does not serve netlink sockets");
  });

  it('fails when the host does not answer in time', async () => {
    await host.serve(links());
    host.nats.delivers = (subject) => !subject.endsWith('.open');
    using client = rtLink({ transport: host.transport({ openTimeout: 30 }) });
    expect((await endOf(client.list('getlink'))).message).to.include("host 'web-1' has not answered for 30 ms");
  });

  it('works again after the host has come back', async () => {
    const server = await host.serve(links());
    using client = rtLink({ transport: host.transport() });
    await lastValueFrom(client.list('getlink'));
    server.unsubscribe();
    await endOf(client.list('getlink'));
    await host.serve(links());
    expect(await lastValueFrom(client.list('getlink'))).to.have.length(2);
  });

  it('carries slabs and datagrams that are larger than a message of the server', async () => {
    const kernel = links();
    await host.serve(kernel);
    using client = rtLink({ transport: remote(host.nats.connect(100), HOST) });
    expect(await lastValueFrom(client.list('getlink'))).to.have.length(2);
    for (const { subject, data } of host.nats.published) if (subject.endsWith('.tx')) expect(data.length).to.be.at.most(100);
  });

  it('makes the host stop reading when it is paused for longer than a window', async () => {
    const parts = Array.from({ length: 200 }, () => ({ type: 16, payload: new Uint8Array(1024) }));
    const kernel = fakeKernel(() => multipart(parts), { partsPerDatagram: 1 });
    await host.serve(kernel);
    using socket = netlink({ protocol: Protocol.Route, transport: host.transport({ window: 8192 }) });
    let count = 0;
    const end = new Promise((resolve, reject) => {
      socket
        .request({ type: 18, flags: MessageFlags.Request | MessageFlags.Dump, payload: new Uint8Array(16) })
        .subscribe({ next: () => count++, complete: () => resolve(undefined), error: reject });
    });
    socket.pause();
    await host.untilEvent('opened');
    socket.resume();
    await new Promise((resolve) => setTimeout(resolve, 10));
    socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const slabs = host.nats.published.filter(({ subject, data }) => subject.endsWith('.rx') && data[0] === 1);
    const before = slabs.length;
    await new Promise((resolve) => setTimeout(resolve, 3 * BEAT));
    expect(host.nats.published.filter(({ subject, data }) => subject.endsWith('.rx') && data[0] === 1)).to.have.length(before);
    socket.resume();
    await end;
    expect(count).to.equal(200);
  });

  it('is closed at the host when the client disappears', async () => {
    const kernel = links();
    await host.serve(kernel, { silentAfter: 3 });
    using socket = netlink({ protocol: Protocol.Route, transport: host.transport() });
    using _lease = socket.connect();
    await host.untilEvent('opened');
    host.nats.delivers = (subject) => !subject.endsWith('.tx');
    await host.untilEvent('closed');
    expect(kernel.sockets).to.deep.equal([]);
    expect(host.events.at(-1)).to.deep.include({ type: 'closed', reason: `the client has been silent for ${3 * BEAT} ms` });
  });

  it('leaves nothing behind on either side', async () => {
    const kernel = links();
    const server = await host.serve(kernel);
    expect(host.nats.subscriptions).to.equal(2);
    const client = rtLink({ transport: host.transport() });
    await lastValueFrom(client.list('getlink'));
    client.close();
    await host.untilEvent('closed');
    expect(host.nats.subscriptions).to.equal(2);
    server.unsubscribe();
    expect(host.nats.subscriptions).to.equal(0);
  });

  for (const [title, create, text] of [
    ['a host without a name', () => remote(host.nats.connect(), ''), 'remote: host must not be empty'],
    ['a host with a long name', () => remote(host.nats.connect(), 'x'.repeat(70)), 'the limit is 64'],
    ['no connection', () => remote({} as never, HOST), 'must be a connection to a NATS server'],
    ['a path', () => remote(host.nats.connect(), HOST, { netns: '/run/netns/a' }), 'must be the name of a network namespace'],
    ['an unknown option', () => remote(host.nats.connect(), HOST, { beat: 1 } as object), 'beat'],
    ['a small window', () => remote(host.nats.connect(), HOST, { window: 1 }), 'window'],
    ['no host to serve', () => serveRemote(host.nats.connect(), {} as never), 'host must be a text'],
    ['a beat of 0', () => serveRemote(host.nats.connect(), { host: HOST, beat: 0 }), 'beat'],
  ] as const)
    it(`rejects ${title}`, () => {
      expect(create).to.throw(Error, text);
    });
});
