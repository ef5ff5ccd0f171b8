import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import { Observable, lastValueFrom, repeat, toArray } from 'rxjs';
import { OverrunError, Protocol, netlink, resyncOnOverrun, type Message, type NetlinkSocket } from '../../../lib/index.js';
import { useNamespace, type Namespace } from '../../support/namespace.js';
import { RTNLGRP, dumpLinks, getLink, linkName, newLink, setUp } from '../../support/rtnetlink.js';

const turn = (ms = 50) => new Promise((resolve) => setTimeout(resolve, ms));

/** Makes 1,000 route events while this process does not read: `ip` ends before the event loop continues. */
function makeEvents(namespace: Namespace): void {
  namespace.batch(Array.from({ length: 500 }, (_, index) => `route add 198.51.${100 + (index >> 8)}.${index & 255}/32 dev lo`));
  namespace.batch(Array.from({ length: 500 }, (_, index) => `route del 198.51.${100 + (index >> 8)}.${index & 255}/32 dev lo`));
}

describe('an overrun', () => {
  const namespace = useNamespace();
  let socket: NetlinkSocket;

  beforeEach(() => {
    socket = netlink({ protocol: Protocol.Route, netns: namespace().path, receiveBufferSize: 4096 });
  });
  afterEach(() => socket.close());

  it('reaches subscribers as an error with the number of dropped messages, after the queued ones', async () => {
    const seen: Message[] = [];
    const ended = new Promise<unknown>((resolve) => {
      socket.multicast(RTNLGRP.IPV4_ROUTE).subscribe({ next: (message) => seen.push(message), error: resolve });
    });
    await turn(10);
    makeEvents(namespace());
    const error = await ended;
    expect(error).to.be.instanceOf(OverrunError).and.include({ code: 'ENOBUFS' });
    const { dropped } = error as OverrunError;
    expect(seen.length).to.be.greaterThan(0);
    // Each event is one datagram: the kernel dropped all events that were not received.
    expect(seen.length + dropped).to.equal(1000);
  });

  it('ends the streams of messages, datagrams and groups, but no lease', async () => {
    const ended: string[] = [];
    using lease = socket.connect();
    const note = (name: string) => ({ error: (error: unknown) => ended.push(`${name} ${(error as OverrunError).code}`) });
    socket.subscribe(note('messages'));
    socket.datagrams.subscribe(note('datagrams'));
    socket.multicast(RTNLGRP.IPV4_ROUTE).subscribe(note('routes'));
    socket.multicast(RTNLGRP.LINK).subscribe(note('links'));
    await turn(10);
    makeEvents(namespace());
    await turn();
    expect(ended).to.have.members(['messages ENOBUFS', 'datagrams ENOBUFS', 'routes ENOBUFS', 'links ENOBUFS']);
    expect(lease.closed).to.equal(false);
    expect(socket.isOpen).to.equal(true);
  });

  it('keeps the descriptor for subscribers that resubscribe synchronously, and they receive the next events', async () => {
    let overruns = 0;
    let received = 0;
    const subscription = new Observable<Message>((subscriber) => socket.multicast(RTNLGRP.IPV4_ROUTE).subscribe(subscriber))
      .pipe(
        resyncOnOverrun(() => {
          overruns++;
        }),
      )
      .subscribe(() => received++);
    const { fd, portId } = socket;
    for (let round = 1; round <= 3; round++) {
      await turn(20);
      makeEvents(namespace());
      await turn();
      expect(overruns, 'overruns').to.equal(round);
      expect({ fd: socket.fd, portId: socket.portId }).to.deep.equal({ fd, portId });
      const before = received;
      namespace().ip('route add 192.0.2.99/32 dev lo');
      namespace().ip('route del 192.0.2.99/32 dev lo');
      await turn();
      expect(received - before, 'events after the overrun').to.equal(2);
    }
    subscription.unsubscribe();
  });

  it('does not end a dump, whose rows are complete', async () => {
    namespace().batch(Array.from({ length: 120 }, (_, index) => `link add d${index} type bridge`));
    const names = (JSON.parse(namespace().run('ip', '-j', 'link')) as { ifname: string }[]).map(({ ifname }) => ifname);
    let overruns = 0;
    socket
      .multicast(RTNLGRP.IPV4_ROUTE)
      .pipe(
        resyncOnOverrun(() => {
          overruns++;
        }),
      )
      .subscribe({ error: () => undefined });
    let made = false;
    const rows = await lastValueFrom(
      new Observable<Message>((subscriber) =>
        socket.request(dumpLinks).subscribe({
          next: (message) => {
            subscriber.next(message);
            if (!made) makeEvents(namespace());
            made = true;
          },
          complete: () => subscriber.complete(),
          error: (error) => subscriber.error(error),
        }),
      ).pipe(toArray()),
    );
    await turn();
    expect(overruns).to.be.at.least(1);
    expect(rows.map((row) => linkName(row))).to.have.members(names);
  });

  it("is found with the kernel's drop counter when noEnobufs is set", async () => {
    socket.setOption('noEnobufs', true);
    const ended = new Promise<unknown>((resolve) => socket.multicast(RTNLGRP.IPV4_ROUTE).subscribe({ error: resolve }));
    await turn(10);
    makeEvents(namespace());
    expect(await ended).to.be.instanceOf(OverrunError);
    expect(socket.counters.overruns).to.equal(1);
  });

  it('ends only the first of several concurrent requests, and delays the others', async () => {
    // The replies of eight concurrent requests fit into the queue.
    socket.receiveBufferSize = 40_000;
    socket.multicast(RTNLGRP.IPV4_ROUTE).subscribe({ error: () => undefined });
    await turn(10);
    makeEvents(namespace());
    const ends: string[] = [];
    for (let index = 0; index < 20; index++) {
      socket
        .request(getLink(1))
        .subscribe({ error: (error: OverrunError) => ends.push(error.code), complete: () => ends.push('complete') });
    }
    for (let turns = 0; ends.length < 20 && turns < 20; turns++) await turn();
    expect(ends).to.deep.equal(['ENOBUFS', ...new Array<string>(19).fill('complete')]);
  });

  it('does not affect later requests', async () => {
    socket.multicast(RTNLGRP.IPV4_ROUTE).subscribe({ error: () => undefined });
    await turn(10);
    makeEvents(namespace());
    const replies = await lastValueFrom(socket.request(getLink(1)).pipe(toArray())).catch((error: unknown) => error);
    // The request was sent while the queue was full: the kernel dropped its reply, and the request fails.
    expect(replies).to.be.instanceOf(OverrunError);
    expect(await lastValueFrom(socket.request(getLink(1)).pipe(repeat(10), toArray()))).to.have.length(10);
    await lastValueFrom(socket.request(newLink('later', 'bridge')).pipe(toArray()));
    await lastValueFrom(socket.request(setUp(1, true)).pipe(toArray()));
  });
});

describe('open descriptors', () => {
  const namespace = useNamespace();
  const open = () => readdirSync('/proc/self/fd').length;

  it('are as many after 1,000 openings and closings as before', async function () {
    this.timeout(60_000);
    const socket = netlink({ protocol: Protocol.Route, netns: namespace().path });
    await lastValueFrom(socket.request(getLink(1)));
    await turn();
    const before = open();
    for (let cycle = 0; cycle < 1000; cycle++) {
      const one = netlink({ protocol: Protocol.Route, netns: namespace().path });
      await lastValueFrom(one.request(getLink(1)));
      if (cycle % 2 === 0) one.close();
    }
    await turn(100);
    expect(open()).to.equal(before);
  });
});
