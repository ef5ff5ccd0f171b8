import { concatMap, from, map, reduce, type Observable } from 'rxjs';
import type { LinkSpec } from '../links/link.js';
import type { QdiscSpec } from '../qdiscs/qdisc.js';
import type { Difference } from '../tables/verbs.js';
import type { Change } from './run-changes.js';
import type { ShapeState, ShapeTables } from './shape-state.js';
import { madeQdiscs, outgoing } from './shape-tree.js';
import type { Shape } from './shape.js';

/** Emits the differences of a verb. @internal */
export type Written = Observable<readonly Difference[]>;

/** Makes a link as wanted. @internal */
export function ensureLink({ links }: ShapeTables, spec: LinkSpec): Written {
  return links.ensure(spec).pipe(map(({ changed }) => changed));
}

/** Makes a qdisc as wanted. @internal */
export function ensureQdisc({ qdiscs }: ShapeTables, spec: QdiscSpec): Written {
  return qdiscs.ensure(spec, { recreate: true }).pipe(map(({ changed }) => changed));
}

/** Deletes a qdisc, if it is there. @internal */
export function removeQdisc({ qdiscs }: ShapeTables, link: string, parent: 'root' | 'clsact'): Written {
  const found = qdiscs.ensureAbsent({ link, parent });
  return found.pipe(map((wasThere) => (wasThere ? [deleted('qdiscs', 'qdisc', `${parent} on ${link}`)] : [])));
}

/** Returns the difference of a deletion. @internal */
export function deleted(table: Difference['table'], noun: string, name: string): Difference {
  return { table, action: 'delete', name, text: `- ${noun} ${name}` };
}

/** Runs verbs one after the other; emits all differences. @internal */
export function all(verbs: readonly Written[]): Written {
  return from(verbs).pipe(
    concatMap((verb) => verb),
    reduce<readonly Difference[], readonly Difference[]>((found, more) => [...found, ...more], []),
  );
}

/** Returns the changes of the qdiscs for outgoing packets. @internal */
export function outgoingChanges(tables: ShapeTables, { link, qdiscs }: ShapeState, after: Shape): readonly Change[] {
  const before = madeQdiscs(qdiscs) as readonly QdiscSpec[];
  const wanted = outgoing(link.name, after);
  if (kindsOf(before) !== kindsOf(wanted)) {
    const exchange = (tree: readonly QdiscSpec[]): Written =>
      all([removeQdisc(tables, link.name, 'root'), ...tree.map((qdisc) => ensureQdisc(tables, qdisc))]);
    return [{ run: () => exchange(wanted), undo: () => exchange(before) }];
  }
  return wanted.map((qdisc, index) => ({
    run: () => ensureQdisc(tables, qdisc),
    undo: () => ensureQdisc(tables, before[index]!),
  }));
}

function kindsOf(tree: readonly QdiscSpec[]): string {
  return tree.map(({ kind }) => kind).join();
}
