import { closeSync, openSync } from 'node:fs';
import { expect } from 'chai';
import { defaultIfEmpty, lastValueFrom, toArray } from 'rxjs';
import { AttributeEncoder, MessageFlags, MessageType, Protocol, type NetlinkSocket } from '../../../lib/index.js';
import { createNamespace, useNamespace, type Namespace } from '../../support/namespace.js';
import { RTM, RTNLGRP, getLink, join, newRoute } from '../../support/rtnetlink.js';
import { hear, pause, until, useSockets } from '../../support/sockets.js';

const ROUNDS = 500;
const RTM_NEWNSID = 88;
const { Create, Exclusive, Echo } = MessageFlags;

const destination = (index: number) => `198.18.${String(index >> 8)}.${String(index & 255)}`;

describe('notifications that carry our own sequence number', () => {
  const namespace = useNamespace();
  const open = useSockets();
  let socket: NetlinkSocket;

  beforeEach(() => {
    socket = open({ protocol: Protocol.Route, netns: namespace().path });
    socket.connect();
  });

  const run = (route: ReturnType<typeof newRoute>) => lastValueFrom(socket.request(route).pipe(toArray()));

  it(`end none of ${String(2 * ROUNDS)} requests, and are all heard`, async () => {
    const routes = hear(socket.multicast(RTNLGRP.IPV4_ROUTE));
    const replies: number[] = [];
    for (let index = 0; index < ROUNDS; index++) {
      replies.push((await run(newRoute(destination(index), 1))).length);
      replies.push((await run(newRoute(destination(index), 1, { type: RTM.DELROUTE, flags: 0 }))).length);
    }
    await until('all are heard', () => routes.values.length === 2 * ROUNDS);
    await pause();
    expect(routes).to.deep.include({ end: undefined });
    expect(routes.values).to.have.length(2 * ROUNDS);
    expect(new Set(routes.values.map(({ sequence }) => sequence)).size).to.equal(2 * ROUNDS);
    expect(new Set(routes.values.map(({ portId }) => portId))).to.deep.equal(new Set([socket.portId]));
    expect(new Set(replies)).to.deep.equal(new Set([0]));
    expect(socket.counters).to.include({ strays: 0, spoofed: 0, overruns: 0 });
  });

  it('are no reply to a request that wants its first reply alone', async () => {
    const routes = hear(socket.multicast(RTNLGRP.IPV4_ROUTE));
    const waiting = hear(socket.request({ ...newRoute('192.0.2.1', 1), sequence: 31 }, { ack: false }));
    await until('it is heard', () => routes.values.length === 1);
    await pause();
    expect(routes.values[0]).to.include({ sequence: 31, portId: socket.portId, group: RTNLGRP.IPV4_ROUTE });
    expect(waiting).to.deep.include({ values: [], end: undefined });
    waiting.stop();
  });

  it('end no batch before its ack, and hide no error in it', async () => {
    const routes = hear(socket.multicast(RTNLGRP.IPV4_ROUTE));
    const messages = Array.from({ length: 100 }, (_, index) => newRoute(destination(index === 50 ? 49 : index), 1, { table: 300 }));
    const results = await lastValueFrom(socket.batch(messages).pipe(toArray()));
    expect(results.filter((result) => 'error' in result).map(({ index }) => index)).to.deep.equal([50]);
    expect(results.filter((result) => 'replies' in result).every(({ replies }) => replies.length === 0)).to.equal(true);
    await until('all are heard', () => routes.values.length === 99);
  });

  for (const member of [false, true]) {
    it(`answer ${String(ROUNDS)} requests for an echo, once each, ${member ? 'to a member' : 'to who is no member'}`, async () => {
      const routes = member ? hear(socket.multicast(RTNLGRP.IPV4_ROUTE)) : undefined;
      for (let index = 0; index < ROUNDS; index++) {
        const echoed = await run(newRoute(destination(index), 1, { flags: Create | Exclusive | Echo, table: member ? 301 : 302 }));
        expect(echoed).to.have.length(1);
        expect(echoed[0]).to.include({ type: RTM.NEWROUTE, group: RTNLGRP.IPV4_ROUTE, portId: socket.portId });
      }
      await pause();
      expect(routes?.values.length ?? ROUNDS).to.equal(ROUNDS);
      expect(socket.counters).to.include({ strays: 0, spoofed: 0, overruns: 0 });
    });
  }
});

describe('events of other namespaces', () => {
  const namespace = useNamespace();
  const open = useSockets();
  let other: Namespace;

  before(() => (other = createNamespace()));
  after(() => {
    other.delete();
  });

  /** Gives the other namespace an id here, as `ip netns set` does. */
  async function nameIt(socket: NetlinkSocket, nsid: number): Promise<void> {
    const descriptor = openSync(other.path, 'r');
    // NETNSA_NSID 1, NETNSA_FD 3, behind a struct rtgenmsg
    const attributes = new AttributeEncoder().uint32(1, nsid).uint32(3, descriptor).encode();
    try {
      await lastValueFrom(
        socket.request({ type: RTM_NEWNSID, payload: join(new Uint8Array(4), attributes) }).pipe(defaultIfEmpty(undefined)),
      );
    } finally {
      closeSync(descriptor);
    }
  }

  it('are heard with its id, and never answer a request, whatever sequence and port ID they carry', async () => {
    const socket = open({ protocol: Protocol.Route, netns: namespace().path });
    const lease = socket.connect();
    await nameIt(socket, 77);
    socket.setOption('listenAllNsid', true);
    const routes = hear(socket.multicast(RTNLGRP.IPV4_ROUTE));
    // Port IDs are the namespace's own: the other's socket may have ours.
    const twin = open({ protocol: Protocol.Route, netns: other.path, portId: socket.portId });
    twin.connect();
    // An echo request may be answered by a notification; NOOP is not answered by the kernel.
    const waiting = hear(socket.request({ type: MessageType.Noop, flags: Echo, sequence: 6000 }, { ack: false }));
    for (let index = 0; index < 100; index++) {
      const route = { ...newRoute(destination(index), 1), sequence: 6000 };
      await lastValueFrom(twin.request(route).pipe(toArray()));
    }
    await until('all are heard', () => routes.values.length === 100);
    for (const message of routes.values) {
      expect(message).to.include({ nsid: 77, sequence: 6000, portId: socket.portId, group: RTNLGRP.IPV4_ROUTE });
    }
    expect(waiting).to.deep.include({ values: [], end: undefined });
    waiting.stop();
    const reply = await lastValueFrom(socket.request(getLink(1)));
    expect(reply.nsid).to.equal(undefined);
    expect(socket.counters).to.include({ strays: 0, spoofed: 0 });
    lease.unsubscribe();
  });
});
