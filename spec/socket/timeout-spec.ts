import { expect } from 'chai';
import { ignoreElements, map, merge } from 'rxjs';
import { TimeoutError, netlink } from '../../lib/index.js';
import { nftables, nftablesSchema } from '../../lib/families/nftables.js';
import { nl80211, nl80211Schema } from '../../lib/families/nl80211.js';
import {
  done,
  fakeFamilies,
  fakeFamily,
  netlinkTestScheduler,
  notification,
  type FakeHandler,
  type FakeKernel,
  type NetlinkRunHelpers,
} from '../../lib/testing/index.js';

/*
 * The event loop is never busy in virtual time, but a timer can fire before a reply of the same millisecond is read. This is the
 * same case: the reply is queued, and the timer fires first.
 */

const REPLY = { type: 20 };

/** A row of a dump. */
const part = (index: number) => ({ type: 16, flags: 2, payload: Uint8Array.of(index, 0, 0, 0) });

function virtually(callback: (helpers: NetlinkRunHelpers) => void): void {
  netlinkTestScheduler((actual, expected) => expect(actual).to.deep.equal(expected)).run(callback);
}

/** Creates a kernel that queues its replies so many milliseconds after the request. */
function slow({ fakeKernel }: NetlinkRunHelpers, milliseconds: number, handler?: FakeHandler): FakeKernel {
  const kernel = fakeKernel(handler ?? (() => REPLY));
  kernel.delay(milliseconds);
  return kernel;
}

