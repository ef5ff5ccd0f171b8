import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { OverrunError } from '../../../lib/errors/index.js';
import { Frame } from '../../../lib/wire/internal.js';
import { MessageFlags, encodeMessage, type Message } from '../../../lib/wire/index.js';
import { FamilyClient } from '../../../lib/client/index.js';
import { rtLinkSchema } from '../../../lib/families/generated/rt-link.js';
import { rtLink } from '../../../lib/families/rt-link.js';
import { stringify } from '../../../lib/schema/index.js';
import { NetlinkSocket, type TraceEvent } from '../../../lib/socket/index.js';
import { Slab } from '../../../lib/socket/transport/slab.js';
import { closeListeners, listen } from '../../support/native-listener.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';

const GETLINK = 18;
const NOTHING = 16;
const MIB = 1 << 20;

/** A message without a payload, which the kernel acknowledges. */
const barrier = encodeMessage({ type: NOTHING, flags: MessageFlags.Request | MessageFlags.Ack, sequence: 9 });

describe('native socket: memory for replies', () => {
  const namespace = useNamespace();
  afterEach(closeListeners);

  const socketHere = (): NetlinkSocket => new NetlinkSocket({ protocol: 0, netns: namespace().path });

  /** Requests the loopback link. */
  const link = async (socket: NetlinkSocket): Promise<Message> => {
    const payload = new Uint8Array(16);
    new Uint32Array(payload.buffer)[1] = 1;
    const [reply] = await lastValueFrom(socket.request({ type: GETLINK, payload }).pipe(toArray()));
    return reply!;
  };

  it('writes a slab into the room from the start on, and nothing before it', () => {
    const { connection } = listen({ netns: namespace().path });
    const room = new Uint8Array(512).fill(0xee);
    const length = connection.exchange(barrier, barrier.byteLength, 1, room, 64);
    if (typeof length !== 'number') throw new Error('exchange() did not use the room');
    expect(room.subarray(0, 64).every((byte) => byte === 0xee)).to.equal(true);
    expect(room.subarray(64 + length).every((byte) => byte === 0xee)).to.equal(true);
    const slab = new Slab(new Frame(room), 64, 64 + length);
    expect(slab.count).to.equal(1);
    const { start, end } = slab.entry(0);
    expect([start, new Uint32Array(room.buffer)[start / 4 + 2]]).to.deep.equal([64, 9]);
    expect(end).to.be.below(64 + length);
  });

  for (const [what, size, start] of [
    ['is too small', 40, 0],
    ['has no byte behind the start', 64, 64],
    ['starts between two words', 512, 2],
  ] as const)
    it(`returns a buffer of its own if the room ${what}`, () => {
      const { connection } = listen({ netns: namespace().path });
      const room = new Uint8Array(size).fill(0xee);
      expect(connection.exchange(barrier, barrier.byteLength, 1, room, start)).to.be.an.instanceOf(ArrayBuffer);
      expect(room.every((byte) => byte === 0xee)).to.equal(true);
    });

  it('keeps messages as they were while later ones are written beside them', async () => {
    const socket = socketHere();
    try {
      const first = await link(socket);
      const copy = first.payload.slice();
      const others = [];
      for (let count = 0; count < 50; count++) others.push(await link(socket));
      expect(others.filter(({ payload }) => payload.buffer === first.payload.buffer)).to.have.length.above(2);
      expect(others.at(-1)!.payload.buffer).to.not.equal(first.payload.buffer);
      expect(first.payload).to.deep.equal(copy);
    } finally {
      socket.close();
    }
  });

  it('uses the memory of replies again from which rows were made, and changes neither rows nor messages', async () => {
    const socket = socketHere();
    const client = rtLink(socket);
    try {
      socket.connect();
      const first = await link(socket);
      const copy = first.payload.slice();
      const row = await lastValueFrom(client.do('getlink', { ifiIndex: 1 }));
      const text = stringify(row);
      for (let count = 0; count < 50; count++) await lastValueFrom(client.do('getlink', { ifiIndex: 1 }));
      // A turn that has lasted too long leaves its last replies to the event loop, which reads them into other memory.
      await new Promise(setImmediate);
      expect((await link(socket)).payload.buffer).to.equal(first.payload.buffer);
      expect(first.payload).to.deep.equal(copy);
      expect(stringify(row)).to.equal(text);
    } finally {
      socket.close();
    }
  });

  it('keeps the messages that a subscriber of a channel has received', async () => {
    const socket = socketHere();
    // Each message has attributes that this schema lacks: the channel receives it.
    const sets = rtLinkSchema.sets.map((set) => (set.name === 'link-attrs' ? { ...set, attributes: set.attributes.slice(0, 5) } : set));
    const client = new FamilyClient({ ...rtLinkSchema, sets }, socket);
    const messages = new Set<Message>();
    const keep = (event: unknown): void => void messages.add((event as Required<TraceEvent>).message);
    subscribe('rxnetlink:unknown', keep);
    try {
      for (let count = 0; count < 5; count++) await lastValueFrom(client.do('getlink', { ifiIndex: 1 }));
      expect(new Set([...messages].map(({ sequence }) => sequence))).to.have.property('size', 5);
    } finally {
      unsubscribe('rxnetlink:unknown', keep);
      socket.close();
    }
  });

  it('goes on after a caller has transferred the buffer of a payload to another thread', async () => {
    const socket = socketHere();
    try {
      const { payload } = await link(socket);
      structuredClone(payload.buffer, { transfer: [payload.buffer as ArrayBuffer] });
      expect(payload.byteLength).to.equal(0);
      expect((await link(socket)).payload.byteLength).to.be.above(100);
    } finally {
      socket.close();
    }
  });

  it('keeps the datagrams behind those that are in the room', async function () {
    const { connection, deliveries, until } = listen({ netns: namespace().path, datagramSize: 5 * MIB });
    const sender = listen({ netns: namespace().path });
    for (const one of [sender.connection, connection]) one.setBufferSize(one === connection ? 'receive' : 'send', 16 * MIB);
    const send = (length: number): boolean => sender.connection.send(new Uint8Array(length), length, { portId: connection.portId });
    if (!send(64) || !send(4 * MIB - 8)) skipBecause(this, 'the receive queue cannot hold a datagram of 4 MiB');
    const lengths: number[] = [];
    const read = (slab: Slab): void => void lengths.push(...Array.from({ length: slab.count }, (_, index) => slab.entry(index).length));
    const room = new Uint8Array(16 << 10);
    const result = connection.exchange(barrier, barrier.byteLength, 16, room, 0);
    if (typeof result !== 'number') throw new Error('exchange() did not use the room');
    read(new Slab(new Frame(room), 0, result));
    await until(() => deliveries.length > 0);
    lengths.push(...deliveries.flatMap(({ entries }) => entries.map(({ length }) => length)));
    expect(lengths).to.include.members([64, 4 * MIB - 8]);
  });

  it('reports messages as lost whose memory a caller has transferred to another thread', async () => {
    const socket = socketHere();
    const failures: unknown[] = [];
    const messages = socket.subscribe({ error: (error: unknown) => failures.push(error) });
    try {
      const { payload } = await link(socket);
      structuredClone(payload.buffer, { transfer: [payload.buffer as ArrayBuffer] });
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(failures.map(String)).to.have.length(1);
      expect(failures[0]).to.be.an.instanceOf(OverrunError);
      expect((await link(socket)).payload.byteLength).to.be.above(100);
    } finally {
      messages.unsubscribe();
      socket.close();
    }
  });
});
