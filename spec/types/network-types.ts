/*
 * Compiled with all other files, never run: the types of `rxnetlink/network`.
 */
import { expectTypeOf } from 'expect-type';
import type { Address, Link } from '../../lib/network/index.js';
import { network } from '../../lib/network/index.js';

const net = network();

/* The parts of links */
net.links.list({ with: ['addresses', 'statistics'] }).subscribe(([link]) => {
  expectTypeOf(link!.addresses).toEqualTypeOf<readonly Address[]>();
  expectTypeOf(link!.statistics.rxBytes).toEqualTypeOf<bigint>();
});
net.links.list({ with: 'addresses' }).subscribe(([link]) => {
  // @ts-expect-error counters were not requested
  expectTypeOf(link!.statistics).toBeAny();
});
net.links.watch({ with: 'addresses', kind: 'veth' }).subscribe((change) => {
  if (change.type === 'synced') expectTypeOf(change.entries[0]!.addresses).toEqualTypeOf<readonly Address[]>();
  else expectTypeOf(change.value.addresses).toEqualTypeOf<readonly Address[]>();
  if (change.type === 'changed') void change.properties.includes('addresses');
});
net.links.watch({ kind: 'veth' }).subscribe((change) => {
  if (change.type === 'synced') return;
  expectTypeOf(change.value).toEqualTypeOf<Link>();
  // @ts-expect-error addresses were not requested
  expectTypeOf(change.value.addresses).toBeAny();
});
// @ts-expect-error counters have no events
net.links.watch({ with: 'statistics' });
// @ts-expect-error a misspelt part
net.links.watch({ with: 'adresses' });
