import { expect } from 'chai';
import type { LiveChange } from 'rxnetlink';
import type { Address, Link, Network } from 'rxnetlink/network';
import type { Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { linkEvents, rateEvents, type PageEvent } from '../../../examples/dashboard-page/links.js';

type Shown = Link & { readonly addresses: readonly Address[] };

const link = (index: number, name: string, more: object = {}): Shown =>
  ({ index, name, state: 'up', mtu: 1500, addresses: [{ address: '192.0.2.1/24' }], ...more }) as unknown as Shown;
const row = (index: number, name: string) => ({ index, name, state: 'up', mtu: 1500, addresses: ['192.0.2.1/24'] });
const counters = (rxBytes: bigint, txBytes: bigint) => [{ index: 1, statistics: { rxBytes, txBytes } }];

/** A network with these streams. */
const netOf = (links: { readonly watch?: unknown; readonly list?: unknown }): Network => ({ links }) as unknown as Network;

const scheduler = (): TestScheduler =>
  new TestScheduler((actual, wanted) => {
    expect(actual).to.deep.equal(wanted);
  });

describe('the streams of examples/dashboard-page', () => {
  it('begin with all links, then emit each change', () => {
    const changes: Record<string, LiveChange<Shown>> = {
      s: { type: 'synced', entries: [link(1, 'lo')], reason: 'initial' } as unknown as LiveChange<Shown>,
      a: { type: 'added', value: link(2, 'br0') },
      c: { type: 'changed', value: link(2, 'br1'), previous: link(2, 'br0'), properties: ['name'] } as unknown as LiveChange<Shown>,
      r: { type: 'removed', value: link(2, 'br1') },
    };
    const events: Record<string, PageEvent> = {
      s: { name: 'all', data: [row(1, 'lo')] },
      a: { name: 'row', data: row(2, 'br0') },
      c: { name: 'row', data: row(2, 'br1') },
      r: { name: 'gone', data: 2 },
    };
    scheduler().run(({ cold, expectObservable, expectSubscriptions }) => {
      const watched = cold('-s--a-c--r', changes);
      expectObservable(linkEvents(netOf({ watch: () => watched })), '-----------!').toBe('-s--a-c--r', events);
      expectSubscriptions(watched.subscriptions).toBe('^----------!');
    });
  });

  it('emit rates in bytes a second, 0 after a reset, and read no faster than the kernel answers', () => {
    const test = scheduler();
    test.run(({ cold, expectObservable }) => {
      const readings: Observable<object>[] = [
        cold('(a|)', { a: counters(1000n, 500n) }),
        cold('(a|)', { a: counters(1100n, 700n) }),
        // A reading that takes longer than the interval: the one in between is omitted.
        cold('----- 5ms (a|)', { a: counters(1400n, 0n) }),
        cold('(a|)', { a: [] }),
      ];
      const rates = rateEvents(netOf({ list: () => readings.shift() }), 8, () => test.now());
      const data = (received: number, sent: number): PageEvent => ({ name: 'rates', data: [[1, received, sent]] });
      expectObservable(rates, '39ms !').toBe('8ms a 17ms b 5ms c', {
        a: data(12_500, 25_000),
        // 300 bytes in 18 ms.
        b: data(16_667, 0),
        c: { name: 'rates', data: [] },
      });
    });
  });
});
