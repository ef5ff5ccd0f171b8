import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { MessageFlags, Protocol, TimeoutError, TruncatedError, netlink, type NetlinkSocketOptions } from '../../../lib/index.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { dumpLinks, getLink } from '../../support/rtnetlink.js';
import { errorOf, pause, useSockets } from '../../support/sockets.js';

/*
 * The integration tests of conn_linux_integration_test.go in mdlayher/netlink, under their names, as far as they are about
 * options, time and permissions; the others are in conn-spec.ts.
 */

/** Looks at somebody's socket from outside: getsockopt for each pair of level and option. */
const LOOK = `
import ctypes, socket, sys
pid, fd = int(sys.argv[1]), int(sys.argv[2])
libc = ctypes.CDLL(None, use_errno=True)
s = socket.socket(fileno=libc.syscall(438, libc.syscall(434, pid, 0), fd, 0))
print(*(s.getsockopt(int(sys.argv[i]), int(sys.argv[i + 1])) for i in range(3, len(sys.argv), 2)))
`;
import { spawnSync } from '../../support/programs.js';
const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const SOL_NETLINK = 270;
const NETLINK_EXT_ACK = 11;
const NETLINK_GET_STRICT_CHK = 12;

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What another process sees of a descriptor of ours. */
function lookAt(context: Mocha.Context, fd: number, ...options: readonly (readonly [number, number])[]): number[] {
  const args = ['-S', '-E', '-c', LOOK, String(process.pid), String(fd), ...options.flat().map(String)];
  const { status, stdout, stderr, error } = spawnSync('python3', args, { encoding: 'utf8' });
  if (status !== 0) skipBecause(context, 'python3 cannot look at the socket', error ?? stderr);
  return stdout.trim().split(' ').map(Number);
}

/** Runs a script as somebody who may not enter namespaces: another user where there is one, else without the capability. */
function runUnprivileged(script: string): { stdout: string; stderr: string } {
  const wholeMachine = readFileSync('/proc/self/uid_map', 'utf8').trim().split(/\s+/)[2] === '4294967295';
  const drop = wholeMachine
    ? ['--reuid', '65534', '--regid', '65534', '--clear-groups']
    : ['--bounding-set', '-sys_admin', '--inh-caps', '-all'];
  const args = [...drop, process.execPath, '--import', 'tsx', '--input-type=module', '--eval', script];
  return spawnSync('setpriv', args, { cwd: root, encoding: 'utf8', env: { ...process.env, HOME: '/tmp' } });
}

