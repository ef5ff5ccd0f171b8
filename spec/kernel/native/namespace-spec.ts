import { closeSync, openSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { expect } from 'chai';
import { NetlinkError } from '../../../lib/errors/index.js';
import { nativeTransport } from '../../../lib/socket/native/native-transport.js';
import { encodeMessage } from '../../../lib/wire/index.js';
import { runChild } from '../../support/child.js';
import { closeListeners, listen, openNative, type ListenOptions } from '../../support/native-listener.js';
import { createNamespace, skipBecause, useNamespace, type Namespace } from '../../support/namespace.js';
import { until } from '../../support/sockets.js';

function openError(options: ListenOptions): NetlinkError {
  try {
    openNative(options, () => undefined).close();
  } catch (error) {
    if (error instanceof NetlinkError) return error;
    throw error;
  }
  throw new Error('it opened');
}

/** Returns the names of the links that a socket lists. */
async function linkNames(netns: string | number): Promise<string[]> {
  const { connection, deliveries, entries, until } = listen({ netns });
  connection.send(encodeMessage({ type: 18, flags: 0x301, sequence: 1, payload: new Uint8Array(16) }), 32);
  await until(() => entries().length >= 2);
  const text = deliveries.map(({ bytes }) => Buffer.from(bytes).toString('latin1')).join('');
  connection.close();
  return ['lo', 'here0', 'there0'].filter((name) => text.includes(`${name}\0`));
}

/** The namespaces of the threads of this process. The kernel lists a thread for a moment after another one has waited for its end. */
const ownNamespaces = () => new Set(readdirSync('/proc/self/task').map((thread) => readlinkSync(`/proc/self/task/${thread}/ns/net`)));

describe('native socket: namespaces', () => {
  const namespace = useNamespace();
  before(() => {
    namespace().ip('link add there0 type veth peer name there1');
  });
  afterEach(closeListeners);

  it('opens in the namespace of a path or a descriptor', async () => {
    const { path } = namespace();
    const fd = openSync(path, 'r');
    expect(await linkNames(path)).to.include('there0');
    expect(await linkNames(fd)).to.include('there0');
    // The caller still owns the descriptor, and children do not inherit it.
    expect(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8')).to.match(/flags:\s+0?2/);
    closeSync(fd);
    expect(await linkNames('/proc/self/ns/net')).not.to.include('there0');
  });

  it('opens 50 sockets in 50 namespaces without moving a thread of the process', async function () {
    this.timeout(30_000);
    await until('all threads are in one namespace', () => ownNamespaces().size === 1);
    const own = ownNamespaces();
    const namespaces: Namespace[] = [];
    try {
      for (let count = 0; count < 50; count++) namespaces.push(createNamespace());
      const listeners = namespaces.map(({ path }) => listen({ netns: path }));
      for (const { connection } of listeners) connection.join(1);
      await until('all threads are in the own namespace', () => ownNamespaces().size === 1);
      expect(ownNamespaces()).to.deep.equal(own);
      const target = namespaces[23]!;
      target.ip('link add here0 type veth peer name here1');
      await listeners[23]!.until(() => listeners[23]!.entries().length >= 2);
      const received = listeners.map((listener) => listener.entries().length > 0);
      expect(received.filter(Boolean)).to.have.length(1);
      expect(received[23]).to.equal(true);
    } finally {
      closeListeners();
      for (const one of namespaces) one.delete();
    }
  });

  it('leaves no thread and no descriptor behind, also when it fails', async () => {
    await until('all threads are in one namespace', () => ownNamespaces().size === 1);
    const threads = readdirSync('/proc/self/task').length;
    const descriptors = readdirSync('/proc/self/fd').length;
    for (let count = 0; count < 100; count++) {
      listen({ netns: namespace().path }).connection.close();
      openError({ netns: '/proc/self/ns/mnt' });
      openError({ netns: namespace().path, protocol: 99 });
    }
    await until('no thread is left', () => readdirSync('/proc/self/task').length === threads);
    expect(readdirSync('/proc/self/fd').length).to.equal(descriptors);
  });

  it('names a namespace that does not exist', () => {
    const open = () => nativeTransport.openNamespace?.('rxnl-nowhere', () => undefined);
    expect(open)
      .to.throw(NetlinkError, /^ENOENT open: network namespace \/run\/netns\/rxnl-nowhere: /)
      .that.includes({ code: 'ENOENT', errno: -2, operation: 'open' });
  });

  it('names a file that is not a network namespace', () => {
    expect(openError({ netns: '/proc/self/ns/mnt' }).message).to.match(/^EINVAL open: mnt:\[\d+\] is not a network namespace$/);
    expect(openError({ netns: '/dev/null' }).message).to.equal('EINVAL open: /dev/null is not a network namespace');
    expect(openError({ netns: 999 }).message).to.equal('EBADF open: descriptor 999 is not open');
  });

  it('names the capability when entering a namespace is not permitted', async function () {
    if (process.getuid?.() !== 0) skipBecause(this, 'only root can change its user');
    const { stdout } = await runChild(`
      import { openSync } from 'node:fs';
      open().close();
      const netns = openSync(${JSON.stringify(namespace().path)});
      try { process.setuid(65534); } catch { console.log('no user'); process.exit(); }
      try { open(undefined, { netns }); } catch ({ code, operation, message }) { console.log(JSON.stringify({ code, operation, message })); }
      process.exit();
    `);
    if (stdout === 'no user\n') skipBecause(this, 'this user namespace has no other user');
    const { code, operation, message } = JSON.parse(stdout) as Record<string, string>;
    expect({ code, operation }).to.deep.equal({ code: 'EPERM', operation: 'open' });
    expect(message).to.match(/^EPERM open: entering network namespace \S+ needs CAP_SYS_ADMIN$/);
  });

  it('reports a protocol that is not available, and a port ID that is in use', () => {
    expect(openError({ protocol: 99 }).message).to.equal(
      'EPROTONOSUPPORT open: netlink protocol 99 is not available in this kernel or network namespace',
    );
    const { connection } = listen();
    const error = openError({ portId: connection.portId });
    expect(error).to.include({ code: 'EADDRINUSE', errno: -98, operation: 'open' });
    expect(error.message).to.match(new RegExp(`port ID ${connection.portId} is in use by another socket of protocol 0`));
  });
});
