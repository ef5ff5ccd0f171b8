/* Types of qdiscs and classes. TypeScript checks this file; nothing runs it. */
import { expectTypeOf } from 'expect-type';
import type { Observable } from 'rxjs';
import {
  network,
  type ClassSpec,
  type Handle,
  type Qdisc,
  type QdiscSpec,
  type TrafficClass,
  type WatchedQdisc,
} from '../../lib/network/index.js';
import type { LiveChange } from '../../lib/live/index.js';

const net = network();

export function specs(qdisc: Qdisc, entry: TrafficClass): void {
  // An object that was read can be written, and is a key.
  expectTypeOf(qdisc).toExtend<QdiscSpec>();
  expectTypeOf(entry).toExtend<ClassSpec>();
  net.qdiscs.ensure(qdisc);
  net.qdiscs.delete(qdisc);
  net.classes.ensure(entry);

  // Options are read without narrowing, in numbers.
  expectTypeOf(qdisc.tbf?.rate).toEqualTypeOf<number | undefined>();
  expectTypeOf(qdisc.netem?.delay).toEqualTypeOf<number | undefined>();
  expectTypeOf(qdisc.htb?.defaultClass).toEqualTypeOf<Handle | undefined>();
  expectTypeOf(qdisc.statistics.bytes).toEqualTypeOf<bigint>();
  expectTypeOf(entry.htb?.ceil).toEqualTypeOf<number | undefined>();

  // Units are text with a unit that means one thing.
  net.qdiscs.add({ link: 'v0', kind: 'tbf', tbf: { rate: '20mbit', burst: '32kib', latency: '50ms' } });
  // @ts-expect-error: bytes to tc, bits to others
  net.qdiscs.add({ link: 'v0', kind: 'tbf', tbf: { rate: '20mbps' } });
  // @ts-expect-error: 1,000 or 1,024
  net.qdiscs.add({ link: 'v0', kind: 'tbf', tbf: { burst: '32kb' } });
  // @ts-expect-error: 1 % to tc, 100 % to others
  net.qdiscs.add({ link: 'v0', kind: 'netem', netem: { loss: 1 } });

  // @ts-expect-error: options of another kind
  net.qdiscs.add({ link: 'v0', kind: 'tbf', htb: {} });
  // @ts-expect-error: options without a kind
  net.qdiscs.change({ link: 'v0' }, { tbf: { rate: 1 } });
  // @ts-expect-error: a rate cannot be removed
  net.qdiscs.change({ link: 'v0' }, { kind: 'tbf', tbf: { rate: null } });
  net.qdiscs.change({ link: 'v0' }, { kind: 'netem', netem: { rate: null } });
  // @ts-expect-error: not a handle
  net.classes.add({ link: 'v0', handle: '30', kind: 'htb', htb: { rate: 1 } });
  net.qdiscs.add({ link: 'v0', kind: 'red', options: { maxP: 1 } });
}

export function streams(): void {
  expectTypeOf(net.qdiscs.watch()).toEqualTypeOf<Observable<LiveChange<WatchedQdisc>>>();
  // Counters are not watched.
  expectTypeOf<WatchedQdisc>().not.toHaveProperty('statistics');
  net.view({ qdiscs: true, classes: { link: 'eth0' } }).subscribe(({ qdiscs }) => qdiscs.get('root on eth0')?.kind);
  net.view({ classes: true, filters: true }).subscribe(({ classes, filters }) => [classes.get('1:30 on eth0')?.htb, filters.size]);
}
