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
} from '../../../lib/index.js';
import { nativeTransport } from '../../../lib/socket/internal.js';
import { useNamespace } from '../../support/namespace.js';
import { errorOf, hear, until, useSockets } from '../../support/sockets.js';

/*
 * The integration tests of conn_linux_integration_test.go in mdlayher/netlink, under their names, as far as they are about
 * sending and receiving. Elsewhere:
 *   TestIntegrationConnSetBPF, TestIntegrationConnSetBPFEmpty: filters-spec.ts
 *   Test_testBPFProgram: an interpreter for that filter; filters-spec.ts has the kernel run it
 *   TestConnSendConcurrentWithReceive: nothing here ever blocks; back-pressure-spec.ts sends while replies are unread
 *   TestOpErrorUnwrapLinux: the classify cases of npm run test:conformance
 *   options, timeouts, namespaces, buffers: integration-options-spec.ts
 */

const GENL_ID_CTRL = 16;
const { Request, Ack, Dump } = MessageFlags;
const empty = { type: 0, flags: Request | Ack };
const families = { type: GENL_ID_CTRL, flags: Dump, payload: Uint8Array.of(3, 1, 0, 0) };

const familyOf = ({ payload }: Message) => new AttributeReader(payload, { start: 4 }).find(2)?.string();
const all = (socket: NetlinkSocket) => lastValueFrom(socket.request(families, { timeout: 5000 }).pipe(toArray()));

/** What every such ack has to be: the header that was sent comes back, and nothing else. */
function checkAck(message: Message, sequence: number): void {
  expect(message).to.include({ type: MessageType.Error, length: 36, sequence });
  expect(message.flags & ~MessageFlags.Capped).to.equal(0);
  expect(decodeAck(message).errno).to.equal(0);
  const echoed = new DataView(message.payload.buffer, message.payload.byteOffset + 4, 16);
  expect(echoed.getUint16(6, true)).to.equal(empty.flags);
  expect(echoed.getUint32(8, true)).to.equal(sequence);
}

