import { catchError, concatMap, defer, EMPTY, forkJoin, from, map, type Observable } from 'rxjs';
import { normalise } from '../../fields/shape.js';
import type { LinkNames } from '../../names/link-names.js';
import { sameValue } from '../../../live/internal.js';
import type { Step } from '../../tables/step.js';
import type { Wanted } from '../../tables/table-model.js';
import type { DocumentModels, DocumentTable, State } from '../plan/planned-change.js';
import type { Site } from '../site.js';
import { isClsact, ownedBy, topmost, trafficOf, type FoundTraffic } from '../traffic/found-traffic.js';

const TABLES = ['qdiscs', 'classes', 'filters'] as const;

/** The traffic control of all links at one moment. @internal */
export type TrafficObjects = Pick<State, 'objects'>;

/** Reads the traffic control of all links. @internal */
export function readTraffic({ models }: Site, names: LinkNames): Observable<TrafficObjects> {
  return forkJoin(TABLES.map((table) => models[table].read(names))).pipe(
    map(([qdiscs, classes, filters]) => ({ objects: { qdiscs: qdiscs!, classes: classes!, filters: filters! } })),
  );
}

/** Returns the links whose traffic control differs from that of before. @internal */
export function trafficChanges({ models }: Site, links: readonly string[], before: TrafficObjects, now: TrafficObjects): readonly string[] {
  const content = (found: FoundTraffic): unknown =>
    TABLES.map((table) => found[table].map((object) => JSON.stringify(normalise(models[table].shape, object))).sort());
  return links.filter((link) => !sameValue(content(trafficOf(link, before, models)), content(trafficOf(link, now, models))));
}

/** Deletes the traffic control of a link, and writes that of before. The next comparison shows failures. @internal */
export function restoreTraffic(
  { models }: Site,
  link: string,
  before: TrafficObjects,
  now: TrafficObjects,
  names: LinkNames,
  send: (steps: readonly Step[]) => Observable<never>,
): Observable<never> {
  const present = trafficOf(link, now, models);
  const wanted = trafficOf(link, before, models);
  const removals = topsOf(present).map((qdisc) => (): readonly Step[] => models.qdiscs.remove(qdisc));
  const additions = topsOf(wanted).flatMap((qdisc) => treeSteps(models, wanted, qdisc, names));
  return from([...removals, ...additions]).pipe(concatMap((steps) => defer(() => send(steps())).pipe(catchError(() => EMPTY))));
}

function topsOf(found: FoundTraffic): readonly object[] {
  return [...topmost(found), ...found.qdiscs.filter(isClsact)];
}

/** Returns the requests for a qdisc and all that belongs to it. */
function treeSteps(models: DocumentModels, found: FoundTraffic, qdisc: object, names: LinkNames): readonly (() => readonly Step[])[] {
  const create = (table: DocumentTable, object: object) => (): readonly Step[] =>
    models[table].create(normalise(models[table].shape, object), names);
  const { classes, children, filters } = ownedBy(found, qdisc);
  return [
    create('qdiscs', qdisc),
    ...parentsFirst(classes).map((each) => create('classes', each)),
    ...children.flatMap((child) => treeSteps(models, found, child, names)),
    ...filters.map((filter) => create('filters', filter)),
  ];
}

function parentsFirst(classes: readonly object[]): readonly object[] {
  const byHandle = new Map(classes.map((each) => [(each as Wanted)['handle'], each]));
  const depth = (object: object | undefined): number => (object === undefined ? 0 : 1 + depth(byHandle.get((object as Wanted)['parent'])));
  return [...classes].sort((one, other) => depth(one) - depth(other));
}
