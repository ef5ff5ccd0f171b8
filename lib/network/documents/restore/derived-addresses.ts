import type { Address } from '../../addresses/address.js';
import type { Link } from '../../links/link.js';
import type { SiteChange } from '../site.js';

/**
 * Returns a test for link-local addresses that the kernel has added because a written link got a carrier, or gave one to other links: to its
 * master, to the links on it, to the other end of a pair. They stay when the carrier goes again.
 *
 * @param links - The links before the writes.
 * @internal
 */
export function derivedTest(links: readonly Link[], begun: readonly SiteChange[]): (address: Address) => boolean {
  const reached = reachedLinks(links, begun);
  return ({ protocol, link }) => protocol === 'kernel-link-local' && reached.has(link);
}

/** Returns the names of the links that were written, and of those that get a carrier by them. */
function reachedLinks(links: readonly Link[], begun: readonly SiteChange[]): ReadonlySet<string> {
  const reached = new Set<string>();
  for (const { change } of begun)
    if (change.table === 'links')
      for (const object of [change.before, change.wanted] as readonly (Partial<Link> | undefined)[])
        for (const name of [object?.name, object?.master]) if (typeof name === 'string') reached.add(name);
  for (let size = -1; size < reached.size;) {
    size = reached.size;
    for (const { name, master, parent = '', peer } of links) {
      if (reached.has(parent) || (peer?.name !== undefined && peer.netnsid === undefined && reached.has(peer.name))) reached.add(name);
      if (reached.has(name) && master !== undefined) reached.add(master);
    }
  }
  return reached;
}
