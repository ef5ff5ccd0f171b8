import { expect } from 'chai';
import { count, filter, lastValueFrom, take, tap, toArray } from 'rxjs';
import {
  KernelError,
  MessageFlags,
  Protocol,
  SocketClosedError,
  type BatchResult,
  type MessageInit,
  type NetlinkSocket,
} from '../../../lib/index.js';
import { useNamespace } from '../../support/namespace.js';
import { rounds } from '../../support/rounds.js';
import { RTM, RTNLGRP, dumpLinks, getLink, linkName, newRoute } from '../../support/rtnetlink.js';
import { errorOf, collect, pause, until, useSockets } from '../../support/sockets.js';

const ROUTES = rounds(40_000, 200_000);
const CREATE = MessageFlags.Create | MessageFlags.Exclusive;

const destination = (index: number) => `${String(11 + (index >> 16))}.${String((index >> 8) & 255)}.${String(index & 255)}.1`;
/** Makes requests one by one, when the batch needs them. */
function* routes(total: number, type: number, table = 254): Generator<MessageInit> {
  for (let index = 0; index < total; index++)
    yield newRoute(destination(index), 1, { type, table, flags: type === RTM.NEWROUTE ? CREATE : 0 });
}
const failed = (results: readonly BatchResult[]) =>
  results.flatMap((result) => ('error' in result ? [[result.index, result.error.code] as const] : []));

