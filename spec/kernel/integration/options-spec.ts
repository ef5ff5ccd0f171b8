import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { MessageFlags, Protocol, TimeoutError, TruncatedError, netlink, type NetlinkSocketOptions } from '../../../lib/index.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { dumpLinks, getLink } from '../../support/rtnetlink.js';
import { errorOf, pause, useSockets } from '../../support/sockets.js';

/*
 * The integration tests of conn_linux_integration_test.go in mdlayher/netlink about options, time and permissions, under
 * their names; the others are in conn-spec.ts.
 */

/** Prints the value of each pair of level and option of another process's socket, by getsockopt. */
const GET_OPTIONS = `
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

/** Reads socket options of this process from another process. */
function optionsOf(context: Mocha.Context, fd: number, ...options: readonly (readonly [number, number])[]): number[] {
  const args = ['-S', '-E', '-c', GET_OPTIONS, String(process.pid), String(fd), ...options.flat().map(String)];
  const { status, stdout, stderr, error } = spawnSync('python3', args, { encoding: 'utf8' });
  if (status !== 0) skipBecause(context, 'python3 cannot read the options of the socket', error ?? stderr);
  return stdout.trim().split(' ').map(Number);
}

/** Runs a script without the permission to enter namespaces: as another user if there is one, otherwise without the capability. */
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

  it('TestIntegrationConnSetBuffersSyscallConn, TestIntegrationConnBuffersSyscallConn: sets the sizes that getsockopt returns', function () {
    const socket = generic({ receiveBufferSize: 8192, sendBufferSize: 8192 });
    socket.connect();
    const sizes = [socket.receiveBufferSize, socket.sendBufferSize];
    expect(sizes).to.deep.equal([16_384, 16_384]);
    socket.receiveBufferSize = 50_000;
    socket.sendBufferSize = 60_000;
    expect([socket.receiveBufferSize, socket.sendBufferSize]).to.deep.equal([100_000, 120_000]);
    expect(optionsOf(this, socket.fd, [SOL_SOCKET, SO_RCVBUF], [SOL_SOCKET, SO_SNDBUF])).to.deep.equal([100_000, 120_000]);
  });

  it('TestIntegrationConnSetBuffersSyscallConn, unprivileged: sets sizes up to the system limit', function () {
    const { stdout, stderr } = runUnprivileged(`
      import { netlink } from './lib/index.js';
      const socket = netlink({ protocol: 16, receiveBufferSize: 8192, sendBufferSize: 8192 });
      socket.connect();
      console.log(socket.receiveBufferSize, socket.sendBufferSize);
      socket.receiveBufferSize = 1 << 30;
      console.log(socket.receiveBufferSize < 1 << 30);
      socket.close();
    `);
    if (stdout === '') skipBecause(this, 'no script can run without privileges', stderr);
    expect(stdout).to.equal('16384 16384\ntrue\n');
  }).timeout(40_000);

  it('TestIntegrationConnNetNSUnprivileged: fails with a permission error that names what entering the namespace needs', function () {
    const { stdout, stderr } = runUnprivileged(`
      import { netlink } from './lib/index.js';
      netlink({ protocol: 16, netns: ${JSON.stringify(namespace().path)} }).subscribe({ error: (error) => {
        console.log(error.name, error.code, error.operation, error.message);
      } });
    `);
    if (stdout === '') skipBecause(this, 'no script can run without privileges', stderr);
    expect(stdout).to.match(/^NetlinkError (EPERM|EACCES) open (EPERM|EACCES) open: .*needs CAP_SYS_ADMIN/);
  }).timeout(40_000);

  it('TestIntegrationConnSendTimeout, TestIntegrationConnReceiveTimeout, TestIntegrationConnExecuteTimeout: fails with ETIMEDOUT', async () => {
    const socket = generic();
    const started = performance.now();
    const error = await errorOf(socket.request({ type: 1 }, { ack: false, timeout: 20 }));
    expect(error).to.be.instanceOf(TimeoutError).and.include({ code: 'ETIMEDOUT' });
    expect(performance.now() - started).to.be.within(19, 2000);
    // Sending never blocks and therefore never times out. While the socket is paused, the time of a request does not begin.
    socket.connect();
    socket.pause();
    const waiting = errorOf(socket.request({ type: 0 }, { timeout: 20 }));
    await pause(60);
    socket.resume();
    expect(await waiting).to.equal(undefined);
  });

  it('TestIntegrationConnStrict: sets extended acks and strict checking, as another process reads them', function () {
    const socket = generic({ strictCheck: true });
    socket.connect();
    expect([socket.getOption('extendedAck'), socket.getOption('strictCheck')]).to.deep.equal([true, true]);
    expect(optionsOf(this, socket.fd, [SOL_NETLINK, NETLINK_EXT_ACK], [SOL_NETLINK, NETLINK_GET_STRICT_CHK])).to.deep.equal([1, 1]);
    const plain = netlink({ protocol: Protocol.Route, netns: namespace().path, extendedAck: false, strictCheck: false });
    plain.connect();
    expect(optionsOf(this, plain.fd, [SOL_NETLINK, NETLINK_EXT_ACK], [SOL_NETLINK, NETLINK_GET_STRICT_CHK])).to.deep.equal([0, 0]);
    plain.close();
  });

  it('TestIntegrationConnMessageBufferSize: fails with a TruncatedError that has both lengths, in each of 100 rounds', async () => {
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
      // The library keeps at least 64 bytes of a datagram.
      expect((error as TruncatedError).kept).to.be.at.most(64);
      expect((error as TruncatedError).length).to.be.greaterThan(1000);
    }
    expect(tiny.counters.truncated).to.equal(100);
  });

  it('fails the request whose reply was truncated, and completes the others', async () => {
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

  it('starts the next dump after DONE was in the truncated part of a datagram', async () => {
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
