import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { OverrunError, Protocol, type NetlinkSocket } from '../../../lib/index.js';
import { runChild } from '../../support/child.js';
import { useNamespace } from '../../support/namespace.js';
import { RTNLGRP, dumpLinks, getLink, linkName, newRoute } from '../../support/rtnetlink.js';
import { collect, pause, until, useSockets } from '../../support/sockets.js';

/** The time for a child process, which starts slowly on a busy machine. */
const patient = { milliseconds: 30_000 };

describe('back-pressure', () => {
  const namespace = useNamespace();
  const open = useSockets();
  let socket: NetlinkSocket;
  let next = 0;

  beforeEach(() => {
    socket = open({ protocol: Protocol.Route, netns: namespace().path });
    socket.connect();
    next = 0;
  });

  const address = (index: number) => `198.18.${String(index >> 8)}.${String(index & 255)}`;
  /** Makes route events: `ip` ends before the event loop continues. */
  const cause = (count: number) => {
    const table = String(1000 + Math.floor(Math.random() * 1e9));
    namespace().batch(Array.from({ length: count }, () => `route add ${address(next++)}/32 dev lo table ${table}`));
  };
  const events = () => socket.multicast(RTNLGRP.IPV4_ROUTE);
  /** Returns the number of unread bytes in the kernel's queue of the socket: the column Rmem of its line. */
  const queued = () => {
    const lines = namespace()
      .run('cat', `/proc/${String(process.pid)}/net/netlink`, '/proc/self/net/netlink')
      .split('\n');
    const own = lines
      .map((line) => line.trim().split(/\s+/))
      .find(([, protocol, port]) => protocol === '0' && Number(port) === socket.portId);
    return Number(own?.[4]);
  };

  describe('pause()', () => {
    it("leaves messages in the kernel's queue, and resume() emits them in order", async () => {
      const received = collect(events());
      socket.pause();
      cause(100);
      await pause(50);
      expect(received.values).to.deep.equal([]);
      expect(queued()).to.be.greaterThan(100 * 200);
      socket.resume();
      await until('all events', () => received.values.length === 100);
      expect(queued()).to.equal(0);
      expect(received.end).to.equal(undefined);
      expect(socket.counters.overruns).to.equal(0);
    });

    it('leads to an OverrunError after the queued events when the queue overflows, and counts the dropped events', async () => {
      socket.receiveBufferSize = 32_768;
      const received = collect(events());
      socket.pause();
      cause(1000);
      await pause(20);
      expect(received).to.deep.include({ values: [], end: undefined });
      socket.resume();
      await until('the end of the stream', () => received.end !== undefined);
      expect(received.end).to.be.instanceOf(OverrunError);
      expect(received.values.length).to.be.greaterThan(10);
      expect(received.values.length + (received.end as OverrunError).dropped).to.equal(1000);
    });

    it('delays new requests and dumps, and their timeouts', async () => {
      socket.pause();
      const [reply, dump] = [collect(socket.request(getLink(1), { timeout: 30 })), collect(socket.request(dumpLinks, { timeout: 2000 }))];
      await pause(80);
      expect([reply, dump].map(({ values, end }) => ({ values, end }))).to.deep.equal([
        { values: [], end: undefined },
        { values: [], end: undefined },
      ]);
      socket.resume();
      await until('the ends of both', () => reply.end !== undefined && dump.end !== undefined);
      expect([reply.end, dump.end]).to.deep.equal(['complete', 'complete']);
      expect(reply.values.map((message) => linkName(message))).to.deep.equal(['lo']);
    });

    it('keeps a running dump complete', async () => {
      namespace().batch(Array.from({ length: 100 }, (_, index) => `link add d${String(index)} type bridge`));
      let paused = false;
      const rows = collect(socket.request(dumpLinks));
      const watch = setInterval(() => {
        if (rows.values.length > 0 && !paused) {
          paused = true;
          socket.pause();
          setTimeout(() => {
            socket.resume();
          }, 30);
        }
      }, 0);
      await until('the end of the stream', () => rows.end !== undefined);
      clearInterval(watch);
      const shown = (JSON.parse(namespace().run('ip', '-j', 'link')) as { ifname: string }[]).map(({ ifname }) => ifname);
      expect(rows.end).to.equal('complete');
      expect(rows.values.map((message) => linkName(message))).to.have.members(shown);
    });

    it('keeps the process alive while the socket is ref()ed, and not when it is unref()ed', async () => {
      const script = (then: string) => `
        import { netlink } from './lib/index.js';
        const socket = netlink({ protocol: 0, groups: [1] });
        socket.connect();
        socket.pause();
        ${then}
        setTimeout(() => { console.log('alive'); process.exit(3); }, 300).unref();
      `;
      const [held, released, again] = await Promise.all([
        runChild(script(''), patient),
        runChild(script('socket.unref();'), patient),
        runChild(script('socket.unref(); socket.ref();'), patient),
      ]);
      expect(held).to.include({ code: 3, stdout: 'alive\n', stderr: '' });
      expect(again).to.include({ code: 3, stdout: 'alive\n', stderr: '' });
      expect(released).to.include({ code: 0, stdout: '', stderr: '' });
    }).timeout(40_000);
  });

  describe('for await', () => {
    it("reads no further than its body, and leaves the rest in the kernel's queue", async () => {
      socket.joinGroup(RTNLGRP.IPV4_ROUTE);
      const iterator = socket[Symbol.asyncIterator]();
      const first = iterator.next();
      cause(1);
      await first;
      // No further message is requested: the socket reads once more, then stops.
      cause(1);
      await pause();
      cause(100);
      await pause(50);
      expect(queued()).to.be.greaterThan(100 * 200);
      for (let round = 0; round < 101; round++) expect(await iterator.next()).to.have.property('done', false);
      expect(queued()).to.equal(0);
      await iterator.return?.();
      expect(socket.counters.overruns).to.equal(0);
    });

    it('ends with an OverrunError after the queued events when its body is too slow', async () => {
      socket.receiveBufferSize = 32_768;
      socket.joinGroup(RTNLGRP.IPV4_ROUTE);
      let seen = 0;
      let caused = false;
      const body = async () => {
        const first = pause(5).then(() => {
          cause(1);
        });
        for await (const message of socket) {
          expect(message.type).to.equal(24);
          seen++;
          if (!caused) {
            caused = true;
            cause(500);
            await pause(50);
            cause(500);
          }
        }
        await first;
      };
      const error = await body().catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(OverrunError);
      expect(seen + (error as OverrunError).dropped).to.equal(1001);
    });

    it('continues with events after requests in its body', async () => {
      socket.joinGroup(RTNLGRP.IPV4_ROUTE);
      const actor = open({ protocol: Protocol.Route, netns: namespace().path });
      actor.connect();
      const table = 77;
      let seen = 0;
      setTimeout(() => {
        cause(20);
      }, 5);
      for await (const message of socket) {
        if (message.group !== RTNLGRP.IPV4_ROUTE) continue;
        seen++;
        const [reply] = await lastValueFrom(socket.request(getLink(1), { timeout: 2000 }).pipe(toArray()));
        expect(linkName(reply!)).to.equal('lo');
        expect((await lastValueFrom(socket.request(dumpLinks, { timeout: 2000 }).pipe(toArray()))).length).to.be.greaterThan(0);
        if (seen <= 20) await lastValueFrom(actor.request(newRoute(address(seen), 1, { table })).pipe(toArray()));
        if (seen === 40) break;
      }
      expect(seen).to.equal(40);
    });

    it('limits the messages that it keeps while a request needs the socket to read, and ends with an OverrunError', async function () {
      this.timeout(30_000);
      socket.receiveBufferSize = 4 << 20;
      socket.joinGroup(RTNLGRP.IPV4_ROUTE);
      const iterator = socket[Symbol.asyncIterator]();
      const first = iterator.next();
      cause(1);
      await first;
      // The kernel never answers this request; until it ends, the socket continues to read.
      const waiting = collect(socket.request({ type: 1 }, { ack: false }));
      let received = 0;
      const listener = socket.multicast(RTNLGRP.IPV4_ROUTE).subscribe({ next: () => received++, error: () => undefined });
      const actor = open({ protocol: Protocol.Route, netns: namespace().path });
      // Few at once: the events of one batch must fit into the receive buffer, also where the kernel counts more bytes for each.
      for (let round = 0; round < 70; round++) {
        const routes = Array.from({ length: 1000 }, (_, index) => newRoute(address(index), 1, { table: 2000 + round }));
        await lastValueFrom(actor.batch(routes));
        await until('all events', () => received === 1000 * (round + 1));
      }
      let kept = 0;
      const before = process.cpuUsage();
      const error = await (async () => {
        for (; ; kept++) await iterator.next();
      })().catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(OverrunError);
      expect((error as Error).message).to.match(/more than 65536 messages arrived while a request kept the socket reading/);
      expect(kept).to.equal(65_537);
      // Shifting them from a long array one by one would move the others each time: 2,400 ms.
      expect(process.cpuUsage(before).user / 1000, 'milliseconds to emit them').to.be.lessThan(1000);
      expect(socket.counters.overruns).to.equal(0);
      waiting.stop();
      listener.unsubscribe();
    });
  });
});