describe('integration: connections', () => {
  const namespace = useNamespace();
  const open = useSockets();
  const generic = () => open({ protocol: Protocol.Generic, netns: namespace().path });

  it('TestIntegrationConn: an empty message is answered by one ack', async () => {
    const socket = generic();
    const { values } = hear(socket);
    const { sequence } = socket.send(empty);
    await until('it came', () => values.length === 1);
    checkAck(values[0]!, sequence);
    expect(await lastValueFrom(socket.request({ type: 0 }).pipe(toArray()))).to.deep.equal([]);
  });

  it('TestIntegrationConnConcurrentManyConns: 16 sockets, 500 messages each, each gets its own ack', async () => {
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

  it('TestIntegrationConnConcurrentOneConn: 16 workers on one socket, 500 times each, unpaired', async () => {
    const socket = generic();
    using lease = socket.connect();
    const { values } = hear(socket);
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (let round = 0; round < 500; round++) {
          const reply = firstValueFrom(socket);
          socket.send(empty);
          expect((await reply).payload.byteLength).to.equal(20);
        }
      }),
    );
    await until('all came', () => values.length === 8000);
    expect(new Set(values.map(({ sequence }) => sequence)).size).to.equal(8000);
    expect(lease.closed).to.equal(false);
  }).timeout(30_000);

  it('TestIntegrationConnConcurrentClosePreventsReceive: what is asked of a closed socket ends with EBADF at once', async () => {
    const socket = generic();
    socket.connect();
    socket.close();
    for (const stream of [socket, socket.datagrams, socket.multicast(1), socket.request(empty)]) {
      expect(await errorOf(stream))
        .to.be.instanceOf(SocketClosedError)
        .and.include({ code: 'EBADF' });
    }
  });

  it('TestIntegrationConnConcurrentCloseUnblocksReceive: close() ends who waits; five times do no harm', () => {
    const socket = generic();
    const waiting = [hear(socket), hear(socket.datagrams), hear(socket.request({ type: 1 }, { ack: false }))];
    for (let time = 0; time < 5; time++) socket.close();
    for (const { end } of waiting) expect(end).to.be.instanceOf(SocketClosedError).and.include({ reason: 'closed' });
  });

  it('TestIntegrationConnConcurrentSerializeExecute: 4 workers, 1,000 requests each, on one socket', async () => {
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

  it('TestIntegrationConnConcurrentSerializeReceive: 100 times, a dump goes to its own request whole, and whole to each listener', async () => {
    const socket = generic();
    using lease = socket.connect();
    const { length } = await all(socket);
    expect(length).to.be.greaterThan(1);
    const listeners = [hear(socket), hear(socket)];
    for (let round = 0; round < 100; round++) {
      for (const { values } of listeners) values.length = 0;
      const dumps = await Promise.all([all(socket), all(socket)]);
      expect(dumps.map((dump) => dump.length)).to.deep.equal([length, length]);
      // Two dumps with their DONE.
      for (const { values } of listeners) expect(values).to.have.length(2 * (length + 1));
    }
    expect(lease.closed).to.equal(false);
  }).timeout(30_000);

  it('TestIntegrationConnConcurrentSerializeReceiveIter, TestReceiveIter: an iterator reads what a request reads', async () => {
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

  it('TestIntegrationConnExplicitPID: the port ID that was asked for is in what is sent and in all replies', async () => {
    const portId = 0x10000000 + Math.floor(Math.random() * 0x1000000);
    const socket = open({ protocol: Protocol.Generic, netns: namespace().path, portId });
    const { values } = hear(socket);
    expect(socket.portId).to.equal(portId);
    expect(socket.send({ ...families, flags: Request | Dump })).to.include({ portId });
    await until('it ended', () => values.some(({ type }) => type === MessageType.Done));
    expect(new Set(values.map((message) => message.portId))).to.deep.equal(new Set([portId]));
  });

  it('TestIntegrationConnClosedConn: sending, setting and the descriptor are EBADF after close()', () => {
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

  it('TestIntegrationConnMessageBufferSizeCopiesMessageData: a message that is kept stays as it was', async () => {
    const socket = open({ protocol: Protocol.UserSock, netns: namespace().path, sender: 'any', datagramSize: 64 });
    const { values } = hear(socket);
    for (const byte of [1, 2]) {
      socket.send({ type: 16, payload: new Uint8Array(4).fill(byte) }, { to: { portId: socket.portId } });
      await until('it came', () => values.length === byte);
    }
    expect(values.map(({ payload }) => [...payload])).to.deep.equal([
      [1, 1, 1, 1],
      [2, 2, 2, 2],
    ]);
  });

  it('TestIntegrationConnReceiveUnaligned: 133 bytes are a message; the same that claim 136 are broken and hurt nobody', async () => {
    const socket = open({ protocol: Protocol.UserSock, netns: namespace().path, sender: 'any' });
    const netns = openSync(namespace().path, 'r');
    const receive = () => undefined;
    const sender = nativeTransport.open({ protocol: Protocol.UserSock, portId: 0, datagramSize: 4096, ref: false, receive, netns });
    closeSync(netns);
    const bytes = (claimed: number) => {
      const datagram = encodeMessage({ type: 16, payload: new Uint8Array(117).fill(7) }).slice(0, 133);
      new DataView(datagram.buffer).setUint32(0, claimed, true);
      return datagram;
    };
    const [datagrams, messages] = [hear(socket.datagrams), hear(socket)];
    for (const claimed of [133, 136]) expect(sender.send(bytes(claimed), 133, { portId: socket.portId })).to.equal(true);
    await until('both came', () => datagrams.values.length === 2);
    expect(messages.values.map(({ length, payload }) => [length, payload.byteLength])).to.deep.equal([[133, 117]]);
    expect(messages.end).to.be.instanceOf(DecodeError);
    expect(datagrams.end).to.equal(undefined);
    const again = hear(socket);
    sender.send(bytes(133), 133, { portId: socket.portId });
    await until('the next one came', () => again.values.length === 1);
    sender.close();
  });
});
