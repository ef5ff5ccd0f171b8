import { closeSync, openSync } from 'node:fs';
import { expect } from 'chai';
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import {
  AttributeReader,
  DecodeError,
  MessageFlags,
  MessageType,
  Protocol,
  SocketClosedError,
  decodeAck,
  encodeMessage,
  type Message,
  type NetlinkSocket,
  hostIsLittleEndian,
} from '../../../lib/index.js';
import { nativeTransport } from '../../../lib/socket/index.js';
import { useNamespace } from '../../support/namespace.js';
import { errorOf, collect, until, useSockets } from '../../support/sockets.js';

/*
 * The integration tests of conn_linux_integration_test.go in mdlayher/netlink about sending and receiving, under their names.
 * The other tests of that file:
 *   TestIntegrationConnSetBPF, TestIntegrationConnSetBPFEmpty: receive/filters-spec.ts
 *   Test_testBPFProgram interprets that filter; in receive/filters-spec.ts the kernel runs it
 *   TestConnSendConcurrentWithReceive: sending never blocks here; receive/back-pressure-spec.ts sends with unread replies
 *   TestOpErrorUnwrapLinux: the classify cases of npm run check:vectors
 *   options, timeouts, namespaces and buffers: options-spec.ts
 */

const GENL_ID_CTRL = 16;
const { Request, Ack, Dump } = MessageFlags;
const empty = { type: 0, flags: Request | Ack };
const families = { type: GENL_ID_CTRL, flags: Dump, payload: Uint8Array.of(3, 1, 0, 0) };

const familyOf = ({ payload }: Message) => new AttributeReader(payload, { start: 4 }).find(2)?.string();
const all = (socket: NetlinkSocket) => lastValueFrom(socket.request(families, { timeout: 5000 }).pipe(toArray()));

/** Checks that an ack carries the header of its request, and nothing else. */
function checkAck(message: Message, sequence: number): void {
  expect(message).to.include({ type: MessageType.Error, length: 36, sequence });
  expect(message.flags & ~MessageFlags.Capped).to.equal(0);
  expect(decodeAck(message).errno).to.equal(0);
  const echoed = new DataView(message.payload.buffer, message.payload.byteOffset + 4, 16);
  expect(echoed.getUint16(6, hostIsLittleEndian)).to.equal(empty.flags);
  expect(echoed.getUint32(8, hostIsLittleEndian)).to.equal(sequence);
}

