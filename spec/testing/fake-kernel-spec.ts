import { expect } from 'chai';
import { NEVER, concat, map, of, timer } from 'rxjs';
import { ack, done, errorReply, fakeKernel, multipart, type FakeHandler } from '../../lib/testing/index.js';
import { MessageFlags, MessageType, hostIsLittleEndian, type Message } from '../../lib/wire/index.js';
import { host } from '../support/host-order.js';
import { drive, runVirtually } from './support.js';

const REQUEST = MessageFlags.Request | MessageFlags.Ack;
const DUMP = MessageFlags.Request | MessageFlags.Dump;
const ROW = 16;

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const types = (messages: readonly Message[]): number[] => messages.map(({ type }) => type);
const errnoOf = (message: Message): number => new DataView(message.payload.slice().buffer).getInt32(0, hostIsLittleEndian);

describe('fakeKernel', () => {
  describe('requests', () => {
    it('are passed to the handler one by one, copied, and recorded with their datagrams', () => {
      const seen: [number, number, number][] = [];
      const kernel = fakeKernel((request, { index, socket }) => {
        seen.push([request.type, index, socket.portId]);
        return undefined;
      });
      const { send } = drive(kernel);
      send({ type: 18, flags: REQUEST, sequence: 7, payload: bytes(1, 2, 3) }, { type: 20, flags: REQUEST, sequence: 8 });

      expect(seen).to.deep.equal([
        [18, 0, 1],
        [20, 1, 1],
      ]);
      expect(types(kernel.requests)).to.deep.equal([18, 20]);
      expect([...kernel.requests[0]!.payload]).to.deep.equal([1, 2, 3]);
      expect(kernel.datagrams.map(({ byteLength }) => byteLength)).to.deep.equal([20 + 16]);
    });

    it('are emitted by received', () => {
      const kernel = fakeKernel();
      const received: number[] = [];
      kernel.received.subscribe(({ type }) => received.push(type));
      drive(kernel).send({ type: 18, flags: REQUEST });
      expect(received).to.deep.equal([18]);
    });

    it('that are control messages or lack the flag REQUEST get an ack if they ask for one, and reach no handler', () => {
      const kernel = fakeKernel(() => {
        throw new Error('must not be asked');
      });
      const socket = drive(kernel);
      const noop = socket.exchange(2, { type: MessageType.Noop, flags: REQUEST, sequence: 5 });
      expect(noop?.datagrams.map(({ messages }) => [messages[0]!.type, messages[0]!.sequence])).to.deep.equal([[MessageType.Error, 5]]);
      expect(errnoOf(noop!.datagrams[0]!.messages[0]!)).to.equal(0);
      expect(socket.exchange(1, { type: MessageType.Noop, flags: MessageFlags.Request })).to.equal(undefined);
      expect(socket.exchange(1, { type: 18, flags: MessageFlags.Ack })?.datagrams).to.have.length(1);
    });

    it('that are malformed are ignored silently', () => {
      const kernel = fakeKernel();
      const { connection } = drive(kernel);
      connection.send(Uint8Array.from([...host(15, 0, 0, 0), ...host(18, 0), ...host(5, 0), ...host(1, 0, 0, 0), 0, 0, 0, 0]), 16);
      expect(kernel.requests).to.have.length(0);
    });
  });

  describe('replies', () => {
    const reply = (handler: FakeHandler, flags = REQUEST): [number, number, number][] => {
      const answer = drive(fakeKernel(handler), { portId: 77 }).exchange(8, { type: 18, flags, sequence: 9 });
      return (answer?.datagrams ?? []).flatMap(({ messages }) =>
        messages.map(({ type, sequence, portId }) => [type, sequence, portId] as [number, number, number]),
      );
    };

    it('get the sequence number and port ID of the request, and an ack follows', () => {
      expect(reply(() => ({ type: ROW }))).to.deep.equal([
        [ROW, 9, 77],
        [MessageType.Error, 9, 77],
      ]);
    });
    it('keep their own sequence number and port ID', () => {
      expect(reply(() => [{ type: ROW, sequence: 3, portId: 4 }, ack()])[0]).to.deep.equal([ROW, 3, 4]);
    });
    it('are an ack when the handler returns undefined', () => {
      expect(reply(() => undefined)).to.deep.equal([[MessageType.Error, 9, 77]]);
    });
    it('are absent when the request asks for no ack and the handler returns undefined', () => {
      expect(reply(() => undefined, MessageFlags.Request)).to.deep.equal([]);
    });
    it('are absent when the handler returns an empty array', () => {
      expect(reply(() => [])).to.deep.equal([]);
    });
    it('get no second ack', () => {
      expect(reply(() => [{ type: ROW }, ack()])).to.have.length(2);
      expect(reply(() => errorReply('EPERM'))).to.have.length(1);
    });
    it('are an empty dump when the handler of a dump returns undefined', () => {
      expect(reply(() => undefined, DUMP | MessageFlags.Ack)).to.deep.equal([[MessageType.Done, 9, 77]]);
    });
    it('may be the bytes of a datagram, delivered unchanged', () => {
      const raw = bytes(...host(16, 0, 0, 0), ...host(99, 0), 0, 0, ...host(1, 0, 0, 0), ...host(2, 0, 0, 0));
      expect(reply(() => raw)).to.deep.equal([[99, 1, 2]]);
    });
    it('are delivered when an Observable emits them', () => {
      runVirtually((flush) => {
        const kernel = fakeKernel(() => concat(of({ type: 20 }), timer(5).pipe(map(() => ({ type: 21 })))));
        const socket = drive(kernel);
        const first = socket.exchange(4, { type: 18, flags: REQUEST });
        expect(first?.datagrams.flatMap(({ messages }) => types(messages))).to.deep.equal([20]);
        flush();
        expect(types(socket.messages())).to.deep.equal([21, MessageType.Error]);
      });
    });
    it('are absent while an Observable does not emit', () => {
      expect(reply(() => NEVER)).to.deep.equal([]);
    });
    it('arrive in a later turn after send()', () => {
      runVirtually((flush) => {
        const socket = drive(fakeKernel());
        socket.send({ type: 18, flags: REQUEST });
        expect(socket.deliveries).to.have.length(0);
        flush();
        expect(types(socket.messages())).to.deep.equal([MessageType.Error]);
      });
    });
    it('arrive in real time', async () => {
      const socket = drive(fakeKernel());
      socket.send({ type: 18, flags: REQUEST });
      expect(socket.deliveries).to.have.length(0);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(types(socket.messages())).to.deep.equal([MessageType.Error]);
    });
    it('after those that exchange() expects arrive by receive()', () => {
      runVirtually((flush) => {
        const socket = drive(fakeKernel(() => [{ type: 20 }, { type: 21 }]));
        const first = socket.exchange(1, { type: 18, flags: REQUEST });
        expect(first).to.deep.include({ drained: false, lost: false });
        // One datagram more than expected is read, to find the end of the queue.
        expect(first!.datagrams.flatMap(({ messages }) => types(messages))).to.deep.equal([20, 21]);
        flush();
        expect(types(socket.messages())).to.deep.equal([MessageType.Error]);
        expect(socket.deliveries.at(-1)!.drained).to.equal(true);
      });
    });
  });

  describe('dumps', () => {
    const rows = Array.from({ length: 5 }, (_, index) => ({ type: ROW, payload: bytes(index) }));

    it('are split into two datagrams, each part flagged MULTI', () => {
      const answer = drive(fakeKernel(() => multipart(rows))).exchange(8, { type: 18, flags: DUMP });
      expect(answer!.datagrams.map(({ messages }) => types(messages))).to.deep.equal([
        [ROW, ROW, ROW],
        [ROW, ROW, MessageType.Done],
      ]);
      for (const { messages } of answer!.datagrams) for (const { flags } of messages) expect(flags).to.equal(MessageFlags.Multi);
    });

    it('are split by partsPerDatagram', () => {
      const answer = drive(fakeKernel(() => multipart(rows), { partsPerDatagram: 1 })).exchange(8, { type: 18, flags: DUMP });
      expect(answer!.datagrams).to.have.length(6);
    });

    it('continue after each read, and a second dump meanwhile fails with EBUSY', () => {
      runVirtually((flush) => {
        const socket = drive(fakeKernel(() => multipart(rows)));
        socket.connection.pause();
        socket.send({ type: 18, flags: DUMP, sequence: 1 });
        socket.send({ type: 18, flags: DUMP, sequence: 2 });
        socket.connection.resume();
        flush();
        const seen = socket.messages().map(({ type, sequence }) => `${type} ${sequence}`);
        expect(seen).to.deep.equal(['16 1', '16 1', '16 1', '2 2', '16 1', '16 1', '3 1']);
        expect(errnoOf(socket.messages()[3]!)).to.equal(-16);
        socket.send({ type: 18, flags: DUMP, sequence: 3 });
        flush();
        expect(socket.messages().at(-1)!.type).to.equal(MessageType.Done);
        expect(socket.messages().at(-1)!.sequence).to.equal(3);
      });
    });

    it('are flagged as interrupted after interruptDump()', () => {
      runVirtually((flush) => {
        const kernel = fakeKernel(() => multipart(rows), { partsPerDatagram: 2 });
        const socket = drive(kernel);
        const marked = (messages: readonly Message[]): boolean[] =>
          messages.map(({ flags }) => (flags & MessageFlags.DumpInterrupted) !== 0);
        socket.send({ type: 18, flags: DUMP });
        kernel.interruptDump();
        flush();
        // The first part was encoded when the dump began.
        expect(marked(socket.messages())).to.deep.equal([false, false, true, true, true, true]);
      });
    });

    it('are flagged from the next dump on when none runs', () => {
      const kernel = fakeKernel(() => multipart(rows));
      kernel.interruptDump();
      const socket = drive(kernel);
      const marks = (): boolean[] =>
        socket
          .exchange(8, { type: 18, flags: DUMP })!
          .datagrams.flatMap(({ messages }) => messages.map(({ flags }) => (flags & MessageFlags.DumpInterrupted) !== 0));
      expect(marks()).to.include(true);
      expect(marks()).to.not.include(true);
    });

    it('may fail after some rows', () => {
      const answer = drive(fakeKernel(() => multipart(rows.slice(0, 1), done('ENODEV')))).exchange(8, { type: 18, flags: DUMP });
      const last = answer!.datagrams.at(-1)!.messages.at(-1)!;
      expect([last.type, errnoOf(last)]).to.deep.equal([MessageType.Done, -19]);
    });
  });
});
