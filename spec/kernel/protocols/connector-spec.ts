import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { MessageType, NetlinkError, Protocol, netlink, type Message, type NetlinkSocket, hostIsLittleEndian } from '../../../lib/index.js';
import { host } from '../../support/host-order.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { collect, pause, until, useSockets } from '../../support/sockets.js';
import { spawn } from '../../support/programs.js';

/*
 * struct cn_msg { idx, val, seq, ack: u32; len, flags: u16 } and struct proc_event { what, cpu: u32; timestamp: u64; ... }
 * (uapi/linux/connector.h, cn_proc.h)
 */
const CN_PROC = 1;
const LISTEN = 1;
const IGNORE = 2;
const FORK = 0x1;
const EXIT = 0x8000_0000;
const EVENT = 20;
const DETAILS = EVENT + 16;

function control(operation: number): Uint8Array {
  // The length has 16 bits, and the flags follow.
  const length = Uint8Array.of(...host(4, 0), 0, 0);
  const words = Uint32Array.of(CN_PROC, CN_PROC, 0, 0, ...new Uint32Array(length.buffer), operation);
  return new Uint8Array(words.buffer);
}

interface ProcessEvent {
  readonly what: number;
  readonly details: readonly number[];
}

function eventOf({ payload }: Message): ProcessEvent {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const details = Array.from({ length: 4 }, (_, index) => view.getUint32(DETAILS + 4 * index, hostIsLittleEndian));
  return { what: view.getUint32(EVENT, hostIsLittleEndian), details };
}

describe('connector', () => {
  let socket: NetlinkSocket;

  before(function () {
    const map = readFileSync('/proc/self/uid_map', 'utf8').trim().split(/\s+/);
    if (map.join(' ') !== '0 0 4294967295') skipBecause(this, 'process events need CAP_NET_ADMIN in the initial user namespace');
    const probe = netlink(Protocol.Connector);
    try {
      probe.connect();
      // Kernels before 6.6 count: an IGNORE without a LISTEN makes the next LISTEN ineffective.
      for (const operation of [LISTEN, IGNORE]) probe.send({ type: MessageType.Done, payload: control(operation) });
    } catch (error) {
      if (!(error instanceof NetlinkError)) throw error;
      skipBecause(this, 'this kernel has no process events', error);
    } finally {
      probe.close();
    }
  });
  beforeEach(() => {
    socket = netlink(Protocol.Connector);
  });
  afterEach(async () => {
    if (socket.isOpen) await lastValueFrom(socket.request({ type: MessageType.Done, payload: control(IGNORE) }).pipe(toArray()));
    socket.close();
  });

  for (const how of ['request()', 'send()'] as const) {
    it(`receives the events of a child process after ${how}, to which the kernel does not reply`, async () => {
      const received = collect(socket.multicast(CN_PROC));
      const { values } = received;
      const init = { type: MessageType.Done, payload: control(LISTEN) };
      if (how === 'send()') socket.send(init);
      else expect(await lastValueFrom(socket.request(init).pipe(toArray()))).to.deep.equal([]);
      const child = spawn('true');
      const processId = child.pid ?? 0;
      const events = () => values.map(eventOf).filter(({ details }) => details[0] === processId || details[2] === processId);
      await until('the child ended', () => events().some(({ what }) => what === EXIT));
      const [fork] = events().filter(({ what }) => what === FORK);
      // parent and its group leader, child and its group leader
      expect(fork?.details).to.deep.equal([fork?.details[0], process.pid, processId, processId]);
      // The events have the type of DONE, but are data.
      expect(new Set(values.map(({ type }) => type))).to.deep.equal(new Set([MessageType.Done]));
      expect(received.end).to.equal(undefined);
      expect(socket.counters).to.include({ strays: 0, spoofed: 0, overruns: 0 });
    });
  }

  it('completes a request without a reply, with or without an ack', async () => {
    using lease = socket.connect();
    for (const ack of [true, false]) {
      const replies = await lastValueFrom(
        socket.request({ type: MessageType.Done, payload: control(LISTEN) }, { ack, timeout: 2000 }).pipe(toArray()),
      );
      expect(replies).to.deep.equal([]);
    }
    await pause();
    expect(lease.closed).to.equal(false);
  });
});

describe('connector in a network namespace that is not the first', () => {
  const namespace = useNamespace();
  const open = useSockets();

  it('fails with an error that names the missing protocol', () => {
    const socket = open({ protocol: Protocol.Connector, netns: namespace().path });
    using lease = socket.connect();
    expect(() => socket.send({ type: MessageType.Done, payload: control(LISTEN) })).to.throw(
      NetlinkError,
      /^ECONNREFUSED send: 40 bytes were not sent: the kernel does not serve this protocol in this network namespace$/,
    );
    expect(lease.closed).to.equal(false);
  });
});
