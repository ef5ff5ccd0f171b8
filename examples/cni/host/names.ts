import { createHash } from 'node:crypto';
import type { Owner } from '../input/parameters.js';

const hash = (...parts: readonly string[]) => createHash('sha256').update(parts.join('/')).digest('hex');

/** Returns the name of the host's end of a pair. `DEL` and `GC` need nothing else to find it, also after a crash. */
export function hostLinkName(network: string, { containerID, ifname }: Owner): string {
  return `veth${hash(network, containerID, ifname).slice(0, 11)}`;
}

/** Returns the MAC address for a new bridge. Without one of its own, a bridge has that of one of its ports, which changes with them. */
export function bridgeMac(bridge: string): string {
  const bytes = hash('bridge', bridge).slice(0, 10).match(/../g) ?? [];
  // 02: locally administered.
  return ['02', ...bytes].join(':');
}
