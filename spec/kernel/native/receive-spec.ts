import { expect } from 'chai';
import { MessageFlags, encodeMessage } from '../../../lib/wire/index.js';
import { closeListeners, listen, makeRoom, readSlab, type NativeListener } from '../../support/native-listener.js';
import { createNamespace, skipBecause, useNamespace } from '../../support/namespace.js';

const USERSOCK = 2;
const GETLINK = 18;
const MIB = 1 << 20;

/** Calls setsockopt on this process's socket from another process, so that the library does not notice it. */
const SET_FROM_OUTSIDE = `
import ctypes, socket, sys
pid, fd, level, option, value = map(int, sys.argv[1:])
libc = ctypes.CDLL(None, use_errno=True)
pidfd = libc.syscall(434, pid, 0)
stolen = libc.syscall(438, pidfd, fd, 0)
if stolen < 0: sys.exit('pidfd_getfd: errno %d' % ctypes.get_errno())
socket.socket(fileno=stolen).setsockopt(level, option, value)
`;
import { spawnSync } from '../../support/programs.js';

function setFromOutside(fd: number, level: number, option: number, value: number): string | undefined {
  const { status, stderr, error } = spawnSync('python3', [
    '-S',
    '-E',
    '-c',
    SET_FROM_OUTSIDE,
    ...[process.pid, fd, level, option, value].map(String),
  ]);
  return status === 0 ? undefined : (error?.message ?? stderr.toString());
}

/** Returns a dump of links: the kernel answers immediately with parts and DONE. */
function dumpLinks(sequence: number): Uint8Array {
  return encodeMessage({ type: GETLINK, flags: MessageFlags.Request | MessageFlags.Dump, sequence, payload: new Uint8Array(16) });
}