describe('integration: connections', () => {
  const namespace = useNamespace();
  const open = useSockets();
  const generic = () => open({ protocol: Protocol.Generic, netns: namespace().path });

  it('TestIntegrationConn: receives one ack for an empty message', async () => {
    const socket = generic();
    const { values } = collect(socket);
    const { sequence } = socket.send(empty);
    await until('the message', () => values.length === 1);
    checkAck(values[0]!, sequence);
    expect(await lastValueFrom(socket.request({ type: 0 }).pipe(toArray()))).to.deep.equal([]);
  });

  it('TestIntegrationConnConcurrentManyConns: receives its own acks on each of 16 sockets that send 500 messages', async () => {
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        const socket = generic();
        using lease = socket.connect();
        for (let round = 0; round < 500; round++) {
          const reply = firstValueFrom(socket);
          const { sequence } = socket.send(empty);
          checkAck(await reply, sequence);
        }
        expect(lease.closed).to.equal(false);
      }),
    );
  }).timeout(30_000);

  it('TestIntegrationConnConcurrentOneConn: receives all acks when 16 workers send 500 messages each on one socket', async () => {
    const socket = generic();
    using lease = socket.connect();
    const { values } = collect(socket);
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (let round = 0; round < 500; round++) {
          const reply = firstValueFrom(socket);
          socket.send(empty);
          expect((await reply).payload.byteLength).to.equal(20);
        }
      }),
    );
    await until('all messages', () => values.length === 8000);
    expect(new Set(values.map(({ sequence }) => sequence)).size).to.equal(8000);
    expect(lease.closed).to.equal(false);
  }).timeout(30_000);

  it('TestIntegrationConnConcurrentClosePreventsReceive: ends streams and requests with EBADF after close()', async () => {
    const socket = generic();
    socket.connect();
    socket.close();
    for (const stream of [socket, socket.datagrams, socket.multicast(1), socket.request(empty)]) {
      expect(await errorOf(stream))
        .to.be.instanceOf(SocketClosedError)
        .and.include({ code: 'EBADF' });
    }
  });

  it('TestIntegrationConnConcurrentCloseUnblocksReceive: ends open streams at close(), which can be called five times', () => {
    const socket = generic();
    const waiting = [collect(socket), collect(socket.datagrams), collect(socket.request({ type: 1 }, { ack: false }))];
    for (let time = 0; time < 5; time++) socket.close();
    for (const { end } of waiting) expect(end).to.be.instanceOf(SocketClosedError).and.include({ reason: 'closed' });
  });

  it('TestIntegrationConnConcurrentSerializeExecute: completes 1,000 requests of each of 4 workers on one socket', async () => {
    const socket = generic();
    using lease = socket.connect();
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let round = 0; round < 1000; round++) {
          expect(await lastValueFrom(socket.request({ type: 0 }).pipe(toArray()))).to.deep.equal([]);
        }
      }),
    );
    expect(socket.counters).to.include({ strays: 0, spoofed: 0, overruns: 0 });
    expect(lease.closed).to.equal(false);
  }).timeout(30_000);

  it('TestIntegrationConnConcurrentSerializeReceive: emits two concurrent dumps completely to their requests and to each listener', async () => {
    const socket = generic();
    using lease = socket.connect();
    const { length } = await all(socket);
    expect(length).to.be.greaterThan(1);
    const listeners = [collect(socket), collect(socket)];
    for (let round = 0; round < 100; round++) {
      for (const { values } of listeners) values.length = 0;
      const dumps = await Promise.all([all(socket), all(socket)]);
      expect(dumps.map((dump) => dump.length)).to.deep.equal([length, length]);
      // The messages of two dumps, each with its DONE.
      for (const { values } of listeners) expect(values).to.have.length(2 * (length + 1));
    }
    expect(lease.closed).to.equal(false);
  }).timeout(30_000);

  it('TestIntegrationConnConcurrentSerializeReceiveIter, TestReceiveIter: iterates over the messages that a request emits', async () => {
    const socket = generic();
    using lease = socket.connect();
    const expected = (await all(socket)).map(familyOf);
    for (let round = 0; round < 20; round++) {
      const names: (string | undefined)[] = [];
      const iterator = socket[Symbol.asyncIterator]();
      const first = iterator.next();
      const { sequence } = socket.send({ ...families, flags: Request | Dump });
      for (let result = await first; result.done !== true; result = await iterator.next()) {
        expect(result.value.sequence).to.equal(sequence);
        if (result.value.type === MessageType.Done) break;
        names.push(familyOf(result.value));
      }
      await iterator.return?.();
      expect(names).to.deep.equal(expected);
    }
    expect(lease.closed).to.equal(false);
  });

  it('TestIntegrationConnExplicitPID: sends and receives with the port ID that the options set', async () => {
    const portId = 0x10000000 + Math.floor(Math.random() * 0x1000000);
    const socket = open({ protocol: Protocol.Generic, netns: namespace().path, portId });
    const { values } = collect(socket);
    expect(socket.portId).to.equal(portId);
    expect(socket.send({ ...families, flags: Request | Dump })).to.include({ portId });
    await until('the end of the dump', () => values.some(({ type }) => type === MessageType.Done));
    expect(new Set(values.map((message) => message.portId))).to.deep.equal(new Set([portId]));
  });

  it('TestIntegrationConnClosedConn: throws EBADF for methods and properties after close()', () => {
    const socket = generic();
    socket.connect();
    socket.close();
    const attempts = [
      () => socket.send(empty),
      () => socket.fd,
      () => socket.portId,
      () => socket.getOption('cappedAck'),
      () => socket.memberships(),
      () => socket.receiveBufferSize,
      () => socket.drops,
      () => socket.connect(),
    ];
    for (const attempt of attempts) expect(attempt).to.throw(SocketClosedError, /^EBADF/);
  });

  it('TestIntegrationConnMessageBufferSizeCopiesMessageData: keeps the bytes of a message when the next one arrives', async () => {
    const socket = open({ protocol: Protocol.UserSock, netns: namespace().path, sender: 'any', datagramSize: 64 });
    const { values } = collect(socket);
    for (const byte of [1, 2]) {
      socket.send({ type: 16, payload: new Uint8Array(4).fill(byte) }, { to: { portId: socket.portId } });
      await until('the message', () => values.length === byte);
    }
    expect(values.map(({ payload }) => [...payload])).to.deep.equal([
      [1, 1, 1, 1],
      [2, 2, 2, 2],
    ]);
  });

  it('TestIntegrationConnReceiveUnaligned: reads a message of 133 bytes, and rejects the same bytes with a length of 136', async () => {
    const socket = open({ protocol: Protocol.UserSock, netns: namespace().path, sender: 'any' });
    const netns = openSync(namespace().path, 'r');
    const receive = () => undefined;
    const sender = nativeTransport.open({ protocol: Protocol.UserSock, portId: 0, datagramSize: 4096, ref: false, receive, netns });
    closeSync(netns);
    const bytes = (claimed: number) => {
      const datagram = encodeMessage({ type: 16, payload: new Uint8Array(117).fill(7) }).slice(0, 133);
      new DataView(datagram.buffer).setUint32(0, claimed, hostIsLittleEndian);
      return datagram;
    };
    const [datagrams, messages] = [collect(socket.datagrams), collect(socket)];
    for (const claimed of [133, 136]) expect(sender.send(bytes(claimed), 133, { portId: socket.portId })).to.equal(true);
    await until('both messages', () => datagrams.values.length === 2);
    expect(messages.values.map(({ length, payload }) => [length, payload.byteLength])).to.deep.equal([[133, 117]]);
    expect(messages.end).to.be.instanceOf(DecodeError);
    expect(datagrams.end).to.equal(undefined);
    const again = collect(socket);
    sender.send(bytes(133), 133, { portId: socket.portId });
    await until('the next message', () => again.values.length === 1);
    sender.close();
  });
});
