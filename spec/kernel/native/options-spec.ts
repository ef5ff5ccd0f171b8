import { expect } from 'chai';
import { NetlinkError } from '../../../lib/errors/index.js';
import type { SocketOption } from '../../../lib/socket/transport/transport.js';
import { decodeSlab } from '../../../lib/socket/transport/slab.js';
import { MessageFlags, encodeMessage, hostIsLittleEndian } from '../../../lib/wire/index.js';
import { isReadable } from '../../support/features.js';
import { closeListeners, listen } from '../../support/native-listener.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';

/** Runs a function that must fail, and returns its error. */
function failure(run: () => unknown): NetlinkError {
  try {
    run();
  } catch (error) {
    if (error instanceof NetlinkError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

function returning(value: number): Uint8Array {
  const BPF_RET = 6;
  const program = new Uint8Array(8);
  new Uint16Array(program.buffer)[0] = BPF_RET;
  new Uint32Array(program.buffer)[1] = value;
  return program;
}

describe('native socket: options', () => {
  const namespace = useNamespace();
  afterEach(closeListeners);

  const open = () => listen({ netns: namespace().path });

  const OPTIONS: readonly SocketOption[] = ['broadcastError', 'noEnobufs', 'listenAllNsid', 'cappedAck', 'extendedAck', 'strictCheck'];
  for (const option of OPTIONS) {
    it(`sets ${option}, and clears it again`, function () {
      const { connection } = open();
      if (!isReadable(connection, option)) skipBecause(this, `this kernel does not read ${option} back (getsockopt)`);
      expect(connection.getOption(option)).to.equal(false);
      connection.setOption(option, true);
      expect(connection.getOption(option)).to.equal(true);
      const others = OPTIONS.filter((other) => other !== option && isReadable(connection, other) && connection.getOption(other));
      expect(others).to.deep.equal([]);
      connection.setOption(option, false);
      expect(connection.getOption(option)).to.equal(false);
    });
  }

  it('sets packetInfo when it opens', () => {
    expect(open().connection.getOption('packetInfo')).to.equal(true);
  });

  it('joins and leaves groups, and lists them', () => {
    const { connection } = open();
    expect(connection.memberships()).to.deep.equal([]);
    // 33 is the last group of Linux 5.10, and the first of the second word.
    for (const group of [33, 1, 32, 31, 7]) connection.join(group);
    expect(connection.memberships()).to.deep.equal([1, 7, 31, 32, 33]);
    connection.leave(32);
    connection.leave(1);
    connection.leave(2);
    expect(connection.memberships()).to.deep.equal([7, 31, 33]);
  });

  it('rejects a group that is out of range', () => {
    const { connection } = open();
    for (const group of [0, 4000]) {
      const error = failure(() => connection.join(group));
      expect(error).to.include({ code: 'EINVAL', errno: -22, operation: 'joinGroup' });
      expect(error.message).to.equal(`EINVAL joinGroup: group ${group}: the number is out of range for this protocol`);
    }
  });

  it('sets buffer sizes, which the kernel doubles', () => {
    const { connection } = open();
    for (const buffer of ['receive', 'send'] as const) {
      connection.setBufferSize(buffer, 20_000);
      expect(connection.getBufferSize(buffer)).to.equal(40_000);
    }
  });

  it('attaches a filter that drops events, and detaches it', async () => {
    const { connection, entries, deliveries, until } = open();
    connection.setOption('noEnobufs', true);
    connection.join(1);
    connection.setFilter(returning(0));
    namespace().ip('link add f0 type veth peer name f1');
    connection.setFilter(null);
    namespace().ip('link delete f0');
    await until(() => entries().length > 0);
    const DELLINK = 17;
    const types = deliveries.flatMap(({ bytes, entries }) => entries.map(({ start }) => new Uint16Array(bytes.buffer)[start / 2 + 2]));
    expect(new Set(types)).to.deep.equal(new Set([DELLINK]));
    // A message that a filter drops is not counted as lost.
    expect(connection.drops()).to.equal(0);
    expect(deliveries.every(({ lost }) => !lost)).to.equal(true);
  });

  it('accepts a filter at an odd address', () => {
    const bytes = new Uint8Array(11);
    bytes.set(returning(0xffff), 3);
    open().connection.setFilter(bytes.subarray(3));
  });

  it('rejects an invalid program, and the detachment of no filter', () => {
    const { connection } = open();
    const tooLong = new Uint8Array(8 * 4097);
    for (let at = 0; at < tooLong.length; at += 8) tooLong.set(returning(1), at);
    for (const program of [new Uint8Array(0), new Uint8Array(7), returning(1).subarray(0, 4), new Uint8Array(8), tooLong]) {
      expect(failure(() => connection.setFilter(program))).to.include({ code: 'EINVAL', operation: 'setFilter' });
    }
    expect(failure(() => connection.setFilter(null))).to.include({ code: 'ENOENT', operation: 'setFilter' });
  });

  it('rejects a message that is larger than the send buffer', () => {
    const { connection } = open();
    connection.setBufferSize('send', 4096);
    const bytes = encodeMessage({ type: 18, flags: MessageFlags.Request, payload: new Uint8Array(20_000) });
    const error = failure(() => connection.send(bytes, bytes.byteLength));
    expect(error).to.include({ code: 'EMSGSIZE', errno: -90, operation: 'send' });
    expect(error.message).to.match(/increase sendBufferSize/);
    expect(failure(() => connection.exchange(bytes, bytes.byteLength, 1))).to.include({ code: 'EMSGSIZE', operation: 'send' });
  });

  it("fails with ECONNREFUSED if no socket has the destination's port ID", () => {
    const { connection } = listen({ protocol: 2, netns: namespace().path });
    expect(failure(() => connection.send(new Uint8Array(16), 16, { portId: 0x7fffff01 }))).to.include({ code: 'ECONNREFUSED' });
  });

  it('sends nothing to another socket that was opened after close()', async () => {
    const { connection: closed } = open();
    closed.close();
    // The descriptor, and later the number in the addon, are free for others.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const others = Array.from({ length: 3 }, () => listen({ netns: namespace().path }));
    const noop = encodeMessage({ type: 1, flags: MessageFlags.Request | MessageFlags.Ack, sequence: 5 });
    expect(failure(() => closed.exchange(noop, noop.length, 1))).to.include({ code: 'EBADF', operation: 'send' });
    expect(others.map(({ connection }) => connection.receiveNow?.())).to.deep.equal([undefined, undefined, undefined]);
    for (const { connection } of others) expect(connection.exchange(noop, noop.length, 1)).to.be.instanceOf(ArrayBuffer);
  });

  it('finds each of many sockets that open and close in any order', () => {
    const noop = encodeMessage({ type: 1, flags: MessageFlags.Request | MessageFlags.Ack, sequence: 5 });
    const sockets: ReturnType<typeof listen>[] = [];
    for (let round = 0; round < 40; round++) {
      sockets.push(listen({ netns: namespace().path }));
      if (round % 3 === 2) sockets.splice((round * 7) % sockets.length, 1)[0]!.connection.close();
    }
    for (const { connection } of sockets) {
      const slab = connection.exchange(noop, noop.length, 1);
      if (!(slab instanceof ArrayBuffer)) throw new Error('exchange() returned no slab');
      const [datagram] = decodeSlab(slab).datagrams;
      // The kernel answers to the port ID of the socket that has sent.
      expect(new DataView(datagram!.bytes.buffer, datagram!.bytes.byteOffset).getUint32(12, hostIsLittleEndian)).to.equal(
        connection.portId,
      );
    }
  });

  it('fails with EBADF after close()', () => {
    const { connection } = open();
    const bytes = new Uint8Array(16);
    connection.close();
    connection.close();
    connection.pause();
    connection.resume();
    connection.setRef(false);
    const attempts: (() => unknown)[] = [
      () => connection.send(bytes, 16),
      () => connection.exchange(bytes, 16, 1),
      () => connection.setOption('cappedAck', true),
      () => connection.getOption('cappedAck'),
      () => connection.join(1),
      () => connection.leave(1),
      () => connection.memberships(),
      () => connection.setBufferSize('receive', 1),
      () => connection.getBufferSize('send'),
      () => connection.drops(),
      () => connection.setFilter(null),
      () => connection.setFilter(returning(1)),
    ];
    for (const attempt of attempts) {
      const error = failure(attempt);
      expect(error.code).to.equal('EBADF');
      expect(error.message).to.match(/: the socket is closed$/);
    }
  });
});