describe('native socket: receiving', () => {
  const namespace = useNamespace();
  afterEach(closeListeners);

  /** Opens two sockets that send to each other, with room for the given number of bytes. */
  function pair(context: Mocha.Context, bytes: number, datagramSize = MIB): { sender: NativeListener; receiver: NativeListener } {
    const sender = listen({ protocol: USERSOCK, netns: namespace().path });
    const receiver = listen({ protocol: USERSOCK, netns: namespace().path, datagramSize });
    sender.connection.setBufferSize('send', bytes);
    makeRoom(context, receiver, bytes);
    return { sender, receiver };
  }

  function sendTo({ connection }: NativeListener, to: NativeListener, bytes: Uint8Array): boolean {
    return connection.send(bytes, bytes.byteLength, { portId: to.connection.portId });
  }

  it('puts the datagrams of one wake-up into one slab, with sender and length', async function () {
    const { sender, receiver } = pair(this, 65_536);
    for (let length = 1; length <= 9; length++) sendTo(sender, receiver, new Uint8Array(length).fill(length));
    await receiver.until(() => receiver.entries().length === 9);
    expect(receiver.deliveries).to.have.length(1);
    const { bytes, entries, drained, lost } = receiver.deliveries[0]!;
    expect({ drained, lost }).to.deep.equal({ drained: true, lost: false });
    entries.forEach(({ start, end, length, origin }, index) => {
      expect(start % 4).to.equal(0);
      expect([end - start, length]).to.deep.equal([index + 1, index + 1]);
      expect(Array.from(bytes.subarray(start, end))).to.deep.equal(new Array(index + 1).fill(index + 1));
      expect(origin).to.deep.equal({ sender: { portId: sender.connection.portId, groups: 0 }, group: 0 });
    });
  });

  it('truncates a datagram that is longer than datagramSize, and reports the full length', async function () {
    const { sender, receiver } = pair(this, 65_536, 4096);
    sendTo(sender, receiver, new Uint8Array(5000).fill(7));
    sendTo(sender, receiver, new Uint8Array(4096).fill(8));
    await receiver.until(() => receiver.entries().length === 2);
    const kept = receiver.entries().map(({ start, end, length }) => [end - start, length]);
    expect(kept).to.deep.equal([
      [4096, 5000],
      [4096, 4096],
    ]);
  });

  it('limits a slab to 4 MiB, and delivers the rest in further slabs', async function () {
    const { sender, receiver } = pair(this, 64 * MIB);
    const length = MIB - 1000;
    for (let index = 0; index < 20; index++) expect(sendTo(sender, receiver, new Uint8Array(length).fill(index))).to.equal(true);
    await receiver.until(() => receiver.deliveries.at(-1)?.drained === true && receiver.entries().length === 20);
    const order = receiver.deliveries.flatMap(({ bytes, entries }) => entries.map(({ start, end }) => [bytes[start], bytes[end - 1]]));
    expect(order).to.deep.equal(Array.from({ length: 20 }, (_, index) => [index, index]));
    for (const { bytes } of receiver.deliveries) expect(bytes.byteLength).to.be.lessThan(4 * MIB + 4096);
    expect(receiver.deliveries.slice(0, -1).every(({ drained }) => !drained)).to.equal(true);
  });

  it('delivers a datagram above 4 MiB in a slab of its own', async function () {
    const { sender, receiver } = pair(this, 64 * MIB, 8 * MIB);
    const large = new Uint8Array(6 * MIB).fill(9);
    for (const bytes of [new Uint8Array(20), large, new Uint8Array(24)]) sendTo(sender, receiver, bytes);
    await receiver.until(() => receiver.entries().length === 3);
    const sizes = receiver.deliveries.map(({ entries }) => entries.map(({ length }) => length));
    expect(sizes).to.deep.equal([[20], [large.byteLength], [24]]);
    expect(receiver.deliveries.at(-1)?.drained).to.equal(true);
  });

  describe('when one read returns more than 4 MiB', () => {
    const LARGE = 20;

    /** Sends small datagrams, so that the socket expects many in one read, and then large ones. */
    async function sendLarge(context: Mocha.Context): Promise<NativeListener> {
      const { sender, receiver } = pair(context, 64 * MIB);
      for (let index = 0; index < 256; index++) sendTo(sender, receiver, new Uint8Array(16));
      await receiver.until(() => receiver.entries().length === 256);
      for (let index = 0; index < LARGE; index++) sendTo(sender, receiver, new Uint8Array(MIB - 1000).fill(index));
      return receiver;
    }

    it('delivers several slabs in order, one in each wake-up', async function () {
      const receiver = await sendLarge(this);
      const before = receiver.deliveries.length;
      await receiver.until(() => receiver.entries().length === 256 + LARGE);
      const large = receiver.deliveries.slice(before);
      const order = large.flatMap(({ bytes, entries }) => entries.map(({ start, end }) => [bytes[start], bytes[end - 1]]));
      expect(order).to.deep.equal(Array.from({ length: LARGE }, (_, index) => [index, index]));
      expect(large.map(({ entries }) => entries.length)).to.deep.equal([4, 4, 4, 4, 4]);
      expect(large.map(({ drained }) => drained)).to.deep.equal([false, false, false, false, true]);
      for (const { bytes } of large) expect(bytes.byteLength).to.be.lessThan(4 * MIB + 4096);
    });

    it('keeps the remaining slabs while it is paused', async function () {
      const receiver = await sendLarge(this);
      await receiver.until(() => receiver.entries().length > 256);
      receiver.connection.pause();
      const before = receiver.deliveries.length;
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(receiver.deliveries.length).to.equal(before);
      receiver.connection.resume();
      await receiver.until(() => receiver.entries().length === 256 + LARGE);
      const order = receiver.deliveries.flatMap(({ bytes, entries }) => entries.map(({ start }) => bytes[start]));
      expect(order.slice(256)).to.deep.equal(Array.from({ length: LARGE }, (_, index) => index));
      expect(receiver.deliveries.at(-1)?.drained).to.equal(true);
    });

    it('discards the remaining slabs when it is closed', async function () {
      const receiver = await sendLarge(this);
      await receiver.until(() => receiver.entries().length > 256);
      receiver.connection.close();
      const before = receiver.deliveries.length;
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(receiver.deliveries.length).to.equal(before);
    });
  });

  it('reports an empty queue when a read takes the last datagram', async function () {
    const { sender, receiver } = pair(this, 8 * MIB);
    // One wake-up reads at most 64 datagrams; a further read shows whether there are more.
    for (let index = 0; index < 64; index++) sendTo(sender, receiver, new Uint8Array(16));
    await receiver.until(() => receiver.deliveries.at(-1)?.drained === true);
    expect(receiver.deliveries.map(({ entries }) => entries.length)).to.deep.equal([64]);
    for (let index = 0; index < 65; index++) sendTo(sender, receiver, new Uint8Array(16));
    await receiver.until(() => receiver.entries().length === 129);
    expect(receiver.deliveries.slice(1).map(({ entries, drained }) => [entries.length, drained])).to.deep.equal([
      [64, false],
      [1, true],
    ]);
  });

  it("returns false when the other socket's queue is full, and sends again when it has room", async function () {
    const { sender, receiver } = pair(this, 8192);
    receiver.connection.pause();
    let sent = 0;
    while (sendTo(sender, receiver, new Uint8Array(1024)) && sent < 1000) sent++;
    expect(sent).to.be.within(1, 100);
    receiver.connection.resume();
    await receiver.until(() => receiver.entries().length === sent);
    expect(receiver.deliveries.every(({ lost }) => !lost)).to.equal(true);
    expect(sendTo(sender, receiver, new Uint8Array(1024))).to.equal(true);
  });

  it('reports the group of a notification, also above 32, and 0 for a reply', async function () {
    const TUNNEL = 35;
    const { connection, until, entries } = listen({ netns: namespace().path });
    connection.join(1);
    try {
      connection.join(TUNNEL);
    } catch (error) {
      skipBecause(this, 'this kernel has no events of VXLAN with vnifilter', error);
    }
    namespace().ip('link add x0 type veth peer name x1');
    await until(() => entries().length > 0);
    expect(entries()[0]?.origin).to.deep.equal({ sender: { portId: 0, groups: 1 }, group: 1 });
    try {
      namespace().ip('link add x2 type vxlan dstport 4789 external vnifilter');
      namespace().ip('link set x2 up');
      namespace().run('bridge', 'vni', 'add', 'vni', '5', 'dev', 'x2');
    } catch (error) {
      skipBecause(this, 'this kernel has no VXLAN with vnifilter', error);
    }
    await until(() => entries().some(({ origin }) => origin.group === TUNNEL));
    const event = entries().find(({ origin }) => origin.group === TUNNEL);
    expect(event?.origin).to.deep.equal({ sender: { portId: 0, groups: 0 }, group: TUNNEL });
    const before = entries().length;
    connection.send(dumpLinks(1), 32);
    await until(() => entries().length > before);
    expect(entries().at(-1)?.origin).to.deep.equal({ sender: { portId: 0, groups: 0 }, group: 0 });
  });

  it('reads the replies in the same call with exchange()', async () => {
    const { connection, deliveries } = listen({ netns: namespace().path });
    const slab = connection.exchange(dumpLinks(7), 32, 2);
    if (slab === undefined) throw new Error('exchange() returned no slab');
    const { entries, bytes, drained } = readSlab(slab);
    expect(entries.length).to.be.within(1, 3);
    const words = new Uint32Array(bytes.buffer);
    expect(words[entries[0]!.start / 4 + 2]).to.equal(7);
    if (!drained) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(drained || deliveries.at(-1)?.drained).to.equal(true);
    expect(connection.exchange(dumpLinks(8), 32, 0)).to.equal(undefined);
  });

  it('delivers a drained slab after exchange() returned one that is not drained', async () => {
    const { connection, deliveries, until } = listen({ netns: namespace().path, datagramSize: 4096 });
    for (let sequence = 1; sequence <= 5; sequence++) connection.send(barrier(sequence), 20);
    const slab = connection.exchange(barrier(6), 20, 5);
    if (slab === undefined) throw new Error('exchange() returned no slab');
    expect(readSlab(slab)).to.include({ drained: false });
    expect(readSlab(slab).entries).to.have.length(6);
    await until(() => deliveries.length > 0);
    expect(deliveries[0]).to.include({ drained: true, lost: false });
    expect(deliveries[0]?.entries).to.have.length(0);
  });

  it('delivers what arrives after many reads in one turn, and to a socket that sends then, or was paused', async () => {
    const { connection, entries, until } = listen({ netns: namespace().path });
    const LINK = 1;
    connection.join(LINK);
    const manyReads = (): void => {
      for (let sequence = 1; sequence <= 10; sequence++)
        expect(connection.exchange(barrier(sequence), 20, 1)).to.be.instanceOf(ArrayBuffer);
    };
    const events = (): number => entries().filter(({ origin }) => origin.group === LINK).length;
    for (const then of ['', 'pause', 'turn']) {
      const before = events();
      manyReads();
      if (then === 'pause') connection.pause();
      if (then === 'turn') await new Promise((resolve) => setTimeout(resolve, 5));
      namespace().ip(`link set lo mtu ${before % 2 === 0 ? 9000 : 9001}`);
      if (then === 'pause') connection.resume();
      await until(() => events() > before);
    }
    const before = entries().length;
    manyReads();
    connection.send(dumpLinks(1), 32);
    await until(() => entries().length > before);
    manyReads();
    connection.send(dumpLinks(2), 32);
    connection.close();
  });

  it('reports the namespace of an event from another namespace', async function () {
    const other = createNamespace();
    try {
      if (other.name === undefined) skipBecause(this, '/run/netns cannot be written, and an id is assigned by name');
      namespace().ip(`netns set ${other.name} 77`);
      const { connection, entries, until } = listen({ netns: namespace().path });
      connection.setOption('listenAllNsid', true);
      connection.join(1);
      other.ip('link add n0 type veth peer name n1');
      await until(() => entries().length > 0);
      expect(entries()[0]?.origin).to.deep.include({ nsid: 77, group: 1 });
      namespace().ip('link add n0 type veth peer name n1');
      const before = entries().length;
      await until(() => entries().length > before);
      expect(entries().at(-1)?.origin).not.to.have.property('nsid');
    } finally {
      other.delete();
    }
  });

  it('marks a datagram without packet info as unsure', async function () {
    const { connection, entries, until } = listen({ netns: namespace().path });
    const PACKET_INFO = 3;
    const unavailable = setFromOutside(connection.fd, 270, PACKET_INFO, 0);
    if (unavailable !== undefined) skipBecause(this, unavailable);
    connection.send(barrier(1), 20);
    await until(() => entries().length === 1);
    expect(entries()[0]?.origin.unsure).to.equal(true);
    // If the library itself clears the option, packet info is not expected.
    connection.setOption('packetInfo', false);
    connection.send(barrier(2), 20);
    await until(() => entries().length === 2);
    expect(entries()[1]?.origin).not.to.have.property('unsure');
  });

  it('marks a datagram with truncated control data as unsure', async function () {
    const { connection, entries, until } = listen({ netns: namespace().path });
    const SOL_SOCKET = 1;
    const SO_PASSCRED = 16;
    const unavailable = setFromOutside(connection.fd, SOL_SOCKET, SO_PASSCRED, 1);
    if (unavailable !== undefined) skipBecause(this, unavailable);
    connection.send(barrier(1), 20);
    await until(() => entries().length === 1);
    expect(entries()[0]?.origin.unsure).to.equal(true);
  });
});

/** Returns an NLMSG_NOOP with an ack: one small reply. */
function barrier(sequence: number): Uint8Array {
  return encodeMessage({ type: 1, flags: MessageFlags.Request | MessageFlags.Ack, sequence, payload: new Uint8Array(4) });
}
