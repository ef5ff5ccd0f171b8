import { each, isSliceOver, type Work } from '../../common/slices.js';
import type { Address } from '../../addresses/address.js';
import type { Link } from '../../links/link.js';
import type { Route } from '../../routes/route.js';
import type { Neighbour } from '../../neighbours/neighbour.js';
import type { Wanted } from '../../tables/table-model.js';
import type { ParsedDocument, ParsedObject } from '../parse/parsed-document.js';
import { lowerOf } from './links/gone-links.js';
import type { DocumentModels, DocumentTable, PlannedChange, State } from './planned-change.js';

/** The smallest MTU of a link with IPv6. */
const LEAST_IPV6 = 1280;

/** Objects that one line names. */
const NAMED = 3;

type Tables = Partial<Record<'links' | 'addresses' | 'routes' | 'neighbours' | 'nexthops', (object: never) => boolean>>;

/** Something that the kernel does along with a change. */
interface Effect {
  /** The change in words: `link v0 going down`. */
  readonly cause: string;
  /** The objects that go with it. */
  readonly lost: Tables;
  /** The names of new addresses that go with it. They are written again, as are those of the document. */
  readonly added?: readonly string[];
}

/** The changes of addresses. */
interface AddressChanges {
  /** The addresses that are deleted, also to be created again. */
  readonly deleted: ReadonlySet<object | undefined>;
  /** The addresses that are added before others are deleted. */
  readonly added: readonly Wanted[];
}

/**
 * Returns what the kernel deletes along with the changes of a plan, in words; without what the document lists, which is written again.
 *
 * @param state - The objects before the changes, with the new names of links.
 * @internal
 */
export function* effectsOf(
  models: DocumentModels,
  parsed: ParsedDocument,
  state: State,
  gone: ReadonlySet<string>,
  changes: readonly PlannedChange[],
): Work<readonly string[]> {
  const deleted = new Set<object | undefined>();
  const isListed = listedTest(models, parsed);
  const effects = [...deletionEffects(gone)];
  const addresses = { deleted: new Set<object | undefined>(), added: [] as Wanted[] };
  // Most changes of a first application are additions, which take nothing along.
  const others: PlannedChange[] = [];
  yield* each(changes, (change) => {
    const { table, action, before, wanted } = change;
    if (action !== 'add') {
      deleted.add(before);
      others.push(change);
    }
    if (table !== 'addresses') return;
    if (action === 'delete' || action === 'recreate') addresses.deleted.add(before);
    else if (action === 'add' && wanted !== undefined) addresses.added.push(wanted);
  });
  yield* each(others, (change) => void effects.push(...changeEffects(change, state, addresses)));
  const lines = new Set<string>();
  for (const { cause, lost, added } of effects) {
    if (added !== undefined) {
      const listed = (state.objects.addresses ?? []).filter(
        (object) => lost.addresses?.(object as never) === true && !deleted.has(object) && isListed('addresses', object),
      );
      const again = [...listed.map((object) => models.addresses.nameOf(object as Wanted)), ...added];
      const verb = again.length === 1 ? 'is' : 'are';
      if (again.length > 0) lines.add(`${counted('address', again.length)} with ${cause}, and ${verb} written again (${shown(again)})`);
    }
    for (const [table, isLost] of Object.entries(lost) as [keyof Tables, (object: object) => boolean][]) {
      const names = (state.objects[table] ?? [])
        .filter((object) => isLost(object) && !deleted.has(object) && !isListed(table, object))
        .map((object) => models[table].nameOf(object as Wanted));
      if (names.length > 0) lines.add(`${counted(models[table].noun, names.length)} with ${cause} (${shown(names)})`);
      // Each of them is a pass over a table.
      if (isSliceOver()) yield;
    }
  }
  return [...lines];
}

/** A link that is deleted takes all that is on it along. */
function deletionEffects(gone: ReadonlySet<string>): readonly Effect[] {
  return [...gone].map((name) => ({
    cause: `link ${name}`,
    lost: {
      links: (link: Link) => lowerOf(link).includes(name),
      addresses: ({ link }: Address) => link === name,
      routes: (route: Route) => isOver(route, name) && route.protocol !== 'kernel',
      neighbours: ({ link, state }: Neighbour) => link === name && state === 'permanent',
      nexthops: ({ link }: { readonly link?: string }) => link === name,
    },
  }));
}

function changeEffects(change: PlannedChange, state: State, addresses: AddressChanges): readonly Effect[] {
  const { table, action } = change;
  if (table === 'addresses' && (action === 'delete' || action === 'recreate'))
    return addressEffects(change.before as Address, action, state, addresses);
  if (table === 'links' && action === 'change' && change.before !== undefined) return linkEffects(change, state);
  if (table === 'nexthops' && action !== 'add') {
    const { id } = change.before as { readonly id: number };
    const cause = `nexthop ${id}`;
    return action === 'change' ? [] : [{ cause, lost: { routes: ({ nexthop }: Route) => nexthop === id } }];
  }
  return [];
}

