import type { ChildProcess } from 'node:child_process';
import { expect } from 'chai';
import { network, type Network } from '../../../../lib/network/network.js';
import { isNetworkError } from '../../../../lib/network/common/network-error.js';
import type { SocketEntry } from '../../../../lib/network/sockets/socket-entry.js';
import { skipBecause, useNamespace } from '../../../support/namespace.js';
import { until } from '../../../support/sockets.js';
import { OPEN, OTHERS, openSockets } from '../../families/sockets/programs.js';
import { failure, one } from '../support.js';

describe('network().sockets.delete and closed', () => {
  const namespace = useNamespace();
  let net: Network;
  let holder: ChildProcess;

  before(async () => {
    holder = await openSockets(namespace(), OPEN + OTHERS);
    net = network({ netns: namespace().path });
  });
  after(() => net?.close());

  const shown = (words: string): string[] =>
    namespace()
      .run('sh', '-c', `ss ${words} -n -e -O -H 2>/dev/null`)
      .split('\n')
      .flatMap((line) => / sk:([0-9a-f]+)/.exec(line)?.[1] ?? []);

  it('gets one socket by its ends, by its cookie, and by itself', async () => {
    const { sockets } = net;
    const listener = await one(sockets.get({ protocol: 'tcp', state: 'listen', port: 5000 }));
    expect(listener).to.deep.include({ local: { address: '127.0.0.1', port: 5000 }, queues: { receive: 0, send: 5 } });
    expect(listener).to.not.have.property('remote');
    expect(await one(sockets.get(listener))).to.deep.include({ cookie: listener.cookie, inode: listener.inode });
    const [first] = await one(sockets.list({ protocol: 'tcp', state: 'established', port: 5000 }));
    const { local, remote, cookie } = first!;
    expect(await one(sockets.get({ protocol: 'tcp', local, remote: remote! }))).to.include({ cookie });
    expect(await one(sockets.get({ protocol: 'tcp', cookie }))).to.include({ cookie });
    const unix = (await one(sockets.list({ protocol: 'unix' })))[0]!;
    expect(await one(sockets.get(unix))).to.include({ cookie: unix.cookie });
    expect((await failure(sockets.get({ protocol: 'tcp', port: 9 }), 'missing')).message).to.equal(
      'cannot get tcp socket 9: it does not exist',
    );
    const several = await failure(sockets.get({ protocol: 'tcp', local: { address: '127.0.0.1', port: 5000 } }), 'ambiguous');
    expect(several.message).to.include('cannot get tcp socket 127.0.0.1 port 5000: the key matches');
    expect((await failure(sockets.get({ protocol: 'tcp' }), 'invalid')).message).to.include('expected a port');
    expect((await failure(sockets.get({} as never), 'invalid')).path).to.equal('protocol');
  });

  for (const [title, filter, words] of [
    ['an IPv4 connection', { protocol: 'tcp', port: 5010, state: 'established' }, '-tan'],
    ['a mapped connection', { protocol: 'tcp', port: 5002, local: '127.0.0.1', state: 'established' }, '-tan'],
    ['an IPv6 connection', { protocol: 'tcp', port: 5001, state: 'established' }, '-tan'],
    ['a connected UDP socket', { protocol: 'udp', remote: { port: 5003 } }, '-uan'],
  ] as const) {
    it(`closes ${title}, which ss then lacks`, async function () {
      const { sockets } = net;
      const [victim] = await one(sockets.list(filter));
      const before = shown(words);
      const deleted = await one(sockets.delete(victim!)).catch((error: unknown) => {
        if (isNetworkError(error, 'unsupported')) skipBecause(this, 'the kernel has no INET_DIAG_DESTROY');
        throw error;
      });
      expect(deleted).to.include({ protocol: filter.protocol, cookie: victim!.cookie, state: victim!.state });
      const key = victim!.cookie.toString(16);
      const after = shown(words);
      expect(before).to.include(key);
      expect(after).to.not.include(key);
      // The peer of a connection is reset and closed too.
      expect(before.length - after.length).to.be.within(1, 2);
      expect((await failure(sockets.delete(victim!), 'missing')).message).to.include('it does not exist');
    });
  }

  it('stops a listener, which keeps its port', async () => {
    const listener = await one(net.sockets.get({ protocol: 'tcp', port: 5001, state: 'listen' }));
    const listening = (): string[] => shown('-tl');
    expect(listening()).to.include(listener.cookie.toString(16));
    await one(net.sockets.delete(listener));
    expect(listening()).to.not.include(listener.cookie.toString(16));
    // Linux before 6.8 lists no socket that has a port and neither listens nor is connected.
    if (shown('-tB').includes(listener.cookie.toString(16))) expect(await one(net.sockets.get(listener))).to.include({ state: 'close' });
    else await failure(net.sockets.get(listener), 'missing');
  });

  it('disconnects a bound UDP socket, which keeps its port', async () => {
    const bound = await one(net.sockets.get({ protocol: 'udp', port: 5003 }));
    await one(net.sockets.delete(bound));
    expect(shown('-uan')).to.include(bound.cookie.toString(16));
  });

  it('refuses to close sockets that the kernel does not close', async () => {
    const { sockets } = net;
    const [unix] = await one(sockets.list({ protocol: 'unix' }));
    const error = await failure(sockets.delete(unix!), 'unsupported');
    expect(error.message).to.include('the kernel closes sockets of tcp, udp, udplite, raw only, not of unix');
  });

  it('emits every socket that its process closes', async () => {
    const closed: SocketEntry[] = [];
    const errors: unknown[] = [];
    const all = net.sockets.closed().subscribe({ next: (socket) => closed.push(socket), error: (error: unknown) => errors.push(error) });
    const some: SocketEntry[] = [];
    const udp = net.sockets.closed({ protocol: 'udp', family: 6 }).subscribe((socket) => some.push(socket));
    const open = await one(net.sockets.list({ protocol: ['tcp', 'udp'] }));
    const expected = open.filter(({ inode }) => inode !== undefined);
    expect(expected.length).to.be.above(15);
    holder.stdin!.end();
    const isClosed = ({ cookie }: SocketEntry): boolean => closed.some((socket) => socket.cookie === cookie);
    await until('all events arrive', () => errors.length > 0 || expected.every(isClosed));
    expect(errors).to.deep.equal([]);
    for (const { cookie, protocol, family, local } of expected) {
      const event = closed.find((socket) => socket.cookie === cookie);
      expect(event).to.deep.include({ protocol, family, local });
      if (protocol === 'tcp') expect(event).to.include({ state: 'close' });
    }
    const sixes = expected.filter(({ protocol, family }) => protocol === 'udp' && family === 6);
    expect(some.map(({ cookie }) => cookie)).to.have.members(sixes.map(({ cookie }) => cookie));
    for (const subscription of [all, udp]) subscription.unsubscribe();
    expect(() => net.sockets.closed(1 as never)).to.throw(TypeError);
    expect((await failure(net.sockets.closed({ protocol: 'raw' } as never), 'invalid')).path).to.equal('protocol');
  });
});
