import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { lastValueFrom, tap, toArray } from 'rxjs';
import {
  MessageFlags,
  MessageType,
  Protocol,
  encodeMessage,
  type MessageInit,
  type NetlinkSocket,
  type TraceEvent,
} from '../../../lib/index.js';
import { host } from '../../support/host-order.js';
import { int32 } from '../../support/messages.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { RTM, RTNLGRP, dumpLinks, getLink, join, linkHeader, linkName, newLink } from '../../support/rtnetlink.js';
import { collect, pause, until, useSockets } from '../../support/sockets.js';

/** Sends each message in a datagram of its own, from another process and port ID. */
const FORGE = `
import socket, sys
s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, int(sys.argv[1]))
s.bind((0, 0))
for one in sys.argv[4:]: s.sendto(bytes.fromhex(one), (int(sys.argv[2]), int(sys.argv[3])))
print(s.getsockname()[0])
`;

interface RequestKey {
  readonly sequence: number;
  readonly portId: number;
}

/** Returns every kind of message that the kernel can send in reply to a request, and a notification. */
function forgeries({ sequence, portId }: RequestKey): Record<string, MessageInit> {
  const asked = { sequence, portId };
  const row = newLink('forged', 'bridge').payload as Uint8Array;
  const echoed = join(int32(32), new Uint8Array([...host(RTM.GETLINK, 0), ...host(1, 0)]), int32(sequence), int32(portId));
  return {
    'a reply': { type: RTM.NEWLINK, payload: row, ...asked },
    'a part of a dump': { type: RTM.NEWLINK, flags: MessageFlags.Multi, payload: row, ...asked },
    'an ack': { type: MessageType.Error, flags: MessageFlags.Capped, payload: join(int32(0), echoed), ...asked },
    'an error': { type: MessageType.Error, flags: MessageFlags.Capped, payload: join(int32(-1), echoed), ...asked },
    'a DONE': { type: MessageType.Done, flags: MessageFlags.Multi, payload: int32(0), ...asked },
    'a DONE with an error': { type: MessageType.Done, flags: MessageFlags.Multi, payload: int32(-16), ...asked },
    'a notification': { type: RTM.NEWLINK, payload: row, sequence: 0, portId: 0 },
    'a reply for port 0': { type: RTM.NEWLINK, payload: row, sequence, portId: 0 },
  };
}