describe('integration: options', () => {
  const namespace = useNamespace();
  const open = useSockets();
  const generic = (options: Partial<NetlinkSocketOptions> = {}) =>
    open({ protocol: Protocol.Generic, netns: namespace().path, ...options });

  it('TestIntegrationConnSetBuffersSyscallConn, TestIntegrationConnBuffersSyscallConn: sizes are what getsockopt says', function () {
    const socket = generic({ receiveBufferSize: 8192, sendBufferSize: 8192 });
    socket.connect();
    const sizes = [socket.receiveBufferSize, socket.sendBufferSize];
    expect(sizes).to.deep.equal([16_384, 16_384]);
    socket.receiveBufferSize = 50_000;
    socket.sendBufferSize = 60_000;
    expect([socket.receiveBufferSize, socket.sendBufferSize]).to.deep.equal([100_000, 120_000]);
    expect(lookAt(this, socket.fd, [SOL_SOCKET, SO_RCVBUF], [SOL_SOCKET, SO_SNDBUF])).to.deep.equal([100_000, 120_000]);
  });

  it('TestIntegrationConnSetBuffersSyscallConn, unprivileged: the plain option serves', function () {
    const { stdout, stderr } = runUnprivileged(`
      import { netlink } from './lib/index.js';
      const socket = netlink({ protocol: 16, receiveBufferSize: 8192, sendBufferSize: 8192 });
      socket.connect();
      console.log(socket.receiveBufferSize, socket.sendBufferSize);
      socket.receiveBufferSize = 1 << 30;
      console.log(socket.receiveBufferSize < 1 << 30);
      socket.close();
    `);
    if (stdout === '') skipBecause(this, 'no unprivileged user can run here', stderr);
    expect(stdout).to.equal('16384 16384\ntrue\n');
  }).timeout(40_000);

  it('TestIntegrationConnNetNSUnprivileged: a namespace that may not be entered is a permission error in words', function () {
    const { stdout, stderr } = runUnprivileged(`
      import { netlink } from './lib/index.js';
      netlink({ protocol: 16, netns: ${JSON.stringify(namespace().path)} }).subscribe({ error: (error) => {
        console.log(error.name, error.code, error.operation, error.message);
      } });
    `);
    if (stdout === '') skipBecause(this, 'no unprivileged user can run here', stderr);
    expect(stdout).to.match(
      /^NetlinkError (EPERM|EACCES) open (EPERM|EACCES) open: .*(takes CAP_SYS_ADMIN|may not be opened by this process)/,
    );
  }).timeout(40_000);

  it('TestIntegrationConnSendTimeout, TestIntegrationConnReceiveTimeout, TestIntegrationConnExecuteTimeout: time is up', async () => {
    const socket = generic();
    const started = performance.now();
    const error = await errorOf(socket.request({ type: 1 }, { ack: false, timeout: 20 }));
    expect(error).to.be.instanceOf(TimeoutError).and.include({ code: 'ETIMEDOUT' });
    expect(performance.now() - started).to.be.within(19, 2000);
    // Sending waits for nobody, and so never times out: paused, its time has not begun.
    socket.connect();
    socket.pause();
    const waiting = errorOf(socket.request({ type: 0 }, { timeout: 20 }));
    await pause(60);
    socket.resume();
    expect(await waiting).to.equal(undefined);
  });

  it('TestIntegrationConnStrict: extended acks and strict checking are on, as another process sees', function () {
    const socket = generic({ strictCheck: true });
    socket.connect();
    expect([socket.getOption('extendedAck'), socket.getOption('strictCheck')]).to.deep.equal([true, true]);
    expect(lookAt(this, socket.fd, [SOL_NETLINK, NETLINK_EXT_ACK], [SOL_NETLINK, NETLINK_GET_STRICT_CHK])).to.deep.equal([1, 1]);
    const plain = netlink({ protocol: Protocol.Route, netns: namespace().path, extendedAck: false, strictCheck: false });
    plain.connect();
    expect(lookAt(this, plain.fd, [SOL_NETLINK, NETLINK_EXT_ACK], [SOL_NETLINK, NETLINK_GET_STRICT_CHK])).to.deep.equal([0, 0]);
    plain.close();
  });

  it('TestIntegrationConnMessageBufferSize: what does not fit is a TruncatedError with both lengths, 100 times of 100', async () => {
    const ample = open({ protocol: Protocol.Route, netns: namespace().path, datagramSize: 8192 });
    expect(await lastValueFrom(ample.request(getLink(1)).pipe(toArray()))).to.have.length(1);
    const tiny = open({ protocol: Protocol.Route, netns: namespace().path, datagramSize: 1 });
    tiny.connect();
    const streams: unknown[] = [];
    for (let round = 0; round < 100; round++) {
      const stream = errorOf(tiny);
      tiny.send({ ...getLink(1), flags: MessageFlags.Request });
      streams.push(await stream);
    }
    for (const error of streams) {
      expect(error).to.be.instanceOf(TruncatedError).and.include({ code: 'EMSGSIZE' });
      // 64 bytes are the least that is kept of a datagram.
      expect((error as TruncatedError).kept).to.be.at.most(64);
      expect((error as TruncatedError).length).to.be.greaterThan(1000);
    }
    expect(tiny.counters.truncated).to.equal(100);
  });

  it('names the request whose answer was cut, and leaves the socket to others', async () => {
    namespace().batch(Array.from({ length: 20 }, (_, index) => `link add t${String(index)} type bridge`));
    const socket = open({ protocol: Protocol.Route, netns: namespace().path, datagramSize: 1024 });
    using lease = socket.connect();
    for (let round = 0; round < 50; round++) {
      const error = await errorOf(socket.request(round % 2 === 0 ? dumpLinks : getLink(1), { timeout: 2000 }));
      expect(error).to.be.instanceOf(TruncatedError).and.include({ kept: 1024 });
      expect(await lastValueFrom(socket.request({ type: 1 }, { timeout: 2000 }).pipe(toArray()))).to.deep.equal([]);
    }
    expect(lease.closed).to.equal(false);
  });

  it('lets the next dump start where the end of the one before was in what was cut', async () => {
    const socket = open({ protocol: Protocol.Route, netns: namespace().path, datagramSize: 128 });
    using lease = socket.connect();
    // RTM_GETRULE: the kernel puts DONE behind the rules in the same datagram.
    const rules = { type: 34, flags: MessageFlags.Dump, payload: new Uint8Array(12) };
    const ends: unknown[] = [];
    for (let round = 0; round < 3; round++) ends.push(await Promise.race([errorOf(socket.request(rules)), pause(1000)]));
    for (const end of ends) expect(end).to.be.instanceOf(TruncatedError).and.include({ kept: 128 });
    expect(socket.counters.strays).to.equal(0);
    expect(lease.closed).to.equal(false);
  });
});
