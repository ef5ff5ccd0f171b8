import { catchError, concat, concatMap, defer, EMPTY, from, ignoreElements, map, mergeMap, of, toArray, type Observable } from 'rxjs';
import { Row } from '../../common/written.js';
import { type LinkNames } from '../../names/link-names.js';
import { normalise } from '../../fields/shape.js';
import { compare, type Change } from '../../tables/compare.js';
import { difference } from '../../tables/difference.js';
import type { Step } from '../../tables/step.js';
import type { Wanted } from '../../tables/table-model.js';
import { untilSettled } from '../apply/settle.js';
import type { Site, SiteChange } from '../site.js';
import { inNetns } from '../plan/in-netns.js';
import type { PlanDifference } from '../plan/plan.js';
import type { DocumentTable } from '../plan/planned-change.js';
import { carrierSteps, derivedTest } from './derived-addresses.js';
import { linkChanges, restoreLinks, type LinkChanges } from './restore-links.js';
import { rowChanges, rowSteps, type RowChanges } from './row-changes.js';
import type { RowTable } from './row-table.js';
import { readTraffic, restoreTraffic, trafficChanges, type TrafficObjects } from './restore-traffic.js';
import type { Address } from '../../addresses/address.js';
import type { Link } from '../../links/link.js';
import { deviceSteps, readWireguardDevices, type WrittenDevices } from './wireguard-devices.js';
import { readLinks, ROW_TABLES, takeSnapshot, type Snapshot } from './snapshot.js';

/** The most comparisons: a written row may change other rows again. */
const ROUNDS = 5;

/** Returns true for an object that was written since the snapshot, and not by another process. @internal */
export type IsOwn = (table: DocumentTable, object: object) => boolean;

/**
 * Writes a namespace back as it was; emits what still differs.
 *
 * It compares the rows of now with those of before, and never inverts writes: the kernel deletes and changes other objects along with a
 * write, whosever they are.
 *
 * @param settle - The longest time to wait for addresses that are tentative, in milliseconds.
 * @param written - The devices of WireGuard that are written back.
 * @internal
 */
export function restore(before: Snapshot, isOwn: IsOwn, settle: number, written: WrittenDevices): Observable<readonly PlanDifference[]> {
  const round = (number: number): Observable<readonly PlanDifference[]> =>
    restoreOnce(before, isOwn, settle, written, number > 1).pipe(
      // The first round omits what the kernel derives from other links: without it, that may be all that differs.
      mergeMap((count) => ((count > 0 || number === 1) && number < ROUNDS ? round(number + 1) : remaining(before, isOwn, written))),
    );
  return defer(() => round(1));
}

/** Restores each table once; emits the number of requests. */
function restoreOnce(before: Snapshot, isOwn: IsOwn, settle: number, written: WrittenDevices, all: boolean): Observable<number> {
  const { site, links, rows, traffic } = before;
  const linkRound = readLinks(site).pipe(
    mergeMap(({ links: now, names }) => {
      const changes = linkChanges(site, links, now, (link) => isOwn('links', link), all);
      const count = changes.removed.length + changes.added.length + changes.changed.length;
      return concat(restoreLinks(site, changes, names, sendOneByOne), sendBatch(carrierSteps(site, links, changes)), of(count));
    }),
  );
  const rowRound = (table: RowTable): Observable<number> =>
    differing(site, table, rows.get(table)!, isOwn).pipe(
      mergeMap((changes) => {
        const steps = rowSteps(table, site.clients, changes, all);
        const wait = table.table === 'addresses' && steps.length > 0 ? untilSettled(site, settle).pipe(catchError(() => EMPTY)) : EMPTY;
        return concat(sendBatch(steps), wait, of(steps.length));
      }),
    );
  const trafficRound = defer(() => (traffic === undefined ? of(0) : restoreAllTraffic(site, links, traffic)));
  const deviceRound = defer(() => restoreDevices(before, written));
  return concat(linkRound, deviceRound, from(ROW_TABLES).pipe(concatMap((table) => rowRound(table))), trafficRound).pipe(
    toArray(),
    map((counts) => counts.reduce((sum, count) => sum + count, 0)),
  );
}

