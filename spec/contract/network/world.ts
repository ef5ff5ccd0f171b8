import { expect } from 'chai';
import { lastValueFrom, toArray, type Observable } from 'rxjs';
import { isNetworkError } from '../../../lib/network/common/network-error.js';
import type { Address } from '../../../lib/network/addresses/address.js';
import type { Network } from '../../../lib/network/network.js';
import type { Route } from '../../../lib/network/routes/route.js';
import { PATIENCE } from '../../support/patience.js';

/** Two programs on one kernel, a running or a fake one; it has no link but the loopback. */
export interface NetworkWorld {
  readonly net: Network;
  readonly other: Network;
  /** A program in another network namespace, and the name of that. */
  readonly there: Network;
  readonly netns: string;
}

/** A behaviour of a network, as a program that uses `rxnetlink/network` observes it. */
export interface NetworkCase {
  readonly title: string;
  readonly run: (world: NetworkWorld) => Promise<unknown>;
  /** The outcome on Linux 6.18. */
  readonly expected: unknown;
}

/** Runs a verb, checks that it emits exactly one value, and returns that. */
export async function one<T>(verb: Observable<T>): Promise<T> {
  const values = await lastValueFrom(verb.pipe(toArray()));
  expect(values).to.have.length(1);
  return values[0]!;
}

/** Runs a verb; returns `done`, or the reason and the message of its error. */
export async function outcome(verb: Observable<unknown>): Promise<string> {
  try {
    await one(verb);
    return 'done';
  } catch (error) {
    if (!isNetworkError(error)) throw error;
    // The kernel chooses the indexes of links.
    return `${error.reason}: ${error.message.replaceAll(/interface \d+/g, 'interface N')}`;
  }
}

/** Runs verbs one after the other. */
export async function outcomes(...verbs: readonly Observable<unknown>[]): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const verb of verbs) texts.push(await outcome(verb));
  return texts;
}

/** Makes a pair of links that are up, and waits for their carrier. */
export async function addPair({ net }: NetworkWorld, ...addresses: readonly string[]): Promise<void> {
  await one(net.links.add({ name: 'v0', kind: 'veth', up: true, veth: { peer: { name: 'v1', up: true } } }));
  await hasCarrier(net, 'v0', 'v1');
  for (const address of addresses) await one(net.addresses.add({ link: 'v0', address, ...(address.includes(':') && { noDad: true }) }));
}

/** Waits until links have a carrier and are in the state `up`: the kernel sets the state a moment after the carrier. */
export async function hasCarrier(net: Network, ...names: readonly string[]): Promise<void> {
  for (const name of names) await stateOf(net, name, 'up');
}

/** Waits until a link has a state. */
export async function stateOf(net: Network, name: string, state: string): Promise<void> {
  await eventually(async () => (await one(net.links.get(name))).state === state, `${name} is ${state}`);
}

/** Waits for a condition, for at most three seconds on a machine without other work. */
export async function eventually(condition: () => boolean | Promise<boolean>, text: string): Promise<void> {
  for (let tries = 0; tries < 300 * PATIENCE; tries++) {
    if (await condition()) return;
    await pause(10);
  }
  throw new Error(`not within ${3 * PATIENCE} s: ${text}`);
}

export const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Returns the addresses of a link, or of all, with what distinguishes them. */
export async function addressesOf(net: Network, link?: string): Promise<readonly string[]> {
  const all = await one(net.addresses.list(link === undefined ? {} : { link }));
  return all.filter((address) => address.link !== 'lo').map(addressText);
}

export function addressText({ link, address, peer, label, secondary, metric }: Address): string {
  const more = [peer && `peer ${peer}`, label !== link && label, secondary && 'secondary', metric !== undefined && `metric ${metric}`];
  return [address, ...more, link].filter((part) => typeof part === 'string').join(' ');
}

/** Returns the routes that do not lead to the loopback, in the order of the kernel. */
export async function routesOf(net: Network, filter: Parameters<Network['routes']['list']>[0] = {}): Promise<readonly string[]> {
  const all = await one(net.routes.list(filter));
  return all.filter(({ link }) => link !== 'lo').map(routeText);
}

export function routeText({ to, type, table, via, link, hops, metric, source, protocol, linkDown, mtu, scope }: Route): string {
  const hopTexts = hops?.map((hop) => `[${[hop.via, hop.link, hop.weight, hop.dead && 'dead'].filter(Boolean).join(' ')}]`);
  const more = [source && `src ${source}`, mtu !== undefined && `mtu ${mtu}`, linkDown && 'linkdown', scope !== 'global' && scope];
  return [type, to, via, link, ...(hopTexts ?? []), `${table} ${protocol} ${metric}`, ...more].filter(Boolean).join(' ');
}

/** Deletes what a case has made. */
export async function clear(net: Network): Promise<void> {
  const nexthops = await one(net.nexthops.list());
  // Groups precede their members, whose deletion can delete them.
  const isGroup = (index: number): boolean => nexthops[index]!.group !== undefined;
  const order = [...nexthops.keys()].sort((first, second) => Number(isGroup(second)) - Number(isGroup(first)));
  await one(net.nexthops.deleteMany(order.map((index) => nexthops[index]!)));
  const links = await one(net.links.list());
  // The other end of a pair is gone already.
  for (const { name, kind } of links) if (kind !== undefined) await one(net.links.ensureAbsent(name));
  const routes = await one(net.routes.list());
  await one(net.routes.deleteMany(routes.filter(({ protocol }) => protocol !== 'kernel')));
  const rules = await one(net.rules.list());
  await one(net.rules.deleteMany(rules.filter(({ protocol }) => protocol !== 'kernel')));
}