describe('batch', () => {
  const namespace = useNamespace();
  const open = useSockets();
  let socket: NetlinkSocket;

  beforeEach(() => {
    socket = open({ protocol: Protocol.Route, netns: namespace().path });
    socket.connect();
  });

  const routesInKernel = () => Number(namespace().run('sh', '-c', 'ip route show table 254 | wc -l'));

  it(`writes and deletes ${String(ROUTES)} routes with the default receive buffer, and loses no result`, async function () {
    this.timeout(60_000);
    for (const type of [RTM.NEWROUTE, RTM.DELROUTE]) {
      let next = 0;
      let errors = 0;
      await lastValueFrom(
        socket.batch(routes(ROUTES, type)).pipe(
          filter((result) => {
            if ('error' in result) errors++;
            return result.index !== next++;
          }),
          count(),
        ),
      ).then((disordered) => {
        expect({ disordered, next, errors }).to.deep.equal({ disordered: 0, next: ROUTES, errors: 0 });
      });
      expect(routesInKernel()).to.equal(type === RTM.NEWROUTE ? ROUTES : 0);
    }
    expect(socket.counters).to.include({ overruns: 0, dropped: 0, strays: 0 });
    expect(socket.drops).to.equal(0);
  });

  it('does not block timers', async function () {
    this.timeout(60_000);
    let written = 0;
    const firedAt: number[] = [];
    const timer = setInterval(() => firedAt.push(written), 5);
    await lastValueFrom(socket.batch(routes(50_000, RTM.NEWROUTE, 506)).pipe(tap(() => written++)));
    clearInterval(timer);
    // Independent of the machine's speed: one turn of the event loop handles a few datagrams, never the whole batch.
    expect(firedAt.length).to.be.greaterThan(5);
    expect(firedAt[0]).to.be.lessThan(25_000);
    expect(Math.max(...firedAt.map((at, index) => at - (firedAt[index - 1] ?? 0)))).to.be.lessThan(25_000);
  });

  it('emits the error of each failed request with its index, and continues', async () => {
    const duplicates = [0, 7, 999, 2999];
    await lastValueFrom(socket.batch(duplicates.map((index) => newRoute(destination(index), 1, { table: 500 }))));
    const results = await lastValueFrom(socket.batch(routes(3000, RTM.NEWROUTE, 500)).pipe(toArray()));
    expect(results).to.have.length(3000);
    expect(failed(results)).to.have.deep.members(duplicates.map((index) => [index, 'EEXIST']));
    const [first] = results.filter((result) => 'error' in result);
    expect(first?.error).to.be.instanceOf(KernelError).and.include({ operation: 'newroute', errno: -17 });
    expect(Number(namespace().run('sh', '-c', 'ip route show table 500 | wc -l'))).to.equal(3000);
  });

  it('emits 5,000 errors of 5,000 requests without an overrun', async () => {
    const results = await lastValueFrom(socket.batch(routes(5000, RTM.DELROUTE, 501)).pipe(toArray()));
    expect(failed(results)).to.deep.equal(Array.from({ length: 5000 }, (_, index) => [index, 'ESRCH']));
    expect(socket.counters).to.include({ overruns: 0, dropped: 0, strays: 0 });
  });

  it('emits the replies of each request with its index', async () => {
    namespace().batch(Array.from({ length: 30 }, (_, index) => `link add b${String(index)} type bridge`));
    const links = (JSON.parse(namespace().run('ip', '-j', 'link')) as { ifindex: number; ifname: string }[]).slice(0, 30);
    const asked = Array.from({ length: 600 }, (_, index) => links[index % links.length]!);
    const results = await lastValueFrom(socket.batch(asked.map(({ ifindex }) => getLink(ifindex))).pipe(toArray()));
    results.sort((a, b) => a.index - b.index);
    expect(results.map((result) => ('replies' in result ? result.replies.map((reply) => linkName(reply)) : result.error))).to.deep.equal(
      asked.map(({ ifname }) => [ifname]),
    );
  });

  it('rejects a dump or an nfnetlink transaction by its index, after the results of earlier requests', async () => {
    const seen = collect(socket.batch([newRoute('192.0.2.1', 1, { table: 502 }), dumpLinks]));
    await until('the end of the batch', () => seen.end !== undefined);
    expect(seen.end).to.be.instanceOf(TypeError);
    expect((seen.end as Error).message).to.match(/^batch: message 1 \(getlink\) is a dump; send it with request\(\)$/);
    const netfilter = open({ protocol: Protocol.Netfilter, netns: namespace().path });
    expect(await errorOf(netfilter.batch([{ type: 16, payload: Uint8Array.of(0, 0, 0, 10) }]))).to.be.instanceOf(TypeError);
  });

  it('stops sending when it is unsubscribed, and leaves the socket usable', async () => {
    let taken = 0;
    const messages = (function* () {
      for (const message of routes(100_000, RTM.NEWROUTE, 503)) {
        taken++;
        yield message;
      }
    })();
    await lastValueFrom(socket.batch(messages).pipe(take(10)));
    await pause();
    expect(taken).to.be.within(10, 20_000);
    expect(await lastValueFrom(socket.request(getLink(1)).pipe(toArray()))).to.have.length(1);
    expect(socket.counters).to.include({ overruns: 0, strays: 0 });
  });

  it('emits OverrunError once for the index of each request whose ack was lost', async () => {
    const events = collect(socket.multicast(RTNLGRP.IPV4_ROUTE));
    // Events fill the queue while this process does not read, so that there is no room for the first acks.
    namespace().batch(Array.from({ length: 500 }, (_, index) => `route add 198.18.${String(index >> 8)}.${String(index & 255)}/32 dev lo`));
    const results = await lastValueFrom(socket.batch(routes(2000, RTM.NEWROUTE, 504)).pipe(toArray()));
    expect(results.map(({ index }) => index).sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 2000 }, (_, index) => index));
    const lost = failed(results);
    expect(new Set(lost.map(([, code]) => code))).to.deep.equal(new Set(['ENOBUFS']));
    // Only the requests of the first datagram are lost: the library sends the next one after it has emptied the queue.
    expect(lost.map(([index]) => index)).to.deep.equal(Array.from({ length: lost.length }, (_, index) => index));
    expect(lost.length).to.be.within(1, 1999);
    expect(socket.counters.overruns).to.be.greaterThan(0);
    expect(events.end).to.include({ code: 'ENOBUFS' });
    expect(Number(namespace().run('sh', '-c', 'ip route show table 504 | wc -l'))).to.equal(2000);
  });

  it('ends with SocketClosedError when the socket is closed', async () => {
    const seen = collect(socket.batch(routes(50_000, RTM.NEWROUTE, 505)));
    await until('the first result', () => seen.values.length > 0);
    socket.close();
    expect(seen.end).to.be.instanceOf(SocketClosedError);
  });
});
