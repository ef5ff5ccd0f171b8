import { existsSync } from 'node:fs';
import { catchError, concat, defer, forkJoin, map, mergeMap, of, tap, throwError, type Observable } from 'rxjs';
import { each, inSlices, type Work } from '../../common/slices.js';
import type { Netns } from '../../common/netns.js';
import { FieldError } from '../../common/field-error.js';
import { peerOf } from '../../links/parts/remote-peer.js';
import { DIRECTORY } from '../../namespaces/namespace.js';
import { withoutNamespace } from '../../namespaces/name-errors.js';
import { readName } from '../../namespaces/read-namespaces.js';
import type { NetworkDocument } from '../document.js';
import type { ParsedDocument } from '../parse/parsed-document.js';
import { joined, located, workAt } from '../parse/path.js';
import { readDocument } from '../parse/read-document.js';
import { netnsName, type Site, type SiteChange, type Sites } from '../site.js';
import { emptyState, readState } from '../state/read-state.js';
import { inNetns, marked } from './in-netns.js';
import { makePlan } from './make-plan.js';
import { planFirewallPart, type FirewallChange, type FirewallPart } from './plan-firewall-part.js';
import { planElsewhere } from './links/plan-elsewhere.js';
import { planNamespace } from './plan-namespace.js';
import { Basis, type Plan, type PlanDifference } from './plan.js';
import type { NamespacePlan, PlannedChange, State } from './planned-change.js';
import { requireLinkKinds } from './kinds/require-link-kinds.js';
import { requireTrafficKinds } from './kinds/require-traffic-kinds.js';

/** A plan with the changes that make it true. @internal */
export interface Planned {
  readonly plan: Plan;
  /** The changes of all namespaces; in each phase the order of the list counts. */
  readonly changes: readonly SiteChange[];
  /** The firewalls that differ; each is written in one transaction behind the changes. */
  readonly firewalls: readonly FirewallChange[];
  /** The names of the network namespaces to create before all changes. */
  readonly created: readonly string[];
  /** The names of those to delete at the end. */
  readonly deleted: readonly string[];
}

/** A namespace with its document and what was read in it. */
interface Part {
  readonly site: Site;
  /** The path of its document: `namespaces.blue`. */
  readonly path: string;
  readonly parsed: ParsedDocument;
  readonly state: State;
  readonly isNew: boolean;
  readonly firewall: FirewallPart | undefined;
}

/** A new namespace has the loopback link, and the kernel may create fallback tunnels in it. */
const LOOPBACK = 'lo';

/** Reads the namespaces of a document, and compares them with it. Nothing is written. @internal */
export function planDocument(sites: Sites, document: NetworkDocument): Observable<Planned> {
  return planner(sites, document)();
}

/** Returns a function that plans a document again and again; it is parsed once. @internal */
export function planner(sites: Sites, document: NetworkDocument): () => Observable<Planned> {
  let known: ParsedDocument | undefined;
  const parsing = inSlices(() => readDocument(sites.own.models, document)).pipe(tap((parsed) => (known = parsed)));
  return () => defer(() => (known === undefined ? parsing : of(known))).pipe(mergeMap((parsed) => planParsed(sites, document, parsed)));
}

function planParsed(sites: Sites, document: NetworkDocument, outer: ParsedDocument): Observable<Planned> {
  return defer(() => {
    const inner = [...outer.namespaces].flatMap(([name, parsed]) => (parsed === null ? [] : [{ name, parsed }]));
    const deleted = [...outer.namespaces].flatMap(([name, parsed]) => (parsed === null && exists(name) ? [name] : []));
    const created = inner.filter(({ name }) => !exists(name)).map(({ name }) => name);
    requireNamespaces(outer, '', created);
    for (const { name, parsed } of inner) requireNamespaces(parsed, `namespaces.${name}.`, created);
    const own = readPart(sites.own, '', outer, false);
    const others = inner.map(({ name, parsed }) => readPart(sites.of(name), `namespaces.${name}`, parsed, created.includes(name)));
    return forkJoin([forkJoin([own, ...others]), readElsewhere(sites, outer)]).pipe(
      mergeMap(([parts, elsewhere]) => inSlices(() => planParts(document, sites, parts, elsewhere, created, deleted))),
      mergeMap((planned) => requireLinkKinds(newLinks(planned, sites.own)).pipe(map(() => planned))),
      mergeMap((planned) => {
        const states = planned.plan[Basis] as readonly State[];
        return concat(requireTrafficKinds(sites.own.clients, planned.changes, states), of(planned));
      }),
    );
  });
}

function readPart(site: Site, path: string, parsed: ParsedDocument, isNew: boolean): Observable<Part> {
  const reading = isNew ? of(emptyState(parsed)) : readState(site.models, parsed);
  const firewall = parsed.firewall === undefined ? of(undefined) : planFirewallPart(site, parsed.firewall, isNew);
  return forkJoin({ state: reading, firewall }).pipe(
    map((read) => ({ site, path, parsed, isNew, ...read })),
    catchError((error: unknown) => throwError(() => located(path, error))),
  );
}

/** Reads the links of the namespaces in which links of the document are, and which have no document. */
function readElsewhere(sites: Sites, { links, namespaces }: ParsedDocument): Observable<ReadonlyMap<string, State>> {
  const others = new Map(links.flatMap(({ netns }) => (netns === undefined ? [] : [[netnsName(netns), netns] as const])));
  const unread = [...others].filter(([name]) => !namespaces.has(name));
  if (unread.length === 0) return of(new Map());
  const none: ParsedDocument = { document: { version: 1 }, links: [], objects: {}, owns: {}, namespaces: new Map() };
  const reading = unread.map(([name, netns]) => readState(sites.of(netns).models, none).pipe(map((state) => [name, state] as const)));
  return forkJoin(reading).pipe(map((states) => new Map(states)));
}

