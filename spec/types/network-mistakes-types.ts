/*
 * Compiled with all other files, never run: mistakes in uses of `rxnetlink/network` that the compiler must find.
 */
import { network, type Link } from '../../lib/network/index.js';

declare const text: string;
declare function expect(value: unknown): void;
declare function isNull(value: null | undefined): boolean;
const net = network();

// @ts-expect-error options of another kind
net.links.add({ name: 'br0', kind: 'bridge', vxlan: { id: 5 } });
// @ts-expect-error options without their kind
net.links.ensure({ name: 'br0', bridge: { stp: true } });
// @ts-expect-error untyped options without a kind
net.links.ensure({ name: 'br0', options: { stpState: 1 } });
// @ts-expect-error an option that bridges do not have
net.links.ensure({ name: 'br0', kind: 'bridge', bridge: { stpp: true } });
// @ts-expect-error a property that links do not have
net.links.ensure({ name: 'br0', mtuu: 5 });
// @ts-expect-error undefined is not the same as an omitted property
net.links.change('eth0', { master: undefined });
// @ts-expect-error null for a property that is always there
net.links.change('eth0', { mtu: null });
// @ts-expect-error bytes or bits
net.qdiscs.ensure({ link: 'eth0', kind: 'tbf', tbf: { rate: '10mbps' } });
// @ts-expect-error 1,000 or 1,024
net.qdiscs.ensure({ link: 'eth0', kind: 'tbf', tbf: { rate: '10mbit', burst: '10kb' } });
// @ts-expect-error a share is never a number without a unit
net.qdiscs.ensure({ link: 'eth0', kind: 'netem', netem: { loss: 1 } });
// @ts-expect-error text of unknown form must be parsed
net.links.ensure({ name: 'br0', kind: 'bridge', bridge: { ageing: text } });
// @ts-expect-error a VLAN without an id
net.links.add({ name: 'v', kind: 'vlan', parent: 'eth0', vlan: { protocol: '802.1ad' } });
// @ts-expect-error a MACVLAN with a mode that does not exist
net.links.add({ name: 'v', kind: 'macvlan', parent: 'eth0', macvlan: { mode: 'public' } });
// @ts-expect-error counters were not requested
net.links.list({ with: 'addresses' }).subscribe((all) => expect(all[0]?.statistics));
// @ts-expect-error a changed property that links do not have
net.links.watch().subscribe((change) => change.type === 'changed' && change.properties.includes('mtuu'));
// @ts-expect-error counters have no events
net.links.watch({ with: 'statistics' });
// @ts-expect-error readers never return null
net.links.list().subscribe((all) => all.filter(({ master }) => isNull(master)));
// @ts-expect-error a table that was not requested
net.view({ links: true }).subscribe((view) => expect(view.routes));
// @ts-expect-error a table that does not exist
net.view({ firewall: true });
net.links.list().subscribe(([link]) => {
  // @ts-expect-error what is read is read-only
  link!.mtu = 5;
});
// @ts-expect-error an Observable is not a Promise
void (net.links.list() satisfies Promise<readonly Link[]>);
// @ts-expect-error addresses have no replace: the kernel would keep half of the former address
'replace' satisfies keyof typeof net.addresses;
// @ts-expect-error a filter by a list
net.links.list({ altnames: ['x'] });
// @ts-expect-error an address without its link
net.addresses.add({ address: '10.0.0.1/24' });
// @ts-expect-error null for the gateway: a route has another way instead
net.routes.change({ to: 'default' }, { via: null });
// @ts-expect-error a type of routes that does not exist
net.routes.add({ to: '10.0.0.0/8', type: 'blackhol' });
// @ts-expect-error a rule without its priority
net.rules.add({ from: '10.0.0.0/8', table: 5 });
// @ts-expect-error a duration without a unit
net.addresses.ensure({ link: 'eth0', address: '10.0.0.1/24', valid: '60' });
// @ts-expect-error a condition that until() does not have
net.links.until('eth0', { carier: true });
// @ts-expect-error the name of a namespace is a text, not a number
net.links.move('eth0', { netns: 42 });