describe('trust', () => {
  const namespace = useNamespace();
  const open = useSockets();
  const strays: TraceEvent[] = [];
  const note = (event: unknown) => strays.push(event as TraceEvent);
  let victim: NetlinkSocket;
  let forger: NetlinkSocket;

  before(() => namespace().batch(Array.from({ length: 60 }, (_, index) => `link add p${String(index)} type bridge`)));
  beforeEach(() => {
    victim = open({ protocol: Protocol.Route, netns: namespace().path });
    forger = open({ protocol: Protocol.Route, netns: namespace().path });
    victim.connect();
    forger.connect();
    strays.length = 0;
    subscribe('rxnetlink:stray', note);
  });
  afterEach(() => void unsubscribe('rxnetlink:stray', note));

  const linksShown = () => (JSON.parse(namespace().run('ip', '-j', 'link')) as { ifname: string }[]).map(({ ifname }) => ifname);
  const forge = (init: MessageInit, groups = 0) => forger.send(init, { to: { portId: groups === 0 ? victim.portId : 0, groups } });
  /** Sends a request that the kernel never answers: NOOP without ACK. */
  const unanswered = (sequence: number, socket = victim) => collect(socket.request({ type: MessageType.Noop, sequence }, { ack: false }));

  for (const name of Object.keys(forgeries({ sequence: 0, portId: 0 }))) {
    it(`keeps a waiting request open when another socket sends ${name} 100 times`, async () => {
      const waiting = unanswered(4711);
      const forged = forgeries({ sequence: 4711, portId: victim.portId })[name]!;
      for (let round = 0; round < 100; round++) forge(forged);
      await until('all counts', () => victim.counters.spoofed === 100);
      expect(waiting).to.deep.include({ values: [], end: undefined });
      expect(victim.counters).to.include({ spoofed: 100, strays: 0, overruns: 0 });
      expect(strays).to.have.length(100);
      expect(strays[0]).to.include({ portId: victim.portId, protocol: Protocol.Route });
      expect(strays[0]?.text).to.match(new RegExp(`from port ${String(forger.portId)}, which is not the kernel$`));
      waiting.stop();
    });
  }

  it("emits the kernel's reply when forged messages precede it in the queue", async () => {
    const sequence = 815;
    victim.pause();
    const reply = lastValueFrom(victim.request({ ...getLink(1), sequence }).pipe(toArray()));
    const forged = Object.values(forgeries({ sequence, portId: victim.portId }));
    for (const init of forged) forge(init);
    victim.resume();
    expect((await reply).map((message) => linkName(message))).to.deep.equal(['lo']);
    await until('all counts', () => victim.counters.spoofed === forged.length);
    expect(victim.counters.strays).to.equal(0);
  });

  it('keeps a dump complete when forged messages arrive during it', async () => {
    const sequence = 42;
    const forged = Object.values(forgeries({ sequence, portId: victim.portId }));
    let rounds = 0;
    const dump = victim.request({ ...dumpLinks, sequence }).pipe(
      tap(() => {
        if (rounds++ < 3) for (const init of forged) forge(init);
      }),
      toArray(),
    );
    expect((await lastValueFrom(dump)).map((message) => linkName(message))).to.have.members(linksShown());
    await until('all counts', () => victim.counters.spoofed === 3 * forged.length);
    expect(victim.counters.strays).to.equal(0);
  });

  it('does not emit a notification that a process sends to the group', async () => {
    const [group, messages, datagrams] = [collect(victim.multicast(RTNLGRP.LINK)), collect(victim), collect(victim.datagrams)];
    forge(forgeries({ sequence: 0, portId: 0 })['a notification']!, 1 << (RTNLGRP.LINK - 1));
    await until('the count', () => victim.counters.spoofed === 1);
    for (const received of [group, messages, datagrams]) expect(received.values).to.deep.equal([]);
    namespace().ip('link add honest type bridge');
    await until('the event of the kernel', () => group.values.length > 0 && messages.values.length > 0 && datagrams.values.length > 0);
  });

  it('drops the messages of another process', async function () {
    const sequence = 99;
    const waiting = unanswered(sequence);
    const all = Object.values(forgeries({ sequence, portId: victim.portId }));
    const hex = all.map((init) => Buffer.from(encodeMessage(init)).toString('hex'));
    let port: string;
    try {
      port = namespace()
        .run('python3', '-S', '-E', '-c', FORGE, '0', String(victim.portId), '0', ...hex)
        .trim();
    } catch (error) {
      skipBecause(this, 'python3 cannot send forged messages', error);
    }
    await until('all counts', () => victim.counters.spoofed === all.length);
    expect(strays.map(({ text }) => / from port (\d+),/.exec(text ?? '')?.[1])).to.deep.equal(all.map(() => port));
    expect(waiting).to.deep.include({ values: [], end: undefined });
  });

  it('emits them with their sender if the socket accepts any sender', async () => {
    const trusting = open({ protocol: Protocol.Route, netns: namespace().path, sender: 'any' });
    const { values } = collect(trusting.datagrams);
    forger.send(forgeries({ sequence: 1, portId: 1 })['a notification']!, { to: { portId: trusting.portId } });
    await until('the message', () => values.length === 1);
    expect(values[0]?.sender.portId).to.equal(forger.portId);
    expect(trusting.counters.spoofed).to.equal(0);
  });

  it('lets no other socket answer a request, even if the socket accepts any sender', async () => {
    const trusting = open({ protocol: Protocol.Route, netns: namespace().path, sender: 'any' });
    const { values } = collect(trusting);
    const waiting = unanswered(5, trusting);
    const forged = Object.values(forgeries({ sequence: 5, portId: trusting.portId }));
    for (const init of forged) forger.send(init, { to: { portId: trusting.portId } });
    await until('all messages', () => values.length === forged.length);
    expect(waiting).to.deep.include({ values: [], end: undefined });
  });

  it('drops messages on usersock, unless the socket accepts any sender', async () => {
    const mine = open({ protocol: Protocol.UserSock, netns: namespace().path });
    const other = open({ protocol: Protocol.UserSock, netns: namespace().path, sender: 'any' });
    const { values } = collect(mine);
    other.connect();
    other.send({ type: 16, payload: linkHeader() }, { to: { portId: mine.portId } });
    await until('the count', () => mine.counters.spoofed === 1);
    await pause();
    expect(values).to.deep.equal([]);
  });
});
