import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readlinkSync } from 'node:fs';
import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { NetlinkError, Protocol, SocketClosedError, type NetlinkSocket } from '../../../lib/index.js';
import { createNamespace, namespaceRefusal, run, skipBecause, type Namespace } from '../../support/namespace.js';
import { RTNLGRP, dumpLinks, getLink, linkName } from '../../support/rtnetlink.js';
import { errorOf, hear, pause, until, useSockets } from '../../support/sockets.js';
import { spawn, spawnSync } from '../../support/programs.js';

const linksOf = async (socket: NetlinkSocket) =>
  (await lastValueFrom(socket.request(dumpLinks).pipe(toArray()))).map((message) => linkName(message));

/** Listens to everything of a socket, and tells how each stream ended. */
function listenToAll(socket: NetlinkSocket): () => unknown[] {
  const streams = [hear(socket), hear(socket.datagrams), hear(socket.multicast(RTNLGRP.LINK))];
  const waiting = hear(socket.request({ type: 1 }, { ack: false }));
  return () => [...streams, waiting].map(({ end }) => end);
}

function expectGone(ends: readonly unknown[]): void {
  for (const end of ends) expect(end).to.be.instanceOf(SocketClosedError).and.include({ reason: 'netns', code: 'EBADF' });
}

describe('the end of a namespace', () => {
  const open = useSockets();
  let namespace: Namespace | undefined;

  afterEach(() => namespace?.delete());

  /** A namespace with a name, or a reason why there is none. */
  function named(context: Mocha.Context): Namespace & { name: string } {
    const refusal = namespaceRefusal();
    if (refusal !== undefined) skipBecause(context, refusal);
    namespace = createNamespace();
    const { name } = namespace;
    if (name === undefined) skipBecause(context, '/run/netns cannot be written here');
    return { ...namespace, name };
  }

  for (const how of ['name', 'path'] as const) {
    it(`ends all streams and requests of a socket that was opened by ${how}, and its leases`, async function () {
      const own = named(this);
      const socket = open({ protocol: Protocol.Route, netns: own[how] });
      const sibling = socket.sibling();
      const lease = socket.connect();
      const ends = [listenToAll(socket), listenToAll(sibling)];
      namespace?.delete();
      await until('all ended', () => ends.every((all) => all().every((end) => end !== undefined)));
      for (const all of ends) expectGone(all());
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

  it('is the end of the process that it was opened by', async function () {
    const refusal = namespaceRefusal();
    if (refusal !== undefined) skipBecause(this, refusal);
    const holder: ChildProcess = spawn('unshare', ['--net', 'sleep', '100'], { stdio: 'ignore' });
    const pid = holder.pid ?? 0;
    const path = `/proc/${String(pid)}/ns/net`;
    await until('it is there', () => readlinkSync(path) !== readlinkSync('/proc/self/ns/net'));
    const socket = open({ protocol: Protocol.Route, netns: { pid } });
    const ends = listenToAll(socket);
    expect(await linksOf(socket)).to.deep.equal(['lo']);
    await pause(30);
    expect(ends()).to.deep.equal([undefined, undefined, undefined, undefined]);
    holder.kill('SIGKILL');
    await until('all ended', () => ends().every((end) => end !== undefined));
    expectGone(ends());
  });

  it('is not the end of another one', async function () {
    const own = named(this);
    const socket = open({ protocol: Protocol.Route, netns: own.name });
    const ends = listenToAll(socket);
    for (let round = 0; round < 5; round++) createNamespace().delete();
    await pause(50);
    expect(ends()).to.deep.equal([undefined, undefined, undefined, undefined]);
    expect(await linksOf(socket)).to.deep.equal(['lo']);
  });

  it('comes after what a sibling still asks: it is in the same one, though the name has gone to another', async function () {
    const { name, ip } = named(this);
    ip('link add former type bridge');
    const socket = open({ protocol: Protocol.Route, netns: name });
    const ends = listenToAll(socket);
    // In one turn of the loop: nobody can have told the socket yet.
    run('ip', ['netns', 'delete', name]);
    run('ip', ['netns', 'add', name]);
    const sibling = hear(socket.sibling().request(getLink(2)));
    const later = hear(open({ protocol: Protocol.Route, netns: name }).request(getLink(2)));
    expect(sibling.values.map((message) => linkName(message))).to.deep.equal(['former']);
    expect(later.end).to.include({ code: 'ENODEV' });
    await until('the first ended', () => ends().every((end) => end !== undefined));
    expectGone(ends());
    expect(await linksOf(socket)).to.deep.equal(['lo']);
  });

  it('does not come while a descriptor holds it: that is its owner to know', async function () {
    const own = named(this);
    const fd = openSync(own.path, 'r');
    const socket = open({ protocol: Protocol.Route, netns: { fd } });
    const ends = listenToAll(socket);
    spawnSync('ip', ['netns', 'delete', own.name]);
    await pause(50);
    expect(ends()).to.deep.equal([undefined, undefined, undefined, undefined]);
    expect(await linksOf(socket)).to.deep.equal(['lo']);
    closeSync(fd);
  });

  it('goes untold where nothing can be watched any more, and the socket opens all the same', function () {
    // A user namespace of its own may have no inotify instance at all; what is left of one shows as a descriptor.
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
    if (status === 77 || stderr.startsWith('unshare:')) skipBecause(this, 'no place without inotify can be made here', stderr);
    expect(stderr).to.equal('');
    expect(JSON.parse(stdout)).to.deep.equal({ isOpen: true, left: 0 });
  });
});