function* planParts(
  document: NetworkDocument,
  sites: Sites,
  parts: readonly Part[],
  elsewhere: ReadonlyMap<string, State>,
  created: readonly string[],
  deleted: readonly string[],
): Work<Planned> {
  const [own] = parts as readonly [Part];
  const made = madeLinks(parts);
  const plans: NamespacePlan[] = [];
  for (const { site, path, parsed, state, isNew } of parts) {
    const names = new Set([...(made.get(site.netns) ?? []), ...(isNew ? [LOOPBACK] : [])]);
    plans.push(yield* workAt(path, () => planNamespace({ ...site, made: names }, parsed, state)));
  }
  const remote = own.parsed.links.flatMap((link) => {
    if (link.netns === undefined) return [];
    const name = netnsName(link.netns);
    const part = parts.find(({ site }) => site.netns === name);
    return planElsewhere(link, own.site, sites.of(link.netns), part?.state ?? elsewhere.get(name));
  });
  const changes: SiteChange[] = [];
  const differences: PlanDifference[] = [];
  const add = (given: SiteChange): void => {
    const change = named(given);
    changes.push(change);
    differences.push(change.change.difference);
  };
  for (const [index, plan] of plans.entries()) {
    yield* each(plan.changes, (change) => {
      add(placed(parts[index]!, change));
    });
    // A link in another namespace needs its parent, and is there before the rest of that namespace is written.
    if (index === 0) remote.forEach(add);
  }
  const firewalls = parts.flatMap(({ firewall, path, state }, index): FirewallChange[] => {
    if (firewall === undefined || firewall.differences.length === 0) return [];
    const isMade = (link: string): boolean => state.names.indexOf(link) === undefined && plans[index]!.isLink(link);
    return [{ ...firewall, path, isMade }];
  });
  const plan = makePlan(document, {
    differences: [
      ...created.map((name) => ({ table: 'namespaces', action: 'add', name, text: `+ namespace ${name}` }) as const),
      ...differences,
      ...firewalls.flatMap(({ site, differences }) => differences.map((difference) => inNetns(difference, site.netns))),
      ...deleted.map((name) => ({ table: 'namespaces', action: 'delete', name, text: `- namespace ${name}` }) as const),
    ],
    conflicts: plans.flatMap(({ conflicts }, index) => conflicts.map((each) => inNetns(each, parts[index]!.site.netns))),
    effects: plans.flatMap(({ effects }, index) => effects.map((text) => marked(text, parts[index]!.site.netns))),
    basis: plans.map(({ state }) => state),
  });
  return { plan, changes, firewalls, created, deleted };
}

/** Returns the links that come to be in other namespaces with those of a document, by the namespace. */
function madeLinks(parts: readonly Part[]): ReadonlyMap<string | undefined, readonly string[]> {
  const made = new Map<string | undefined, string[]>();
  const add = (netns: string, name: string): void => void made.set(netns, [...(made.get(netns) ?? []), name]);
  for (const { parsed } of parts)
    for (const { wanted, netns, name } of parsed.links) {
      const peer = peerOf(wanted);
      if (peer?.netns !== undefined) add(netnsName(peer.netns), peer.name);
      if (netns !== undefined) add(netnsName(netns), name);
    }
  return made;
}

/** Returns a change with its place in the whole document. */
function placed({ site, path }: Part, change: PlannedChange): SiteChange {
  return { site, change: path === '' ? change : { ...change, path: joined(path, change.path) } };
}

function named(given: SiteChange): SiteChange {
  const { site, change } = given;
  return site.netns === undefined ? given : { site, change: { ...change, difference: inNetns(change.difference, site.netns) } };
}

/** Returns the new links. A kind is known in all namespaces: one that does not exist cannot be asked. */
function newLinks({ changes, created }: Planned, own: Site): readonly SiteChange[] {
  return changes
    .filter(({ change }) => change.action === 'add' && change.table === 'links')
    .map(({ site, change }) => ({ site: created.includes(site.netns ?? '') ? own : site, change }));
}

/** @throws FieldError `missing` if a link shall be in a network namespace that neither exists nor is created. */
function requireNamespaces({ links }: ParsedDocument, place: string, created: readonly string[]): void {
  for (const { path, netns, wanted } of links) {
    const places: readonly (readonly [property: string, netns: Netns | undefined])[] = [
      ['netns', netns],
      [`${wanted['kind'] as string}.peer.netns`, peerOf(wanted)?.netns],
    ];
    for (const [property, name] of places) {
      const text = name === undefined ? undefined : missingText(name, created);
      if (text !== undefined) throw new FieldError(`${place}${path}.${property}`, text, 'missing');
    }
  }
}

/** Returns the text about a network namespace that neither exists nor is created; undefined for others. */
function missingText(netns: Netns, created: readonly string[]): string | undefined {
  if (typeof netns !== 'string') {
    if (!('pid' in netns) || existsSync(`/proc/${netns.pid}`)) return undefined;
    return `process ${netns.pid} does not exist, or /proc does not show it`;
  }
  if (netns.includes('/')) return existsSync(netns) ? undefined : `there is no file '${netns}'`;
  if (created.includes(netns) || exists(netns)) return undefined;
  return `no network namespace is named '${netns}', and the document creates none; list it in namespaces`;
}

/** @throws FieldError if a file that is not a namespace has the name of one to create @internal */
export function requireFree(name: string): void {
  const found = readName(DIRECTORY, name);
  if (found?.isNamespace === false) throw new FieldError(`namespaces.${name}`, withoutNamespace(found.path), 'conflict');
}

function exists(name: string): boolean {
  return readName(DIRECTORY, name)?.isNamespace === true;
}
