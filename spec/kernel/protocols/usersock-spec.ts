import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { NetlinkError, Protocol, type MessageInit, type NetlinkSocket, type TraceEvent } from '../../../lib/index.js';
import { contentOf, int32 } from '../../support/messages.js';
import { useNamespace } from '../../support/namespace.js';
import { collect, pause, until, useSockets } from '../../support/sockets.js';

const numbered = (number: number, size = 4): MessageInit => {
  const payload = new Uint8Array(size);
  payload.set(int32(number));
  return { type: 100, payload };
};
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('usersock', () => {
  const namespace = useNamespace();
  const open = useSockets();
  let alice: NetlinkSocket;
  let bob: NetlinkSocket;

  beforeEach(() => {
    const options = { protocol: Protocol.UserSock, netns: namespace().path, sender: 'any' } as const;
    alice = open(options);
    bob = open(options);
    for (const socket of [alice, bob]) socket.connect();
  });
  const toBob = () => ({ to: { portId: bob.portId } });

  it('sends messages in both directions, with their sender', async () => {
    const [atAlice, atBob] = [collect(alice), collect(bob)];
    const [sent] = alice.send([numbered(7)], toBob());
    await until('the message', () => atBob.values.length === 1);
    const [message] = atBob.values;
    expect(message).to.include({ type: 100, sequence: sent?.sequence, portId: alice.portId, length: 20 });
    expect(message?.origin.sender).to.deep.equal({ portId: alice.portId, groups: 0 });
    bob.send({ type: 101, sequence: message?.sequence ?? 0 }, { to: { portId: message?.portId ?? 0 } });
    await until('the answer', () => atAlice.values.length === 1);
    expect(atAlice.values[0]).to.include({ type: 101, sequence: sent?.sequence, portId: bob.portId });
  });

  it('sends several messages in one datagram', async () => {
    const datagrams = collect(bob.datagrams);
    const messages = collect(bob);
    alice.send([numbered(1), numbered(2), numbered(3)], toBob());
    await until('the messages', () => messages.values.length === 3);
    expect(datagrams.values.map(({ bytes }) => bytes.byteLength)).to.deep.equal([60]);
    expect(messages.values.map(contentOf)).to.deep.equal([1, 2, 3]);
  });

  it('sends to a group, which packet info names', async () => {
    const group = collect(bob.multicast(3));
    alice.send(numbered(9), { to: { portId: 0, groups: 1 << 2 } });
    await until('the message', () => group.values.length === 1);
    expect(group.values[0]).to.include({ group: 3, portId: alice.portId });
  });

  it("queues what does not fit into the peer's queue, and sends 3,000 messages in order without loss", async () => {
    bob.receiveBufferSize = 8192;
    const received = collect(bob);
    bob.pause();
    for (const number of numbers(3000)) alice.send(numbered(number, 200), toBob());
    await pause(100);
    expect(received.values).to.deep.equal([]);
    bob.resume();
    await until('all messages', () => received.values.length === 3000);
    expect(received.values.map(contentOf)).to.deep.equal(numbers(3000));
    expect(bob.counters).to.include({ overruns: 0, dropped: 0 });
    expect(received.end).to.equal(undefined);
  });

  it('discards queued messages when it is closed', async () => {
    bob.receiveBufferSize = 4096;
    const received = collect(bob);
    bob.pause();
    for (const number of numbers(200)) alice.send(numbered(number, 200), toBob());
    await pause(10);
    alice.close();
    bob.resume();
    await pause(150);
    expect(received.values.length).to.be.within(1, 50);
    expect(received.values.map(contentOf)).to.deep.equal(numbers(received.values.length));
  });

  it('counts and publishes queued messages that are dropped because the peer was closed', async () => {
    bob.receiveBufferSize = 4096;
    bob.pause();
    const warnings: string[] = [];
    const note = (event: unknown) => warnings.push((event as TraceEvent).text ?? '');
    subscribe('rxnetlink:warning', note);
    const [received, atBob] = [collect(alice), collect(bob)];
    const { portId } = bob;
    for (const number of numbers(100)) alice.send(numbered(number, 200), toBob());
    bob.close();
    await until('the dropped messages', () => alice.counters.unsent > 0);
    unsubscribe('rxnetlink:warning', note);
    const { unsent } = alice.counters;
    expect(unsent).to.be.within(50, 99);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(new RegExp(`^send: dropped ${String(unsent)} datagrams to port ${String(portId)}: ECONNREFUSED `));
    expect(atBob.values).to.deep.equal([]);
    expect(received.end).to.equal(undefined);
  });

  it('sends to one socket while the queue of another is full', async () => {
    const carol = open({ protocol: Protocol.UserSock, netns: namespace().path, sender: 'any' });
    const atCarol = collect(carol);
    bob.receiveBufferSize = 4096;
    bob.pause();
    for (const number of numbers(100)) alice.send(numbered(number, 200), toBob());
    alice.send(numbered(1), { to: { portId: carol.portId } });
    await until('the message', () => atCarol.values.length === 1);
    const atBob = collect(bob);
    bob.resume();
    await until('the other messages', () => atBob.values.length === 100);
    expect(atBob.values.map(contentOf)).to.deep.equal(numbers(100));
  });

  it('queues at most 16 MiB for a full socket, then throws EAGAIN from send(), and sends all queued messages', async () => {
    const received = collect(bob);
    bob.pause();
    let taken = 0;
    const sendAll = () => {
      while (taken < 1000) {
        alice.send(numbered(taken, 60_000), toBob());
        taken++;
      }
    };
    expect(sendAll).to.throw(NetlinkError, /^EAGAIN send: \d+ bytes already wait for port \d+, whose receive queue is full$/);
    // Each message has 60,000 bytes: 279 of them are 16 MiB, and bob's queue holds a few more.
    expect(taken).to.be.within(275, 285);
    bob.resume();
    await until('all messages', () => received.values.length === taken);
    expect(received.values.map(contentOf)).to.deep.equal(numbers(taken));
    alice.send(numbered(taken), toBob());
    await until('the next message', () => received.values.length === taken + 1);
  });

  it('throws ECONNREFUSED if no socket has the port ID', () => {
    const { portId } = bob;
    bob.close();
    expect(() => alice.send(numbered(1), { to: { portId } })).to.throw(NetlinkError, /^ECONNREFUSED send: .*: no socket has that port ID$/);
  });
});
