import type { Address } from '../../addresses/address.js';
import type { ForwardingEntry } from '../../fdb/forwarding-entry.js';
import type { Link } from '../../links/link.js';
import type { Neighbour } from '../../neighbours/neighbour.js';
import type { ListTable } from '../parse/parsed-document.js';
import type { State } from './planned-change.js';

/**
 * Returns a test for objects that were configured: a list of a document owns those.
 *
 * @param all - All objects of the table on the link.
 * @internal
 */
export function configuredTest(table: ListTable, all: readonly object[], state: Pick<State, 'objects'>): (object: object) => boolean {
  if (table === 'addresses') return (object) => isConfiguredAddress(object as Address, state);
  if (table === 'neighbours') return (object) => isConfiguredNeighbour(object as Neighbour, state);
  const entries = all as readonly ForwardingEntry[];
  const withoutVlan = new Set(
    entries.filter(({ vlan, on, state: kept }) => vlan === undefined && on === 'bridge' && kept === 'static').map(({ mac }) => mac),
  );
  return (object) => isConfiguredEntry(object as ForwardingEntry, withoutVlan);
}

/**
 * A bridge enters the addresses of its ports, and multicast addresses, as permanent ones; a VXLAN device learns dynamic ones.
 * An entry without a VLAN has a copy in each VLAN of the port: the kernel adds and deletes them together.
 */
function isConfiguredEntry({ on, state, remote, external, vlan, mac }: ForwardingEntry, withoutVlan: ReadonlySet<string>): boolean {
  if (external === true) return false;
  if (on === 'bridge') return state === 'static' && (vlan === undefined || !withoutVlan.has(mac));
  return state !== 'dynamic' && remote !== undefined;
}

/** The kernel made the others: link-local addresses, those of a router, temporary ones, those of the loopback link. */
function isConfiguredAddress(object: Address, { objects }: Pick<State, 'objects'>): boolean {
  const { address, protocol, scope, valid, temporary, link } = object;
  if (protocol === 'kernel-link-local' || protocol === 'kernel-ra' || protocol === 'kernel-loopback') return false;
  if (temporary || valid !== undefined || scope === 'host' || (link === 'lo' && address === '::1/128')) return false;
  // A kernel before 5.18 keeps no protocol: its own link-local addresses look like others.
  return !/^fe[89ab]/.test(address) || ((objects.addresses ?? []) as readonly Address[]).some((each) => each.protocol !== undefined);
}

/** The kernel enters neighbours that need no ARP itself: multicast and broadcast addresses, own ones, and all of links without ARP. */
function isConfiguredNeighbour({ state, proxy, mac, link, external }: Neighbour, { objects }: Pick<State, 'objects'>): boolean {
  // A daemon of a control plane learned it.
  if (external === true) return false;
  if (proxy === true || state === 'permanent') return true;
  if (state !== 'noarp' || mac === undefined || (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1) return false;
  const found = ((objects.links ?? []) as readonly Link[]).find(({ name }) => name === link);
  return found?.arp !== false && found?.mac !== mac;
}