describe('option timeout', () => {
  it('does not end a request whose reply is queued when the timer fires', () => {
    virtually((helpers) => {
      const socket = netlink({ protocol: 0, transport: slow(helpers, 50) });
      helpers.expectObservable(socket.request({ type: 22 }, { timeout: 50 }).pipe(map(({ type }) => type))).toBe('50ms (r|)', { r: 20 });
    });
  });

  it('ends a request whose reply is queued later', () => {
    virtually((helpers) => {
      const socket = netlink({ protocol: 0, transport: slow(helpers, 51) });
      helpers.expectObservable(socket.request({ type: 22 }, { timeout: 50 })).toBe('50ms #', {}, new TimeoutError('getaddr', 50));
    });
  });

  it('reads the queue once more when it is 0', () => {
    virtually((helpers) => {
      const request = (milliseconds: number) =>
        netlink({ protocol: 0, transport: slow(helpers, milliseconds) }).request({ type: 22 }, { timeout: 0, ordered: true });
      helpers.expectObservable(request(0).pipe(map(({ type }) => type))).toBe('(r|)', { r: 20 });
      helpers.expectObservable(request(1)).toBe('#', {}, new TimeoutError('getaddr', 0));
    });
  });

  it('starts again when rows were queued before the timer fired', () => {
    virtually((helpers) => {
      const { fakeKernel, expectObservable, hot } = helpers;
      const parts = hot('50ms a 49ms b 49ms c 49ms d', { a: part(0), b: part(1), c: part(2), d: done() });
      const rows = netlink({ protocol: 0, transport: fakeKernel(() => parts) }).request({ type: 18, flags: 0x300 }, { timeout: 50 });
      expectObservable(rows.pipe(map(({ payload }) => payload[0]))).toBe('50ms a 49ms b 49ms c 49ms |', { a: 0, b: 1, c: 2 });
    });
  });

  it('ends a dump after its last row, counted from that row', () => {
    virtually((helpers) => {
      const { fakeKernel, expectObservable, hot } = helpers;
      const parts = hot('a 49ms b 69ms c', { a: part(0), b: part(1), c: part(2) });
      const rows = netlink({ protocol: 0, transport: fakeKernel(() => parts) }).request({ type: 18, flags: 0x300 }, { timeout: 50 });
      expectObservable(rows.pipe(map(({ payload }) => payload[0]))).toBe(
        'a 49ms b 49ms #',
        { a: 0, b: 1 },
        new TimeoutError('getlink', 50),
      );
    });
  });

  it('delivers messages that were queued before the reply first', () => {
    virtually(({ fakeKernel, hot, expectObservable }) => {
      const [event, reply] = [hot('50ms a'), hot('50ms (a|)', { a: REPLY })];
      const kernel = fakeKernel(() => reply);
      event.subscribe(() => kernel.notify(1, notification(16, Uint8Array.of(7))));
      const socket = netlink({ protocol: 0, transport: kernel });
      const seen = merge(
        socket.multicast(1).pipe(map(() => 'event')),
        socket.pipe(map(({ type }) => `message ${type}`)),
        socket.request({ type: 22 }, { timeout: 50 }).pipe(map(({ type }) => `reply ${type}`)),
      );
      expectObservable(seen, '^ 60ms !').toBe('50ms (abcde)', {
        a: 'message 16',
        b: 'event',
        c: 'message 20',
        d: 'reply 20',
        e: 'message 2',
      });
    });
  });

  it('keeps the order of messages for an iterator that is behind', async () => {
    const seen: number[] = [];
    let types: Promise<number[]> | undefined;
    virtually((helpers) => {
      const kernel = slow(helpers, 50);
      const socket = netlink({ protocol: 0, transport: kernel, groups: [1] });
      const iterator = socket[Symbol.asyncIterator]();
      const first = iterator.next();
      helpers.cold('10ms a').subscribe(() => [16, 17, 18].forEach((type) => kernel.notify(1, notification(type, new Uint8Array(4)))));
      helpers.cold('20ms a').subscribe(() => socket.request({ type: 22 }, { timeout: 50 }).subscribe(({ type }) => seen.push(type)));
      types = (async () =>
        [await first, await iterator.next(), await iterator.next(), await iterator.next()].map(({ value }) => value?.type ?? 0))();
    });
    expect(seen).to.deep.equal([20]);
    expect(await types).to.deep.equal([16, 17, 18, 20]);
  });

  it('does not count while the socket is paused', () => {
    virtually((helpers) => {
      const socket = netlink({ protocol: 0, transport: slow(helpers, 10) });
      helpers.cold('5ms a').subscribe(() => socket.pause());
      helpers.cold('500ms a').subscribe(() => socket.resume());
      helpers.expectObservable(socket.request({ type: 22 }, { timeout: 50 }).pipe(map(({ type }) => type))).toBe('500ms (r|)', { r: 20 });
    });
  });

  it('does not end a transaction whose acks are queued when the timer fires', () => {
    virtually((helpers) => {
      const kernel = slow(helpers, 50, fakeFamilies(fakeFamily(nftablesSchema, { do: { newtable: () => undefined } })));
      const client = nftables({ transport: kernel });
      helpers.expectObservable(client.do('newtable', { name: 'a' }, { timeout: 50 }).pipe(ignoreElements())).toBe('50ms |');
    });
  });

  it('does not end the look-up of a generic family or the request after it when their replies are queued', () => {
    virtually((helpers) => {
      const family = fakeFamily(nl80211Schema, { do: { 'get-wiphy': () => ({ wiphyName: 'phy0' }) } });
      const client = nl80211({ transport: slow(helpers, 50, fakeFamilies(family)) });
      helpers
        .expectObservable(client.do('get-wiphy', {}, { timeout: 50 }).pipe(map((row) => row.wiphyName)))
        .toBe('100ms (r|)', { r: 'phy0' });
    });
  });

  it('ends a request on a transport that cannot read at once', () => {
    virtually((helpers) => {
      const kernel = slow(helpers, 50);
      const transport = Object.assign(Object.create(kernel) as FakeKernel, {
        open: (options: Parameters<FakeKernel['open']>[0]) => Object.assign(kernel.open(options), { receiveNow: undefined }),
        defer: (callback: () => void) => kernel.defer(callback),
      });
      const socket = netlink({ protocol: 0, transport });
      helpers.expectObservable(socket.request({ type: 22 }, { timeout: 50 })).toBe('50ms #', {}, new TimeoutError('getaddr', 50));
    });
  });
});
