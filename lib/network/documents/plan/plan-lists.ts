import { each, type Work } from '../../common/slices.js';
import type { Address } from '../../addresses/address.js';
import type { ForwardingEntry } from '../../fdb/forwarding-entry.js';
import type { Link } from '../../links/link.js';
import type { Neighbour } from '../../neighbours/neighbour.js';
import { withLinkNames } from '../../tables/linked.js';
import type { ListTable, ParsedLink } from '../parse/parsed-document.js';
import { mergedOf, planAdd, planAgain, planChange, planDelete } from './plan-object.js';
import type { DocumentModels, Phase, PlannedChange, State } from './planned-change.js';

const TABLES: readonly ListTable[] = ['addresses', 'neighbours', 'fdb'];

const PHASES: Readonly<Record<ListTable, Phase>> = { addresses: 'addresses', neighbours: 'neighbours', fdb: 'neighbours' };

/** True for an object that was configured: a list of a document owns those. @internal */
export const CONFIGURED: Readonly<Record<ListTable, (object: never, state: Pick<State, 'objects'>) => boolean>> = {
  addresses: isConfiguredAddress,
  neighbours: isConfiguredNeighbour,
  // A bridge enters the addresses of its ports, and multicast addresses, as permanent ones; a VXLAN device learns dynamic ones.
  fdb: ({ on, state, remote, external }: ForwardingEntry) =>
    external !== true && (on === 'bridge' ? state === 'static' : state !== 'dynamic' && remote !== undefined),
};

/** The addresses, neighbours and forwarding entries of each link, by its name. @internal */
export type ObjectsOnLinks = Readonly<Record<ListTable, ReadonlyMap<string | undefined, readonly object[]>>>;

/** Sorts the objects of links by the name of the link. @internal */
export function* objectsOnLinks({ objects }: Pick<State, 'objects'>): Work<ObjectsOnLinks> {
  const onLinks = { addresses: new Map(), neighbours: new Map(), fdb: new Map() } as Record<ListTable, Map<string | undefined, object[]>>;
  for (const table of TABLES)
    yield* each(objects[table] ?? [], (object) => {
      const { link } = object as { readonly link?: string };
      const group = onLinks[table].get(link);
      if (group === undefined) onLinks[table].set(link, [object]);
      else group.push(object);
    });
  return onLinks;
}

/** Plans the addresses, neighbours and forwarding entries of one link. Deletions come last. @internal */
export function planLists(
  models: DocumentModels,
  state: State,
  onLinks: ObjectsOnLinks,
  { lists, name, path }: ParsedLink,
): readonly PlannedChange[] {
  return TABLES.flatMap((table) => {
    const listed = lists[table];
    if (listed === undefined) return [];
    const model = models[table];
    const { names } = state;
    const link = names.nameOf(names.indexOf(name) ?? -1) ?? name;
    const all = onLinks[table].get(link) ?? [];
    const kept = new Set<object>();
    const changes = listed.flatMap((entry): readonly PlannedChange[] => {
      const wanted = withLinkNames(model, entry.wanted, names);
      const key = model.keyOf(wanted);
      const found = all.filter((object) => model.matches(object, key));
      const before = found.find((object) => model.isExactly?.(object, key)) ?? found[0];
      const place = { model, path: entry.path, phase: PHASES[table], names };
      if (before === undefined) return [planAdd(place, wanted)];
      kept.add(before);
      // The kernel tests an address for duplicates once.
      if ((before as Partial<Address>).dadFailed === true) return [planAgain(place, before, wanted, mergedOf(model, before, wanted))];
      return [planChange(place, before, wanted) ?? []].flat();
    });
    const isOwned = CONFIGURED[table] as (object: object, state: Pick<State, 'objects'>) => boolean;
    const others = all.filter((object) => !kept.has(object) && isOwned(object, state));
    return [...changes, ...others.map((object) => planDelete({ model, path: `${path}.${table}`, phase: 'delete' }, object))];
  });
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
