import { expect } from 'chai';
import { lastValueFrom, tap, toArray, type Observable } from 'rxjs';
import { NfProtocol, nftables } from '../../../lib/families/nftables.js';
import { nlctrl } from '../../../lib/families/nlctrl.js';
import { rtLink } from '../../../lib/families/rt-link.js';
import { AttributeEncoder, MessageFlags, Protocol, TimeoutError, type NetlinkSocketOptions } from '../../../lib/index.js';
import { skipBecause, useNamespace } from '../../support/namespace.js';
import { RTM, RTNLGRP, dumpLinks, getLink, join, linkName, newRoute } from '../../support/rtnetlink.js';
import { errorOf, linger, useSockets } from '../../support/sockets.js';

/** The timeout, and a longer time in which the event loop is blocked; the kernel answers within a millisecond. */
const TIMEOUT = 50;
const BUSY = 150;
const LINKS = 100;
const ROUTES = 20_000;

/** Returns the `struct rtmsg` of IPv4 and RTA_TABLE: with strict checking the kernel dumps only that table. */
function routeHeader(table: number): Uint8Array {
  return join(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), new AttributeEncoder().uint32(15, table).encode());
}

/** Subscribes, blocks the event loop, and collects the emitted values. */
function collectWhileBlocked<T>(source: Observable<T>): Promise<T[]> {
  const ended = lastValueFrom(source.pipe(toArray()));
  linger(BUSY);
  return ended;
}

describe('a timeout after the event loop was blocked', () => {
  const namespace = useNamespace();
  const open = useSockets();
  const socketOf = (protocol: number, options: Partial<NetlinkSocketOptions> = {}) =>
    open({ protocol, netns: namespace().path, ...options });
  const route = (options: Partial<NetlinkSocketOptions> = {}) => socketOf(Protocol.Route, options);

  before(() => {
    namespace().batch(Array.from({ length: LINKS }, (_, index) => `link add d${String(index)} type bridge`));
  });

  it('does not end a dump whose rows are queued', async () => {
    expect(await collectWhileBlocked(route().request(dumpLinks, { timeout: TIMEOUT }))).to.have.length(LINKS + 1);
  });

  it('does not end a list of a typed family', async () => {
    const [rows] = await collectWhileBlocked(rtLink(route()).list('getlink', {}, { timeout: TIMEOUT }));
    expect(rows).to.have.length(LINKS + 1);
  });

  it('does not end a dump whose subscriber blocks', async () => {
    let count = 0;
    const slow = route()
      .request(dumpLinks, { timeout: TIMEOUT })
      .pipe(
        tap(() => {
          if (count++ % 40 === 0) linger(BUSY);
        }),
      );
    expect(await lastValueFrom(slow.pipe(toArray()))).to.have.length(LINKS + 1);
  });

  it('does not end a long dump that a thread reads ahead in part', async () => {
    const socket = route();
    const routes = Array.from({ length: ROUTES }, (_, index) =>
      newRoute(`10.${100 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`, 1, { table: 4711 }),
    );
    const results = await lastValueFrom(socket.batch(routes).pipe(toArray()));
    expect(results.filter((result) => 'error' in result)).to.deep.equal([]);
    let count = 0;
    const dump = { type: RTM.GETROUTE, flags: MessageFlags.Dump, payload: routeHeader(4711) };
    const slow = socket.request(dump, { timeout: TIMEOUT }).pipe(
      tap(() => {
        if (count++ % 5000 === 0) linger(BUSY);
      }),
    );
    expect(await lastValueFrom(slow.pipe(toArray()))).to.have.length(ROUTES);
  }).timeout(30_000);

  it('does not end requests whose replies are queued, although only some replies are read right after sending', async () => {
    const socket = route();
    using lease = socket.connect();
    const all = Array.from({ length: 40 }, (_, index) =>
      lastValueFrom(socket.request(getLink(1), { timeout: TIMEOUT, ordered: index % 2 === 0 }).pipe(toArray())),
    );
    linger(BUSY);
    for (const replies of await Promise.all(all)) expect(replies.map((reply) => linkName(reply))).to.deep.equal(['lo']);
    expect(lease.closed).to.equal(false);
  });

  it('does not end a request on a socket whose iterator has unread messages', async () => {
    const socket = route({ groups: [RTNLGRP.LINK] });
    const iterator = socket[Symbol.asyncIterator]();
    const first = iterator.next();
    for (const state of ['up', 'down', 'up']) namespace().ip(`link set d0 ${state}`);
    await first;
    const [reply] = await collectWhileBlocked(socket.request(getLink(1), { timeout: TIMEOUT, ordered: true }));
    expect(linkName(reply!)).to.equal('lo');
    expect(linkName((await iterator.next()).value!)).to.equal('d0');
    await iterator.return?.();
  });

  it('does not end the lookup of a generic family, nor its request', async () => {
    const client = nlctrl(socketOf(Protocol.Generic));
    const [rows] = await collectWhileBlocked(client.list('getfamily', {}, { timeout: TIMEOUT }));
    expect(rows!.some(({ familyName }) => familyName === 'nlctrl')).to.equal(true);
  });

  it('does not end a transaction', async function () {
    const client = nftables(socketOf(Protocol.Netfilter));
    const create = client.do('newtable', { nfgenFamily: NfProtocol.Inet, name: 't' }, { create: true, timeout: TIMEOUT });
    const error: unknown = await collectWhileBlocked(create).catch((reason: unknown) => reason);
    if ((error as { code?: string }).code === 'ECONNREFUSED') skipBecause(this, 'this kernel has no nf_tables');
    expect(error).to.deep.equal([undefined]);
  });

  it('does not end a request after many events', async () => {
    const socket = route({ receiveBufferSize: 8 << 20 });
    let events = 0;
    const listening = socket.multicast(RTNLGRP.LINK).subscribe(() => events++);
    const ended = lastValueFrom(socket.request(getLink(1), { timeout: TIMEOUT, ordered: true }));
    namespace().batch(Array.from({ length: 600 }, (_, index) => `link set d${String(index % LINKS)} ${index < LINKS ? 'up' : 'down'}`));
    linger(BUSY);
    expect(linkName(await ended)).to.equal('lo');
    expect(events).to.be.greaterThan(0);
    listening.unsubscribe();
  });

  it('ends a request that the kernel does not answer', async () => {
    const ended = errorOf(route().request({ type: 1 }, { ack: false, timeout: TIMEOUT }));
    linger(BUSY);
    expect(await ended).to.be.instanceOf(TimeoutError);
  });

  it('does not end synchronous requests, even with a timeout of 0', () => {
    expect(route().requestSync(dumpLinks, { timeout: 0 })).to.have.length(LINKS + 1);
    expect(rtLink(route()).listSync('getlink', {}, { timeout: 0 })).to.have.length(LINKS + 1);
  });
});
