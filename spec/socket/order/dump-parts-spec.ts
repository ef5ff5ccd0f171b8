import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { config, type Subscription } from 'rxjs';
import { netlink, type Message, type NetlinkSocket } from '../../../lib/index.js';
import { MessageFlags, MessageType, encodeMessages, type MessageInit } from '../../../lib/wire/index.js';
import { ScriptedTransport, turns } from '../../conformance/scripted-transport.js';

const PORT = 77;
const { Multi, DumpInterrupted } = MessageFlags;

/** The parts of a dump that begin a datagram are delivered in a loop of their own, after the first one; see `Dispatcher`. */
describe('parts of a dump', () => {
  let transport: ScriptedTransport;
  let socket: NetlinkSocket;
  let events: string[];
  let sequence: number;
  let dump: Subscription;
  /** The kinds of what a subscriber received after its end. */
  let stopped: string[];
  /** Called with the number of each row. */
  let onRow: (row: number, payload: Uint8Array) => void;

  beforeEach(async () => {
    transport = new ScriptedTransport(PORT);
    socket = netlink({ protocol: 0, transport });
    events = [];
    stopped = [];
    config.onStoppedNotification = ({ kind }) => stopped.push(kind);
    onRow = () => undefined;
    dump = socket.request({ type: 26, flags: MessageFlags.Dump }).subscribe({
      next: ({ payload }) => {
        events.push(`row ${payload[0]}`);
        onRow(payload[0]!, payload);
      },
      error: (error: unknown) => events.push((error as Error).name),
      complete: () => events.push('end'),
    });
    await turns();
    ({ sequence } = transport.sent[0]!.header);
  });
  afterEach(() => {
    config.onStoppedNotification = null;
    dump.unsubscribe();
    socket.close();
  });

  const message = (type: number, row: number, init: Partial<MessageInit> = {}): MessageInit => ({
    ...{ type, flags: Multi, sequence, portId: PORT, payload: Uint8Array.of(row, 0, 0, 0) },
    ...init,
  });
  const part = (row: number, init: Partial<MessageInit> = {}): MessageInit => message(24, row, init);
  const done = (flags: number = Multi): MessageInit => message(MessageType.Done, 0, { flags });
  const receive = (...datagrams: (readonly MessageInit[])[]): void => {
    transport.deliverSlab(datagrams.map((messages) => ({ bytes: encodeMessages(messages) })));
  };

  /** RxJS reports in a timer what a subscriber received after its end. */
  const reported = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

  const CASES: readonly (readonly [name: string, messages: () => MessageInit[], expected: string[], strays?: number])[] = [
    ['with their end', () => [part(2), part(3), done()], ['row 2', 'row 3', 'end']],
    ['and a part of another request', () => [part(2), part(8, { sequence: sequence + 1 }), part(3)], ['row 2', 'row 3'], 1],
    ['and a part for another socket', () => [part(2), part(8, { portId: PORT + 1 }), part(3)], ['row 2', 'row 3'], 1],
    ['and an event', () => [part(2), part(8, { sequence: 0, portId: 0 }), part(3)], ['row 2', 'row 3'], 1],
    ['and a part without port ID', () => [part(2), part(3, { portId: 0 }), part(4)], ['row 2', 'row 3', 'row 4']],
    ['and a reply that is not a part', () => [part(2), part(3, { flags: 0 }), part(4)], ['row 2', 'row 3', 'row 4']],
    ['and a reply of type 0', () => [part(2), message(0, 3), part(4)], ['row 2', 'row 3', 'row 4']],
    ['and a message without meaning', () => [part(2), message(MessageType.Noop, 0), part(3)], ['row 2', 'row 3']],
    [
      'and a change during the dump',
      () => [part(2), part(3, { flags: Multi | DumpInterrupted }), part(4), done()],
      ['row 2', 'row 3', 'row 4', 'DumpInterruptedError'],
    ],
    ['and a change at the end', () => [part(2), done(Multi | DumpInterrupted)], ['row 2', 'DumpInterruptedError']],
    [
      'and an error',
      () => [part(2), message(MessageType.Error, 0, { flags: 0, payload: new Uint8Array(Int32Array.of(-1, 0, 0, 0, 0).buffer) }), part(3)],
      ['row 2', 'KernelError'],
      1,
    ],
  ];

  for (const isObserved of [false, true]) {
    describe(isObserved ? 'of a socket whose messages have a subscriber' : 'without other subscribers', () => {
      beforeEach(() => {
        if (isObserved) socket.subscribe({ error: () => undefined });
      });

      for (const [name, messages, expected, strays = 0] of CASES)
        it(`${name} are delivered as when each has a datagram`, () => {
          receive([part(1)]);
          receive(messages());
          expect(events).to.deep.equal(['row 1', ...expected]);
          expect(socket.counters.strays).to.equal(strays);
        });

      for (const length of [0, 15, 25, 0xffff_fffc])
        it(`fail at a message whose length is ${length}`, () => {
          receive([part(1)]);
          const bytes = encodeMessages([part(2), part(3)]);
          new Uint32Array(bytes.buffer)[5] = length;
          transport.deliverSlab([{ bytes }]);
          expect(events).to.deep.equal(['row 1', 'row 2', 'DecodeError']);
        });

      it('lack the padding of the last one', () => {
        receive([part(1)]);
        const bytes = encodeMessages([part(2), part(3, { payload: Uint8Array.of(3) })]);
        transport.deliverSlab([{ bytes: bytes.subarray(0, 37) }]);
        expect(events).to.deep.equal(['row 1', 'row 2', 'row 3']);
      });

      it('of a group, or of a process, are not replies', () => {
        receive([part(1)]);
        const bytes = encodeMessages([part(2)]);
        transport.deliverSlab([{ bytes, group: 1 }, { bytes, sender: { portId: 5, groups: 0 } }, { bytes }]);
        expect(events).to.deep.equal(['row 1', 'row 2']);
        expect(socket.counters.spoofed).to.equal(1);
      });

      it('stop when the subscriber unsubscribes', async () => {
        onRow = (row) => {
          if (row === 2) dump.unsubscribe();
        };
        receive([part(1)]);
        receive([part(2), part(3)], [part(4), done()]);
        await reported();
        expect({ events, stopped }).to.deep.equal({ events: ['row 1', 'row 2'], stopped: [] });
        expect(socket.counters.strays).to.equal(0);
      });

      it('stop when the socket is closed', async () => {
        onRow = (row) => {
          if (row === 2) socket.close();
        };
        receive([part(1)]);
        receive([part(2), part(3)], [part(4), done()]);
        await reported();
        expect({ events, stopped }).to.deep.equal({ events: ['row 1', 'row 2', 'SocketClosedError'], stopped: [] });
      });

      it('reach a subscriber of all messages from the next one on', () => {
        const seen: string[] = [];
        onRow = (row) => {
          if (row === 2) socket.subscribe({ next: ({ type, payload }) => seen.push(`${type}: ${payload[0]}`), error: () => undefined });
        };
        receive([part(1)]);
        receive([part(2), part(3)], [part(4), done()]);
        expect(seen).to.deep.equal(['24: 3', '24: 4', '3: 0']);
        expect(events).to.deep.equal(['row 1', 'row 2', 'row 3', 'row 4', 'end']);
      });

      for (const row of [2, 3, 4])
        it(`fail when a subscriber transfers the memory of row ${row} to another thread`, () => {
          onRow = (one, payload) => {
            if (one === row) structuredClone(payload.buffer, { transfer: [payload.buffer as ArrayBuffer] });
          };
          receive([part(1)]);
          receive([part(2), part(3)], [part(4)]);
          receive([part(5), done()]);
          const rows = [1, 2, 3, 4].slice(0, row).map((one) => `row ${one}`);
          expect(events).to.deep.equal([...rows, 'OverrunError']);
          expect(socket.counters).to.include({ overruns: 1, strays: 0 });
        });

      it('go on after a subscriber has paused the socket', () => {
        onRow = (row) => {
          if (row === 2) socket.pause();
        };
        receive([part(1)]);
        receive([part(2), part(3)]);
        socket.resume();
        receive([part(4), done()]);
        expect(events).to.deep.equal(['row 1', 'row 2', 'row 3', 'row 4', 'end']);
      });

      it('are reported to a subscriber of the channel', () => {
        const reports: number[] = [];
        const report = (input: unknown): void => void reports.push((input as { message: Message }).message.payload[0]!);
        receive([part(1)]);
        subscribe('rxnetlink:receive', report);
        receive([part(2), part(3)]);
        unsubscribe('rxnetlink:receive', report);
        expect({ reports, events }).to.deep.equal({ reports: [2, 3], events: ['row 1', 'row 2', 'row 3'] });
      });

      it('end before a request that one of them causes is sent', async () => {
        const sent: number[] = [];
        onRow = (row) => {
          if (row === 2) socket.request({ type: 18 }).subscribe({ error: () => undefined });
          sent.push(transport.sent.length);
        };
        receive([part(1)]);
        receive([part(2), part(3)]);
        expect({ events, sent }).to.deep.equal({ events: ['row 1', 'row 2', 'row 3'], sent: [1, 1, 1] });
        await turns();
        expect(transport.sent.map(({ header }) => header.type)).to.deep.equal([26, 18]);
      });
    });
  }
});
