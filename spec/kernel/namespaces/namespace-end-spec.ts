import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readlinkSync } from 'node:fs';
import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { NetlinkError, Protocol, SocketClosedError, type NetlinkSocket } from '../../../lib/index.js';
import { createNamespace, namespaceError, run, skipBecause, type Namespace } from '../../support/namespace.js';
import { RTNLGRP, dumpLinks, getLink, linkName } from '../../support/rtnetlink.js';
import { errorOf, collect, pause, until, useSockets } from '../../support/sockets.js';
import { spawn, spawnSync } from '../../support/programs.js';

const linksOf = async (socket: NetlinkSocket) =>
  (await lastValueFrom(socket.request(dumpLinks).pipe(toArray()))).map((message) => linkName(message));

/** Subscribes to all streams of a socket; the result returns the end of each. */
function subscribeToAll(socket: NetlinkSocket): () => unknown[] {
  const streams = [collect(socket), collect(socket.datagrams), collect(socket.multicast(RTNLGRP.LINK))];
  const waiting = collect(socket.request({ type: 1 }, { ack: false }));
  return () => [...streams, waiting].map(({ end }) => end);
}

function expectNamespaceEnd(ends: readonly unknown[]): void {
  for (const end of ends) expect(end).to.be.instanceOf(SocketClosedError).and.include({ reason: 'netns', code: 'EBADF' });
}

describe('the end of a network namespace', () => {
  const open = useSockets();
  let namespace: Namespace | undefined;

  afterEach(() => namespace?.delete());

  /** Makes a namespace with a name; skips the spec if that is not possible. */
  function named(context: Mocha.Context): Namespace & { name: string } {
    const unavailable = namespaceError();
    if (unavailable !== undefined) skipBecause(context, unavailable);
    namespace = createNamespace();
    const { name } = namespace;
    if (name === undefined) skipBecause(context, '/run/netns cannot be written');
    return { ...namespace, name };
  }

  for (const how of ['name', 'path'] as const) {
    it(`ends all streams, requests and leases of a socket that was opened by ${how}`, async function () {
      const own = named(this);
      const socket = open({ protocol: Protocol.Route, netns: own[how] });
      const sibling = socket.sibling();
      const lease = socket.connect();
      const ends = [subscribeToAll(socket), subscribeToAll(sibling)];
      namespace?.delete();
      await until('all ended', () => ends.every((all) => all().every((end) => end !== undefined)));
      for (const all of ends) expectNamespaceEnd(all());
      expect({ open: socket.isOpen, sibling: sibling.isOpen, lease: lease.closed }).to.deep.equal({
        open: false,
        sibling: false,
        lease: true,
      });
      expect(await errorOf(socket))
        .to.be.instanceOf(NetlinkError)
        .and.include({ code: 'ENOENT', operation: 'open' });
    });
  }

  it('ends a socket that was opened by process when the process ends', async function () {
    const unavailable = namespaceError();
    if (unavailable !== undefined) skipBecause(this, unavailable);
    const holder: ChildProcess = spawn('unshare', ['--net', 'sleep', '100'], { stdio: 'ignore' });
    const pid = holder.pid ?? 0;
    const path = `/proc/${String(pid)}/ns/net`;
    await until('the namespace of the process', () => readlinkSync(path) !== readlinkSync('/proc/self/ns/net'));
    const socket = open({ protocol: Protocol.Route, netns: { pid } });
    const ends = subscribeToAll(socket);
    expect(await linksOf(socket)).to.deep.equal(['lo']);
    await pause(30);
    expect(ends()).to.deep.equal([undefined, undefined, undefined, undefined]);
    holder.kill('SIGKILL');
    await until('all ended', () => ends().every((end) => end !== undefined));
    expectNamespaceEnd(ends());
  });

  it('does not end a socket in another namespace', async function () {
    const own = named(this);
    const socket = open({ protocol: Protocol.Route, netns: own.name });
    const ends = subscribeToAll(socket);
    for (let round = 0; round < 5; round++) createNamespace().delete();
    await pause(50);
    expect(ends()).to.deep.equal([undefined, undefined, undefined, undefined]);
    expect(await linksOf(socket)).to.deep.equal(['lo']);
  });

  it('ends a socket after its sibling has used the same namespace, although another namespace has the name now', async function () {
    const { name, ip } = named(this);
    ip('link add former type bridge');
    const socket = open({ protocol: Protocol.Route, netns: name });
    const ends = subscribeToAll(socket);
    // In one turn of the event loop: the socket cannot have been notified yet.
    run('ip', ['netns', 'delete', name]);
    run('ip', ['netns', 'add', name]);
    const sibling = collect(socket.sibling().request(getLink(2)));
    const later = collect(open({ protocol: Protocol.Route, netns: name }).request(getLink(2)));
    expect(sibling.values.map((message) => linkName(message))).to.deep.equal(['former']);
    expect(later.end).to.include({ code: 'ENODEV' });
    await until('the first ended', () => ends().every((end) => end !== undefined));
    expectNamespaceEnd(ends());
    expect(await linksOf(socket)).to.deep.equal(['lo']);
  });

  it('does not end a socket that was opened by descriptor', async function () {
    const own = named(this);
    const fd = openSync(own.path, 'r');
    const socket = open({ protocol: Protocol.Route, netns: { fd } });
    const ends = subscribeToAll(socket);
    spawnSync('ip', ['netns', 'delete', own.name]);
    await pause(50);
    expect(ends()).to.deep.equal([undefined, undefined, undefined, undefined]);
    expect(await linksOf(socket)).to.deep.equal(['lo']);
    closeSync(fd);
  });

  it('goes unnoticed without inotify, and the socket opens', function () {
    // A user namespace can forbid all inotify instances. A leaked inotify descriptor would be counted.
    const script = `
      import { readdirSync } from 'node:fs';
      import { Protocol, netlink } from './lib/index.js';
      const descriptors = () => readdirSync('/proc/self/fd').length;
      const before = descriptors();
      const socket = netlink({ protocol: Protocol.Route, netns: 'lone' });
      socket.connect();
      const { isOpen } = socket;
      socket.close();
      console.log(JSON.stringify({ isOpen, left: descriptors() - before }));
    `;
    const setup = 'mount -t tmpfs none /run && mkdir /run/netns && ip netns add lone && echo 0 > /proc/sys/user/max_inotify_instances';
    const inside = ['--user', '--map-root-user', '--net', '--mount', 'sh', '-c', `${setup} || exit 77; exec "$@"`, 'sh'];
    const { status, stdout, stderr } = spawnSync(
      'unshare',
      [...inside, process.execPath, '--import', 'tsx', '--input-type=module', '--eval', script],
      { encoding: 'utf8' },
    );
    if (status === 77 || stderr.startsWith('unshare:')) skipBecause(this, 'inotify cannot be forbidden', stderr);
    expect(stderr).to.equal('');
    expect(JSON.parse(stdout)).to.deep.equal({ isOpen: true, left: 0 });
  });
});
