import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { NetlinkError, Protocol, type NetlinkSocketOptions } from '../../../lib/index.js';
import { createNamespace, namespaceError, skipBecause, type Namespace } from '../../support/namespace.js';
import { RTNLGRP, dumpLinks, linkName } from '../../support/rtnetlink.js';
import { errorOf, collect, until, useSockets } from '../../support/sockets.js';

const COUNT = 50;

/** Returns the network namespaces of all threads of this process. */
function namespacesOfThreads(): string[] {
  const tasks = readdirSync('/proc/self/task').map((task) => `/proc/self/task/${task}/ns/net`);
  return [...new Set(['/proc/self/ns/net', ...tasks].flatMap(readable))];
}

/** Reads a link; returns an empty list if the thread has ended since it was listed. */
function readable(path: string): string[] {
  try {
    return [readlinkSync(path)];
  } catch {
    return [];
  }
}

describe('network namespaces', () => {
  const open = useSockets();
  const home = namespacesOfThreads();
  let namespaces: Namespace[] = [];

  before(function () {
    this.timeout(60_000);
    const unavailable = namespaceError();
    if (unavailable !== undefined) skipBecause(this, unavailable);
    namespaces = Array.from({ length: COUNT }, () => createNamespace());
    namespaces.forEach((namespace, index) => void namespace.ip(`link add only${String(index)} type bridge`));
  });
  after(() => {
    for (const namespace of namespaces) namespace.delete();
  });
  afterEach(() => {
    expect(home).to.have.length(1);
    expect(namespacesOfThreads()).to.deep.equal(home);
  });

  const namesIn = async (netns: NetlinkSocketOptions['netns'] & {}) => {
    const replies = await lastValueFrom(open({ protocol: Protocol.Route, netns }).request(dumpLinks).pipe(toArray()));
    return replies.map((message) => linkName(message));
  };

  it(`give each of ${String(COUNT)} sockets its own links and events`, async function () {
    this.timeout(60_000);
    const sockets = namespaces.map(({ path }) => open({ protocol: Protocol.Route, netns: path }));
    const received = sockets.map((socket) => collect(socket.multicast(RTNLGRP.LINK)));
    expect(sockets.every(({ isOpen }) => isOpen)).to.equal(true);
    expect(namespacesOfThreads()).to.deep.equal(home);
    const dumps = await Promise.all(sockets.map((socket) => lastValueFrom(socket.request(dumpLinks).pipe(toArray()))));
    dumps.forEach((replies, index) => {
      expect(replies.map((message) => linkName(message))).to.have.members(['lo', `only${String(index)}`]);
    });
    const wanted = [3, 17, 49];
    for (const index of wanted) namespaces[index]!.ip(`link add also${String(index)} type bridge`);
    await until('the events came', () => wanted.every((index) => received[index]!.values.length > 0));
    received.forEach(({ values, end }, index) => {
      const names = wanted.includes(index) ? [`also${String(index)}`] : [];
      expect([...new Set(values.map((message) => linkName(message)))]).to.deep.equal(names);
      expect(end).to.equal(undefined);
    });
    for (const index of wanted) namespaces[index]!.ip(`link delete also${String(index)}`);
  });

  it('are opened by name', async function () {
    const { name } = namespaces[1]!;
    if (name === undefined) skipBecause(this, '/run/netns cannot be written');
    expect(await namesIn(name)).to.have.members(['lo', 'only1']);
  });

  it('are opened by path', async () => {
    expect(await namesIn(namespaces[2]!.path)).to.have.members(['lo', 'only2']);
  });

  it('are opened by process', async () => {
    const child = namespaces[3]!.start('sleep', '100');
    const processId = child.pid ?? 0;
    await until('the namespace of the process', () => readable(`/proc/${String(processId)}/ns/net`).some((where) => !home.includes(where)));
    expect(await namesIn({ pid: processId })).to.have.members(['lo', 'only3']);
  });

  it('are opened by descriptor, which the caller still owns', async () => {
    const fd = openSync(namespaces[4]!.path, 'r');
    expect(await namesIn({ fd })).to.have.members(['lo', 'only4']);
    expect(await namesIn({ fd })).to.have.members(['lo', 'only4']);
    closeSync(fd);
    const error = await errorOf(open({ protocol: Protocol.Route, netns: { fd } }));
    expect(error).to.be.instanceOf(NetlinkError).and.include({ operation: 'open' });
  });

  it("are the process's own if the option is omitted", async () => {
    const socket = open({ protocol: Protocol.Route });
    const replies = await lastValueFrom(socket.request(dumpLinks).pipe(toArray()));
    expect(replies.map((message) => linkName(message))).to.not.include('only1');
  });

  it('fail with ENOENT and the name if they do not exist, and leave no descriptor open', async () => {
    const descriptors = () => readdirSync('/proc/self/fd').length;
    const before = descriptors();
    const missing = await Promise.all(
      [`rxnl-none-${String(process.pid)}`, '/run/netns-none/x', { pid: 0x7fffffff }].map((netns) =>
        errorOf(open({ protocol: Protocol.Route, netns })),
      ),
    );
    for (const error of missing) expect(error).to.be.instanceOf(NetlinkError).and.include({ code: 'ENOENT', operation: 'open' });
    expect(String(missing[0])).to.match(/network namespace \/run\/netns\/rxnl-none-\d+: no namespace has that name; see `ip netns list`/);
    expect(String(missing[2])).to.match(/network namespace \/proc\/2147483647\/ns\/net: the process does not exist/);
    expect(descriptors()).to.equal(before);
  });

  it('fail with EINVAL if the file is not a network namespace', async () => {
    const error = await errorOf(open({ protocol: Protocol.Route, netns: '/proc/self/status' }));
    expect(error).to.be.instanceOf(NetlinkError).and.include({ code: 'EINVAL', operation: 'open' });
    expect((error as Error).message).to.match(/is not a network namespace$/);
  });
});