/** Writes the devices of WireGuard links back; emits the number of those that differed. */
function restoreDevices({ site, links, devices }: Snapshot, written: WrittenDevices): Observable<number> {
  return readWireguardDevices(site, links, (index) => written.has(index)).pipe(
    mergeMap((now) => {
      const steps = deviceSteps(site, devices, now, written);
      const writing = from(steps.values()).pipe(concatMap(sendOneByOne));
      // The last comparison reports what is left after a failure.
      return concat(writing.pipe(catchError(() => EMPTY)), of(steps.size));
    }),
  );
}

/** Restores the traffic control of links that were there before; emits the number of links. */
function restoreAllTraffic(site: Site, links: readonly Link[], before: TrafficObjects): Observable<number> {
  return site.names.all().pipe(
    mergeMap((names) =>
      readTraffic(site, names).pipe(
        mergeMap((now) => {
          const differing = trafficChanges(
            site,
            links.map(({ name }) => name),
            before,
            now,
          );
          const writing = from(differing).pipe(concatMap((link) => restoreTraffic(site, link, before, now, names, sendOneByOne)));
          return concat(writing, of(differing.length));
        }),
      ),
    ),
  );
}

/** Compares a table with its rows of before. */
function differing({ clients, names, models }: Site, table: RowTable, before: readonly object[], isOwn: IsOwn): Observable<RowChanges> {
  return names.all().pipe(
    mergeMap((links) =>
      table.read(clients).pipe(
        map((now) =>
          rowChanges(table, before, now, (row) => {
            const object = models[table.table].fromRow(row, links);
            return object !== undefined && isOwn(table.table, object);
          }),
        ),
      ),
    ),
  );
}

/** Reads everything again, and emits what differs. */
function remaining(before: Snapshot, isOwn: IsOwn, written: WrittenDevices): Observable<readonly PlanDifference[]> {
  const { site } = before;
  return takeSnapshot(site, before.traffic !== undefined, (index) => written.has(index)).pipe(
    map((now) => [
      ...linkDifferences(
        site,
        linkChanges(site, before.links, now.links, (link) => isOwn('links', link), true),
      ),
      ...[...deviceSteps(site, before.devices, now.devices, written).keys()].map((index) =>
        deviceDifference(
          site,
          before.links.find((link) => link.index === index)!,
        ),
      ),
      ...(before.traffic === undefined || now.traffic === undefined
        ? []
        : trafficChanges(
            site,
            before.links.map(({ name }) => name),
            before.traffic,
            now.traffic,
          ).map((link) => trafficDifference(site, link))),
      ...ROW_TABLES.flatMap((table) => {
        const own = (row: object): boolean => {
          const object = site.models[table.table].fromRow(row, now.names);
          return object !== undefined && isOwn(table.table, object);
        };
        const { removed, replaced, added } = rowChanges(table, before.rows.get(table)!, now.rows.get(table)!, own);
        const again = new Set(removed.filter((row) => before.rows.get(table)!.includes(row)));
        return [
          ...removed.filter((row) => !again.has(row)).map((row) => rowDifference(site, table, 'add', row, now.names)),
          ...replaced.map(([row, other]) => rowChange(site, table, row, other, before.names)),
          ...added.map((row) => rowDifference(site, table, 'delete', row, before.names)),
        ];
      }),
    ]),
  );
}

/** Differences are from the state of before to that of now: a link that was not created again is deleted. */
function linkDifferences(site: Site, { removed, added, changed }: LinkChanges): readonly PlanDifference[] {
  return [
    ...removed.map((link) => differenceIn(site, 'links', 'add', link)),
    ...changed.map(({ before, differences }) => differenceIn(site, 'links', 'change', before, differences)),
    ...added.map((link) => differenceIn(site, 'links', 'delete', link)),
  ];
}

/** The keys of WireGuard are in no text. */
function deviceDifference(site: Site, link: Link): PlanDifference {
  const made = difference(site.models.links, 'change', { ...link });
  return inNetns({ ...made, text: `${made.text}: wireguard` }, site.netns);
}

