import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { NetlinkError, Protocol, type MessageInit, type NetlinkSocket, type TraceEvent } from '../../../lib/index.js';
import { contentOf, int32 } from '../../support/messages.js';
import { useNamespace } from '../../support/namespace.js';
import { hear, pause, until, useSockets } from '../../support/sockets.js';

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

  it('carries messages both ways, with who sent them', async () => {
    const [atAlice, atBob] = [hear(alice), hear(bob)];
    const [sent] = alice.send([numbered(7)], toBob());
    await until('it came', () => atBob.values.length === 1);
    const [message] = atBob.values;
    expect(message).to.include({ type: 100, sequence: sent?.sequence, portId: alice.portId, length: 20 });
    expect(message?.origin.sender).to.deep.equal({ portId: alice.portId, groups: 0 });
    bob.send({ type: 101, sequence: message?.sequence ?? 0 }, { to: { portId: message?.portId ?? 0 } });
    await until('the answer came', () => atAlice.values.length === 1);
    expect(atAlice.values[0]).to.include({ type: 101, sequence: sent?.sequence, portId: bob.portId });
  });

  it('sends several messages in one datagram', async () => {
    const datagrams = hear(bob.datagrams);
    const messages = hear(bob);
    alice.send([numbered(1), numbered(2), numbered(3)], toBob());
    await until('they came', () => messages.values.length === 3);
    expect(datagrams.values.map(({ bytes }) => bytes.byteLength)).to.deep.equal([60]);
    expect(messages.values.map(contentOf)).to.deep.equal([1, 2, 3]);
  });

  it('reaches a group, and packet info names it', async () => {
    const group = hear(bob.multicast(3));
    alice.send(numbered(9), { to: { portId: 0, groups: 1 << 2 } });
    await until('it came', () => group.values.length === 1);
    expect(group.values[0]).to.include({ group: 3, portId: alice.portId });
  });

  it('keeps what does not fit the other queue, and sends 3,000 messages in order, with none lost', async () => {
    bob.receiveBufferSize = 8192;
    const received = hear(bob);
    bob.pause();
    for (const number of numbers(3000)) alice.send(numbered(number, 200), toBob());
    await pause(100);
    expect(received.values).to.deep.equal([]);
    bob.resume();
    await until('all came', () => received.values.length === 3000);
    expect(received.values.map(contentOf)).to.deep.equal(numbers(3000));
    expect(bob.counters).to.include({ overruns: 0, dropped: 0 });
    expect(received.end).to.equal(undefined);
  });

  it('forgets what still waits when it is closed', async () => {
    bob.receiveBufferSize = 4096;
    const received = hear(bob);
    bob.pause();
    for (const number of numbers(200)) alice.send(numbered(number, 200), toBob());
    await pause(10);
    alice.close();
    bob.resume();
    await pause(150);
    expect(received.values.length).to.be.within(1, 50);
    expect(received.values.map(contentOf)).to.deep.equal(numbers(received.values.length));
  });

  it('counts and publishes what it had to give up because the other went away', async () => {
    bob.receiveBufferSize = 4096;
    bob.pause();
    const warnings: string[] = [];
    const note = (event: unknown) => warnings.push((event as TraceEvent).text ?? '');
    subscribe('rxnetlink:warning', note);
    const [heard, atBob] = [hear(alice), hear(bob)];
    const { portId } = bob;
    for (const number of numbers(100)) alice.send(numbered(number, 200), toBob());
    bob.close();
    await until('they were given up', () => alice.counters.unsent > 0);
    unsubscribe('rxnetlink:warning', note);
    const { unsent } = alice.counters;
    expect(unsent).to.be.within(50, 99);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(new RegExp(`^gave ${String(unsent)} datagrams to port ${String(portId)} up: ECONNREFUSED `));
    expect(atBob.values).to.deep.equal([]);
    expect(heard.end).to.equal(undefined);
  });

  it('does not let a full socket hold up what goes to another', async () => {
    const carol = open({ protocol: Protocol.UserSock, netns: namespace().path, sender: 'any' });
    const atCarol = hear(carol);
    bob.receiveBufferSize = 4096;
    bob.pause();
    for (const number of numbers(100)) alice.send(numbered(number, 200), toBob());
    alice.send(numbered(1), { to: { portId: carol.portId } });
    await until('it came', () => atCarol.values.length === 1);
    const atBob = hear(bob);
    bob.resume();
    await until('the others came too', () => atBob.values.length === 100);
    expect(atBob.values.map(contentOf)).to.deep.equal(numbers(100));
  });

  it('keeps 16 MiB for a full socket and no more: send() throws EAGAIN then, and what it took before comes', async () => {
    const received = hear(bob);
    bob.pause();
    let taken = 0;
    const sendAll = () => {
      while (taken < 1000) {
        alice.send(numbered(taken, 60_000), toBob());
        taken++;
      }
    };
    expect(sendAll).to.throw(NetlinkError, /^EAGAIN send: \d+ bytes wait already for port \d+, which takes none$/);
    // Of 60,000 bytes each 279 make 16 MiB; a few more are with bob already.
    expect(taken).to.be.within(275, 285);
    bob.resume();
    await until('all came', () => received.values.length === taken);
    expect(received.values.map(contentOf)).to.deep.equal(numbers(taken));
    alice.send(numbered(taken), toBob());
    await until('there is room again', () => received.values.length === taken + 1);
  });

  it('throws where nobody has the port', () => {
    const { portId } = bob;
    bob.close();
    expect(() => alice.send(numbered(1), { to: { portId } })).to.throw(NetlinkError, /^ECONNREFUSED send: .*: no socket has that port ID$/);
  });
});
