import type { Change } from '../../tables/compare.js';
import type { Wanted } from '../../tables/table-model.js';
import type { PlannedChange } from '../plan/planned-change.js';
import { completeOptions } from './complete-options.js';
import { innerClasses, type OwnedTraffic } from './found-traffic.js';
import { addition, changeInPlace, changesTo, deletion, isRecreated, type TrafficContext } from './traffic-change.js';
import type { TreeNode, TreeObject } from './tree-node.js';

/** The changes of the classes of a qdisc. @internal */
export interface PlannedClasses {
  readonly changes: readonly PlannedChange[];
  /** The changes that need another qdisc, by path; the others do not count then. */
  readonly fixed: ReadonlyMap<string, Change>;
}

/** Returns the changes that make the classes of a qdisc equal to the wanted ones. @internal */
export function planClasses(context: TrafficContext, node: TreeNode, { classes: found, children }: OwnedTraffic): PlannedClasses {
  const { models } = context;
  const inner = innerClasses(node.classes.map(({ wanted }) => wanted));
  const innerBefore = innerClasses(found);
  const withQdisc = new Set(node.children.map(({ wanted }) => wanted['parent']));
  const changes: PlannedChange[] = [];
  const fixed = new Map<string, Change>();
  for (const one of node.classes) {
    const { handle } = one.wanted as { readonly handle: string };
    const there = found.find((other) => (other as Wanted)['handle'] === handle);
    if (there === undefined) {
      changes.push(addition(models, 'classes', one));
      continue;
    }
    const wanted = completeClass(context, one, inner.has(handle), there, node.wanted);
    const differing = changesTo(models, 'classes', wanted, there);
    // A class with classes below it takes no qdisc.
    const isLeaf = innerBefore.has(handle) && !inner.has(handle) && withQdisc.has(handle);
    if (isLeaf) fixed.set(`classes.${handle}.qdisc`, {});
    if (isRecreated(context, 'classes', wanted, there, differing))
      for (const [path, change] of differing) fixed.set(`classes.${handle}.${path}`, change);
    else if (differing.size > 0) changes.push(changeInPlace(models, 'classes', there, { ...one, wanted }, differing));
  }
  const listed = new Set(node.classes.map(({ wanted }) => wanted['handle']));
  const gone = innermostFirst(found.filter((one) => !listed.has((one as Wanted)['handle'])));
  const emptied = children.filter((qdisc) => {
    const place = (qdisc as Wanted)['parent'];
    // The qdisc of a class disappears with it, and with the first class below it.
    return !withQdisc.has(place) && (found.length === 0 || (listed.has(place) && !inner.has(place)));
  });
  const deletions = [...gone.map((one) => deletion(models, 'classes', one)), ...emptied.map((qdisc) => deletion(models, 'qdiscs', qdisc))];
  return { changes: [...changes, ...deletions], fixed };
}

function completeClass({ queue }: TrafficContext, one: TreeObject, isInner: boolean, found: object, qdisc: Wanted): Wanted {
  const options = (qdisc[qdisc['kind'] as string] ?? {}) as Wanted;
  const complete = completeOptions('classes', one.wanted, found, { queue, qdisc: options });
  const { htb } = complete as { readonly htb?: Wanted };
  if (!isInner || htb === undefined || (one.wanted['htb'] as Wanted | undefined)?.['quantum'] !== undefined) return complete;
  // The kernel keeps the quantum of a class that has got classes below it, and does not use it.
  const { quantum: _unused, ...others } = htb;
  return { ...complete, htb: others };
}

function innermostFirst(classes: readonly object[]): readonly object[] {
  const parents = new Map(classes.map((one) => [(one as Wanted)['handle'], (one as Wanted)['parent']]));
  const depth = (handle: unknown): number => (parents.has(handle) ? 1 + depth(parents.get(handle)) : 0);
  return [...classes].sort((one, other) => depth((other as Wanted)['handle']) - depth((one as Wanted)['handle']));
}