function trafficDifference({ netns }: Site, link: string): PlanDifference {
  const name = `traffic control of ${link}`;
  return inNetns({ table: 'qdiscs', action: 'change', name, text: `~ ${name}` }, netns);
}

function rowDifference(site: Site, { table }: RowTable, action: 'add' | 'delete', row: object, names: LinkNames): PlanDifference {
  return differenceIn(site, table, action, site.models[table].fromRow(row, names) ?? { [Row]: row });
}

function rowChange(site: Site, { table }: RowTable, before: object, now: object, names: LinkNames): PlanDifference {
  const model = site.models[table];
  const [was, is] = [before, now].map((row) => model.fromRow(row, names) ?? { [Row]: row }) as [object, object];
  const changes = [...compare(normalise(model.shape, was), is, model.equal)];
  return differenceIn(site, table, 'change', was, new Map(changes.map(([path, { from, to }]) => [path, { from: to, to: from }])));
}

function differenceIn(
  site: Site,
  table: DocumentTable,
  action: PlanDifference['action'],
  object: object,
  changes?: ReadonlyMap<string, Change>,
): PlanDifference {
  return inNetns(difference(site.models[table], action, { ...object }, changes), site.netns);
}

function sendOneByOne(steps: readonly Step[]): Observable<never> {
  return from(steps).pipe(
    concatMap((step) => ('task' in step ? step.task() : step.client.do(step.op as never, step.request as never, step.options))),
    ignoreElements(),
  );
}

/** Sends requests; the next comparison shows which of them the kernel rejected. */
function sendBatch(steps: readonly Step[]): Observable<never> {
  const [first] = steps;
  if (first === undefined || 'task' in first) return EMPTY;
  return first.client.batch(steps as never).pipe(ignoreElements());
}

/**
 * Returns a function that recognises the objects of changes that were begun, except those that others have created.
 *
 * @param links - The links before the changes.
 * @internal
 */
export function ownObjects(
  { site, links }: Pick<Snapshot, 'site' | 'links'>,
  begun: readonly SiteChange[],
  foreign: readonly SiteChange[],
): IsOwn {
  const isDerived = derivedTest(
    links,
    begun.filter((change) => change.site === site),
  );
  const isBegun = isObjectOf(site, begun);
  const isForeign = isObjectOf(site, foreign);
  const makesVrf = begun.some(({ change }) => change.table === 'links' && change.wanted?.['kind'] === 'vrf');
  return (table, object) => {
    // The kernel adds this rule with the first VRF, and keeps it after the last one.
    if (table === 'rules' && makesVrf && (object as { readonly l3mdev?: true }).l3mdev === true) return true;
    if (table === 'addresses' && isDerived(object as Address)) return true;
    return isBegun(table, object) && !isForeign(table, object);
  };
}

/** Returns a function that recognises the objects which changes want. */
function isObjectOf(site: Site, changes: readonly SiteChange[]): IsOwn {
  const bySlot = new Map<string, Wanted[]>();
  for (const { site: other, change } of changes) {
    if (other !== site || change.wanted === undefined) continue;
    const { slot, keyOf } = site.models[change.table];
    const key = `${change.table} ${slot(keyOf(change.wanted))}`;
    const group = bySlot.get(key);
    if (group === undefined) bySlot.set(key, [keyOf(change.wanted)]);
    else group.push(keyOf(change.wanted));
  }
  return (table, object) => {
    const { slot, matches } = site.models[table];
    const keys = bySlot.get(`${table} ${slot(object)}`) ?? [];
    return keys.some((key) => matches(object, key));
  };
}

/** Returns true for every object: all that was not there before is removed. @internal */
export const everyObject: IsOwn = (_table, object) => !isKernels(object);

function isKernels({ protocol }: { readonly protocol?: string }): boolean {
  return (
    protocol === 'kernel' || protocol === 'kernel-link-local' || protocol === 'kernel-ra' || protocol === 'ra' || protocol === 'redirect'
  );
}