function addressEffects(
  address: Address,
  action: PlannedChange['action'],
  state: State,
  { deleted, added }: AddressChanges,
): readonly Effect[] {
  const all = (state.objects.addresses ?? []) as readonly Address[];
  const cause = `address ${address.address} on ${address.link}`;
  const own = hostOf(address.address);
  const link = ((state.objects.links ?? []) as readonly Link[]).find(({ name }) => name === address.link);
  const takesOthers = address.family === 4 && !address.secondary && link?.ipv4?.promoteSecondaries !== true;
  const isOfSubnet = (each: Pick<Address, 'link' | 'address' | 'peer'>): boolean =>
    each.link === address.link && !each.address.includes(':') && networkOf(each) === networkOf(address);
  const isTaken = (each: Address): boolean => takesOthers && each.secondary && isOfSubnet(each);
  // An address that is created again is deleted before others are added.
  const present = action === 'delete' ? (added as readonly (Wanted & Address)[]).filter(({ link: name }) => name === address.link) : [];
  const isKept = (each: Address): boolean => each.link === address.link && each.family === address.family && !deleted.has(each);
  const left = [
    ...all.filter((each) => isKept(each) && !isTaken(each)),
    ...present.filter((each) => each.address.includes(':') === (address.family === 6) && !(takesOthers && isOfSubnet(each))),
  ];
  const isElsewhere = all.some((each) => each !== address && !deleted.has(each) && hostOf(each.address) === own);
  const isLast = address.family === 4 && left.length === 0;
  return [
    {
      cause,
      added: takesOthers ? present.filter(isOfSubnet).map((each) => `${each.address} on ${each.link}`) : [],
      lost: {
        addresses: isTaken,
        routes: (route: Route) =>
          route.protocol !== 'kernel' &&
          ((isLast && route.family === 4 && route.link === address.link) || (route.source === own && !isElsewhere)),
        neighbours: ({ link: name, state: mode, family }: Neighbour) =>
          isLast && name === address.link && mode === 'permanent' && family === 4,
      },
    },
  ];
}

function linkEffects({ before, changes }: PlannedChange, state: State): readonly Effect[] {
  const link = before as Link;
  const { name } = link;
  const to = (path: string): unknown => changes?.get(path)?.to;
  const on = <T extends { readonly link?: string }>(object: T): boolean => object.link === name;
  const permanent = (each: Neighbour): boolean => on(each) && each.state === 'permanent';
  const effects: Effect[] = [];
  if (to('up') === false)
    effects.push({
      cause: `link ${name} going down`,
      lost: {
        addresses: (each: Address) => on(each) && each.family === 6,
        routes: (each: Route) => on(each) && each.protocol !== 'kernel',
        neighbours: permanent,
        nexthops: on,
      },
    });
  if (typeof to('mtu') === 'number' && (to('mtu') as number) < LEAST_IPV6 && (link.mtu ?? 0) >= LEAST_IPV6)
    effects.push({
      cause: `mtu ${String(to('mtu'))} of link ${name}: IPv6 needs ${LEAST_IPV6}`,
      lost: {
        addresses: (each: Address) => on(each) && each.family === 6,
        routes: (each: Route) => on(each) && each.family === 6 && each.protocol !== 'kernel',
      },
    });
  if (changes?.has('master') === true && [link.master, to('master')].some((master) => isVrf(master, state)))
    effects.push({
      cause: `the new master of link ${name}`,
      lost: {
        addresses: (each: Address) => on(each) && each.family === 6 && !/^fe[89ab]/.test(each.address),
        routes: (each: Route) => on(each) && each.protocol !== 'kernel',
        neighbours: permanent,
      },
    });
  if (changes?.has('mac') === true || to('arp') === false)
    effects.push({ cause: `the change of link ${name}`, lost: { neighbours: permanent } });
  return effects;
}

function isVrf(name: unknown, state: State): boolean {
  return ((state.objects.links ?? []) as readonly Link[]).some((link) => link.name === name && link.kind === 'vrf');
}

/** Returns a test for objects that the document lists; it enters a table when the first of its objects is tested. */
function listedTest(models: DocumentModels, { links, objects }: ParsedDocument): (table: DocumentTable, object: object) => boolean {
  const tables = new Map<DocumentTable, ReadonlyMap<string, readonly Wanted[]>>();
  const listed = (table: DocumentTable): readonly ParsedObject[] => {
    if (table === 'routes' || table === 'nexthops') return objects[table] ?? [];
    return table === 'addresses' || table === 'neighbours' ? links.flatMap(({ lists }) => lists[table] ?? []) : [];
  };
  const slotsOf = (table: DocumentTable): ReadonlyMap<string, readonly Wanted[]> => {
    const slots = new Map<string, Wanted[]>();
    for (const { key } of listed(table)) {
      const slot = models[table].slot(key);
      const group = slots.get(slot);
      if (group === undefined) slots.set(slot, [key]);
      else group.push(key);
    }
    tables.set(table, slots);
    return slots;
  };
  return (table, object) => {
    const keys = (tables.get(table) ?? slotsOf(table)).get(models[table].slot(object)) ?? [];
    return keys.some((key) => models[table].matches(object, key));
  };
}

function isOver({ link, hops = [] }: Route, name: string): boolean {
  return link === name || hops.some((hop) => hop.link === name);
}

function hostOf(address: string): string {
  return address.split('/')[0]!;
}

/** Returns the network of an IPv4 address. */
function networkOf({ address, peer }: Pick<Address, 'address' | 'peer'>): string {
  const [host, length = '32'] = (peer ?? address).split('/') as [string, string?];
  const number = host.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return `${Math.floor(number / 2 ** (32 - Number(length)))}/${length}`;
}

function counted(noun: string, count: number): string {
  return count === 1 ? `1 ${noun} goes` : `${count} ${noun}${noun.endsWith('s') ? 'es' : 's'} go`;
}

function shown(names: readonly string[]): string {
  const more = names.length - NAMED;
  return names.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
