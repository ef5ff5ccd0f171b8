import { closeSync, openSync } from 'node:fs';
import { expect } from 'chai';
import { defaultIfEmpty, lastValueFrom, toArray } from 'rxjs';
import { AttributeEncoder, MessageFlags, MessageType, Protocol, type NetlinkSocket } from '../../../lib/index.js';
import { createNamespace, useNamespace, type Namespace } from '../../support/namespace.js';
import { RTM, RTNLGRP, getLink, join, newRoute } from '../../support/rtnetlink.js';
import { collect, pause, until, useSockets } from '../../support/sockets.js';

const ROUNDS = 500;
const RTM_NEWNSID = 88;
const { Create, Exclusive, Echo } = MessageFlags;

const destination = (index: number) => `198.18.${String(index >> 8)}.${String(index & 255)}`;

describe("notifications with the socket's own sequence number", () => {
  const namespace = useNamespace();
  const open = useSockets();
  let socket: NetlinkSocket;

  beforeEach(() => {
    socket = open({ protocol: Protocol.Route, netns: namespace().path });
    socket.connect();
  });

  const run = (route: ReturnType<typeof newRoute>) => lastValueFrom(socket.request(route).pipe(toArray()));

  it(`do not end any of ${String(2 * ROUNDS)} requests, and are all emitted`, async () => {
    const routes = collect(socket.multicast(RTNLGRP.IPV4_ROUTE));
    const replies: number[] = [];
    for (let index = 0; index < ROUNDS; index++) {
      replies.push((await run(newRoute(destination(index), 1))).length);
      replies.push((await run(newRoute(destination(index), 1, { type: RTM.DELROUTE, flags: 0 }))).length);
    }
    await until('all events', () => routes.values.length === 2 * ROUNDS);
    await pause();
    expect(routes).to.deep.include({ end: undefined });
    expect(routes.values).to.have.length(2 * ROUNDS);
    expect(new Set(routes.values.map(({ sequence }) => sequence)).size).to.equal(2 * ROUNDS);
    expect(new Set(routes.values.map(({ portId }) => portId))).to.deep.equal(new Set([socket.portId]));
    expect(new Set(replies)).to.deep.equal(new Set([0]));
    expect(socket.counters).to.include({ strays: 0, spoofed: 0, overruns: 0 });
  });

  it('are not replies to a request that ends with its first reply', async () => {
    const routes = collect(socket.multicast(RTNLGRP.IPV4_ROUTE));
    const waiting = collect(socket.request({ ...newRoute('192.0.2.1', 1), sequence: 31 }, { ack: false }));
    await until('the event', () => routes.values.length === 1);
    await pause();
    expect(routes.values[0]).to.include({ sequence: 31, portId: socket.portId, group: RTNLGRP.IPV4_ROUTE });
    expect(waiting).to.deep.include({ values: [], end: undefined });
    waiting.stop();
  });

  it('do not end a batch before its ack, and do not hide its errors', async () => {
    const routes = collect(socket.multicast(RTNLGRP.IPV4_ROUTE));
    const messages = Array.from({ length: 100 }, (_, index) => newRoute(destination(index === 50 ? 49 : index), 1, { table: 300 }));
    const results = await lastValueFrom(socket.batch(messages).pipe(toArray()));
    expect(results.filter((result) => 'error' in result).map(({ index }) => index)).to.deep.equal([50]);
    expect(results.filter((result) => 'replies' in result).every(({ replies }) => replies.length === 0)).to.equal(true);
    await until('all events', () => routes.values.length === 99);
  });

  for (const member of [false, true]) {
    it(`answer each of ${String(ROUNDS)} requests for an echo once, on a socket ${member ? 'in' : 'outside of'} the group`, async () => {
      const routes = member ? collect(socket.multicast(RTNLGRP.IPV4_ROUTE)) : undefined;
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

  /** Assigns an id to the other namespace, as `ip netns set` does. */
  async function assignId(socket: NetlinkSocket, nsid: number): Promise<void> {
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

  it('are emitted with its id, and never answer a request, even with its sequence number and port ID', async () => {
    const socket = open({ protocol: Protocol.Route, netns: namespace().path });
    const lease = socket.connect();
    await assignId(socket, 77);
    socket.setOption('listenAllNsid', true);
    const routes = collect(socket.multicast(RTNLGRP.IPV4_ROUTE));
    // Port IDs belong to a namespace: a socket in the other one can have the same.
    const twin = open({ protocol: Protocol.Route, netns: other.path, portId: socket.portId });
    twin.connect();
    // A notification can answer an echo request; the kernel does not answer a NOOP.
    const waiting = collect(socket.request({ type: MessageType.Noop, flags: Echo, sequence: 6000 }, { ack: false }));
    for (let index = 0; index < 100; index++) {
      const route = { ...newRoute(destination(index), 1), sequence: 6000 };
      await lastValueFrom(twin.request(route).pipe(toArray()));
    }
    await until('all events', () => routes.values.length === 100);
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
