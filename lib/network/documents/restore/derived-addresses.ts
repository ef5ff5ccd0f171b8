import { ipv6Text, parseLinkAddress } from '../../../wire/index.js';
import type { Address } from '../../addresses/address.js';
import type { Link } from '../../links/link.js';
import { step, type Step } from '../../tables/step.js';
import type { Site, SiteChange } from '../site.js';
import type { LinkChanges } from './restore-links.js';

/**
 * Returns a test for link-local addresses that the kernel has added because a written link got a carrier, or gave one to other links: to its
 * master, to the links on it, to the other end of a pair. They stay when the carrier goes again.
 *
 * @param links - The links before the writes.
 * @internal
 */
export function derivedTest(links: readonly Link[], begun: readonly SiteChange[]): (address: Address) => boolean {
  const written = begun.flatMap(({ change }): (Partial<Link> | undefined)[] =>
    change.table === 'links' ? [change.before, change.wanted] : [],
  );
  const reached = reachedLinks(links, written);
  const before = links.map(({ name, mac }) => [name, mac] as const);
  const macs = [...before, ...written.map((object) => [object?.name, object?.mac] as const)];
  const own = new Set(macs.map(([name, mac]) => `${name} ${linkLocalOf(mac)}`));
  return ({ protocol, link, address }) =>
    reached.has(link) && (protocol === undefined ? own.has(`${link} ${address}`) : protocol === 'kernel-link-local');
}

/** Returns the address that the kernel derives from a MAC address. Before Linux 5.18 it has no protocol. */
function linkLocalOf(mac = ''): string | undefined {
  if (!/^(?:\w\w:){5}\w\w$/.test(mac)) return undefined;
  const [first = 0, ...rest] = parseLinkAddress(mac);
  const identifier = [first ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)];
  return `${ipv6Text(Uint8Array.of(0xfe, 0x80, 0, 0, 0, 0, 0, 0, ...identifier))}/64`;
}

/**
 * Returns requests that make the kernel finish what follows a changed carrier, for all links that a restoration reaches: the written ones first.
 *
 * The kernel handles a changed carrier up to a second later (linkwatch), and then deletes neighbours that are not permanent. It handles it
 * at once when the link is read alone (rtnl_getlink, since 6.8). Earlier kernels only return the link.
 *
 * @param links - The links before the writes.
 * @internal
 */
export function carrierSteps({ clients }: Site, links: readonly Link[], { removed, added, changed }: LinkChanges): readonly Step[] {
  const written = [...removed, ...added, ...changed.flatMap(({ before, now }) => [before, now])];
  const indexes = new Map(links.map(({ name, index }) => [name, index]));
  return [...reachedLinks(links, written)].flatMap((name) => {
    const ifiIndex = indexes.get(name);
    return ifiIndex === undefined ? [] : [step(clients.link, 'getlink', { ifiIndex })];
  });
}

/** Returns the names of written links, and of those that get a carrier by them. */
function reachedLinks(links: readonly Link[], written: readonly (Partial<Link> | undefined)[]): ReadonlySet<string> {
  const reached = new Set<string>();
  for (const object of written) for (const name of [object?.name, object?.master]) if (typeof name === 'string') reached.add(name);
  for (let size = -1; size < reached.size;) {
    size = reached.size;
    for (const { name, master, parent = '', peer } of links) {
      if (reached.has(parent) || (peer?.name !== undefined && peer.netnsid === undefined && reached.has(peer.name))) reached.add(name);
      if (reached.has(name) && master !== undefined) reached.add(master);
    }
  }
  return reached;
}
