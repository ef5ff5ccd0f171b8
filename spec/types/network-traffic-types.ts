/*
 * Compiled with all other files, never run: the types of filters and shapes of `rxnetlink/network`.
 */
import { expectTypeOf } from 'expect-type';
import type { FilterSpec, PoliceAction, Shape, TrafficFilter, Verdict } from '../../lib/network/index.js';
import { network } from '../../lib/network/index.js';

const net = network();

/* What is read can be written, and is a key. */
declare const filter: TrafficFilter;
net.filters.ensure(filter);
net.filters.add({ ...filter, priority: 5 });
net.filters.delete(filter);
expectTypeOf(filter).toExtend<FilterSpec>();
expectTypeOf(filter.linkIndex).toEqualTypeOf<number>();

/* Units are written as numbers or text, and read as numbers. */
declare const police: PoliceAction;
expectTypeOf(police.rate).toEqualTypeOf<number | undefined>();
expectTypeOf(police.exceed).toEqualTypeOf<Verdict | undefined>();
net.filters.add({
  link: 'eth0',
  parent: 'ingress',
  priority: 1,
  kind: 'matchall',
  actions: [{ kind: 'police', rate: '1mbit', burst: '64kib' }],
});
net.filters.add({
  link: 'eth0',
  parent: '1:',
  priority: 1,
  kind: 'u32',
  match: { 'ip.src': '10.0.0.0/8', 'u32@12': '0x1/0xff' },
  to: '1:10',
});
net.filters.change(filter, { match: null, actions: null, to: null });

// @ts-expect-error a field that does not exist
net.filters.add({ link: 'eth0', parent: 'ingress', priority: 1, kind: 'flower', match: { 'ip.source': '10.0.0.0/8' } });
// @ts-expect-error a place that does not exist
net.filters.add({ link: 'eth0', parent: 'outgress', priority: 1, kind: 'flower' });
// @ts-expect-error the priority is required
net.filters.add({ link: 'eth0', parent: 'ingress', kind: 'flower' });
// @ts-expect-error readers never return null
filter.match = null;

/* Shapes */
net.shape('eth0', { out: '100mbit', in: 50e6, delay: '10ms', loss: '1%' });
net.shape('eth0', { out: null });
net.shape('eth0', null).subscribe(({ shape, changed }) => {
  expectTypeOf(shape).toEqualTypeOf<Shape>();
  expectTypeOf(shape.out).toEqualTypeOf<number | undefined>();
  expectTypeOf(changed[0]!.text).toEqualTypeOf<string>();
});
// @ts-expect-error bytes or bits
net.shape('eth0', { out: '10mbps' });
// @ts-expect-error a share is text
net.shape('eth0', { loss: 1 });
