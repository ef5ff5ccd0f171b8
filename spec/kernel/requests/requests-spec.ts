import { expect } from 'chai';
import { EMPTY, expand, firstValueFrom, lastValueFrom, repeat, tap, toArray, count } from 'rxjs';
import { KernelError, MessageFlags, Protocol, netlink, type Message, type NetlinkSocket } from '../../../lib/index.js';
import { useNamespace } from '../../support/namespace.js';
import { rounds } from '../../support/rounds.js';
import { RTNLGRP, dumpLinks, getLink, linkIndex, linkName, newLink, newRoute } from '../../support/rtnetlink.js';

const names = (messages: readonly Message[]) => messages.map((message) => linkName(message));

/** Milliseconds between two ticks of a timer. */
const INTERVAL = 10;
/** Replies that a socket reads in a turn before other events run: `TurnBudget`. */
const READ_LIMIT = 512;

describe('requests to the running kernel', () => {
  const namespace = useNamespace();
  let socket: NetlinkSocket;

  before(() => namespace().batch(Array.from({ length: 40 }, (_, index) => `link add p${index} type bridge`)));
  beforeEach(() => {
    socket = netlink({ protocol: Protocol.Route, netns: namespace().path });
  });
  afterEach(() => {
    expect(socket.counters).to.include({ strays: 0, overruns: 0, spoofed: 0 });
    socket.close();
  });

  const linksShown = () =>
    (JSON.parse(namespace().run('ip', '-j', 'link')) as { ifindex: number; ifname: string }[]).sort((a, b) => a.ifindex - b.ifindex);

  it('dump the links that ip shows', async () => {
    const replies = await lastValueFrom(socket.request(dumpLinks).pipe(toArray()));
    expect(names(replies)).to.have.members(linksShown().map(({ ifname }) => ifname));
  });

  it('receive their own reply to each of 10,000 consecutive requests, while a timer fires', async function () {
    this.timeout(30_000);
    const links = linksShown();
    using lease = socket.connect();
    let fired = performance.now();
    let [late, latest] = [0, 0];
    const timer = setInterval(() => {
      fired = performance.now();
      late = 0;
    }, INTERVAL);
    for (let round = 0; round < 10_000; round++) {
      const link = links[round % links.length]!;
      const reply = await firstValueFrom(socket.request(getLink(link.ifindex)));
      if (linkName(reply) !== link.ifname) expect.fail(`${link.ifname} was answered with ${linkName(reply)}`);
      if (performance.now() - fired > INTERVAL + 2) latest = Math.max(latest, ++late);
    }
    clearInterval(timer);
    expect(lease.closed).to.equal(false);
    expect(latest, 'replies since the timer was due').to.be.at.most(2 * READ_LIMIT);
  });

  it('do not block a timer for a second of awaited requests', async () => {
    using lease = socket.connect();
    let fired = 0;
    const timer = setTimeout(() => (fired = performance.now()), 100);
    const started = performance.now();
    while (performance.now() - started < 1000) await lastValueFrom(socket.request(getLink(1)));
    clearTimeout(timer);
    expect(lease.closed).to.equal(false);
    expect(fired - started).to.be.within(90, 400);
  });

  it('receive 2,000 replies in order when all are subscribed at once, with the default receive buffer', async () => {
    const links = linksShown();
    const order: number[] = [];
    const replies = await Promise.all(
      Array.from({ length: 2000 }, (_, index) => {
        const { ifindex } = links[index % links.length]!;
        return lastValueFrom(
          socket.request(getLink(ifindex)).pipe(
            tap(() => order.push(index)),
            toArray(),
          ),
        );
      }),
    );
    replies.forEach((reply, index) => expect(names(reply)).to.deep.equal([links[index % links.length]!.ifname]));
    expect(order).to.deep.equal(Array.from({ length: 2000 }, (_, index) => index));
  });

  it('run 8 concurrent dumps one after the other, without EBUSY', async () => {
    const links = linksShown().map(({ ifname }) => ifname);
    const dumps = await Promise.all(Array.from({ length: 8 }, () => lastValueFrom(socket.request(dumpLinks).pipe(toArray()))));
    for (const dump of dumps) expect(names(dump)).to.have.members(links);
  });

  it('complete during a dump', async () => {
    const answered: (string | undefined)[] = [];
    const dump = await lastValueFrom(
      socket.request(dumpLinks).pipe(
        tap((message) => void socket.request(getLink(linkIndex(message))).subscribe((reply) => answered.push(linkName(reply)))),
        toArray(),
      ),
    );
    await lastValueFrom(socket.request(getLink(1)));
    expect(answered).to.deep.equal(names(dump));
  });

  it('start a dump after a cancelled one', async () => {
    await firstValueFrom(socket.request(dumpLinks));
    const dump = await lastValueFrom(socket.request(dumpLinks).pipe(toArray()));
    expect(names(dump)).to.have.members(linksShown().map(({ ifname }) => ifname));
  });

  it('complete a NEWLINK request, whose flags have the value of those of a dump', async () => {
    expect(await lastValueFrom(socket.request(newLink('made', 'bridge')).pipe(toArray()))).to.deep.equal([]);
    expect(linksShown().map(({ ifname }) => ifname)).to.include('made');
    const again = await lastValueFrom(socket.request(newLink('made', 'bridge'))).catch((error: unknown) => error);
    expect(again).to.be.instanceOf(KernelError).and.include({ code: 'EEXIST', errno: -17, operation: 'newlink' });
  });

  const REPEATS = rounds(5000, 20_000);
  it(`complete ${REPEATS} times with repeat()`, async function () {
    this.timeout(30_000);
    expect(await lastValueFrom(socket.request(getLink(1)).pipe(repeat(REPEATS), count()))).to.equal(REPEATS);
  });

  it('complete 5,001 times with expand()', async function () {
    this.timeout(30_000);
    const seen = socket.request(getLink(1)).pipe(
      expand((_, index) => (index < 5000 ? socket.request(getLink(1)) : EMPTY)),
      count(),
    );
    expect(await lastValueFrom(seen)).to.equal(5001);
  });

  describe('that change something', () => {
    it('emit their object if they ask for an echo', async () => {
      const route = newRoute('192.0.2.1', 1, { flags: MessageFlags.Create | MessageFlags.Exclusive | MessageFlags.Echo });
      const [reply, ...more] = await lastValueFrom(socket.request(route).pipe(toArray()));
      expect(more).to.deep.equal([]);
      expect(reply).to.include({ type: 24, group: RTNLGRP.IPV4_ROUTE });
    });

    it('emit the echoed object once as reply and once as notification if the socket is a member of the group', async () => {
      const notified: Message[] = [];
      const subscription = socket.multicast(RTNLGRP.IPV4_ROUTE).subscribe((message) => notified.push(message));
      const route = newRoute('192.0.2.2', 1, { flags: MessageFlags.Create | MessageFlags.Exclusive | MessageFlags.Echo });
      const replies = await lastValueFrom(socket.request(route).pipe(toArray()));
      await lastValueFrom(socket.request(getLink(1)));
      await new Promise((resolve) => setTimeout(resolve, 20));
      subscription.unsubscribe();
      expect(replies.map(({ sequence }) => sequence)).to.deep.equal(notified.map(({ sequence }) => sequence));
      expect(notified).to.have.length(1);
    });

    it('end with their ack and emit no reply, although the socket receives the notification of the change', async () => {
      const notified: Message[] = [];
      const subscription = socket.multicast(RTNLGRP.IPV4_ROUTE).subscribe((message) => notified.push(message));
      const { portId } = socket;
      const replies = await lastValueFrom(socket.request(newRoute('192.0.2.3', 1)).pipe(toArray()));
      await new Promise((resolve) => setTimeout(resolve, 50));
      subscription.unsubscribe();
      expect(replies).to.deep.equal([]);
      expect(notified).to.have.length(1);
      // The notification has the socket's own sequence number and port ID, like a reply.
      expect(notified[0]).to.include({ group: RTNLGRP.IPV4_ROUTE, portId });
      expect(notified[0]!.sequence).to.not.equal(0);
    });
  });

  it("fail with the kernel's explanation", async () => {
    const error = await lastValueFrom(socket.request({ type: 18, payload: new Uint8Array(3) })).catch((failure: unknown) => failure);
    expect(error).to.be.instanceOf(KernelError);
    expect((error as KernelError).extendedAck.message)
      .to.be.a('string')
      .and.not.equal('');
    expect(String(error)).to.match(/^KernelError: EINVAL getlink: \w/);
  });
});
