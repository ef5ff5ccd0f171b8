import { catchError, concat, concatMap, EMPTY, from, ignoreElements, mergeMap, type Observable } from 'rxjs';
import { isKernelError } from '../../../../errors/index.js';
import type { NetworkClients } from '../../../clients.js';
import { FieldError } from '../../../common/field-error.js';
import { kindHint, type TrafficSort } from '../../../traffic/kind-filter.js';
import type { SiteChange } from '../../site.js';
import type { State } from '../planned-change.js';
import { kernelFunctions } from './kernel-functions.js';
import { mayLoad } from './modules.js';

/** LOOPBACK_IFINDEX */
const LOOPBACK = 1;

/** TC_H_ROOT */
const ROOT = 0xffff_ffff;

/** The functions of the kernel that compare a packet with a filter of a kind. */
const CLASSIFY: Readonly<Record<string, string>> = {
  basic: 'basic_classify',
  bpf: 'cls_bpf_classify',
  cgroup: 'cls_cgroup_classify',
  flow: 'flow_classify',
  flower: 'fl_classify',
  fw: 'fw_classify',
  matchall: 'mall_classify',
  route: 'route4_classify',
  u32: 'u32_classify',
};

/**
 * Checks the kinds of qdiscs, filters and actions that a plan writes and that the kernel does not show in use. Emits nothing, then completes.
 *
 * For qdiscs and actions it asks the kernel, which looks up a kind first; each request fails in any case. There is no such request for
 * filters without a qdisc that has them.
 *
 * @param states - The states of all namespaces, that of the client first.
 * @throws FieldError `unsupported` as the error signal, if the kernel has no such kind, and cannot load it.
 * @internal
 */
export function requireTrafficKinds({ tc }: NetworkClients, changes: readonly SiteChange[], states: readonly State[]): Observable<never> {
  const { qdiscs, filters, actions } = newKinds(changes);
  const used = states.map(({ objects }) => objects);
  for (const { kind } of used.flatMap((objects) => (objects.qdiscs ?? []) as readonly Kinded[])) qdiscs.delete(kind);
  if (filters.size + actions.size > 0)
    for (const filter of used.flatMap((objects) => (objects.filters ?? []) as readonly Kinded[])) {
      filters.delete(filter.kind);
      for (const { kind } of actionsOf(filter)) actions.delete(kind);
    }
  // A new qdisc makes the kernel correct a queue without a length.
  if (!hasQueue(states[0]!)) qdiscs.clear();
  return concat(
    requireEach(qdiscs, 'qdiscs', 'sch_', (kind) => {
      // The index 0 of a block makes it fail, before Linux 4.16 the empty size table.
      const request = { family: 0, ifindex: LOOPBACK, handle: 0, parent: ROOT, info: 0, kind: kind as never, ingressBlock: 0, stab: {} };
      return tc.do('newqdisc', request, { create: true, exclusive: true });
    }),
    requireFilters(filters),
    // An action without options is incomplete.
    requireEach(actions, 'actions', 'act_', (kind) => tc.do('newaction', { tab: [{ kind: kind as never }] }, { create: true })),
  );
}

/** Maps each kind that a plan writes to its first place. */
function newKinds(changes: readonly SiteChange[]): Readonly<Record<'qdiscs' | 'filters' | 'actions', Map<string, string>>> {
  const [qdiscs, filters, actions] = [new Map<string, string>(), new Map<string, string>(), new Map<string, string>()];
  for (const { change } of changes.filter(({ change: { table } }) => table === 'qdiscs' || table === 'filters')) {
    const { table, wanted, path } = change;
    if (wanted === undefined) continue;
    if (table === 'qdiscs') note(qdiscs, wanted, `${path}.kind`);
    if (table !== 'filters') continue;
    note(filters, wanted, `${path}.kind`);
    for (const [index, action] of actionsOf(wanted).entries()) note(actions, action, `${path}.actions[${index}]`);
  }
  return { qdiscs, filters, actions };
}

/** Returns true if the queue of the loopback link has a length. */
function hasQueue({ objects }: State): boolean {
  const links = objects.links as readonly { readonly index: number; readonly txQueueLength?: number }[];
  return links.some(({ index, txQueueLength = 0 }) => index === LOOPBACK && txQueueLength > 0);
}

function requireFilters(places: ReadonlyMap<string, string>): Observable<never> {
  const doubtful = [...places].filter(([kind]) => CLASSIFY[kind] !== undefined && !mayLoad('modules.dep', new RegExp(`/cls_${kind}\\.ko`)));
  if (doubtful.length === 0) return EMPTY;
  return kernelFunctions().pipe(
    mergeMap((has) => {
      const lacking = doubtful.find(([kind]) => !has(CLASSIFY[kind]!));
      if (lacking !== undefined) throw missing(lacking[1], 'filters', lacking[0], 'cls_');
      return EMPTY;
    }),
  );
}

function requireEach(
  places: ReadonlyMap<string, string>,
  what: TrafficSort,
  module: string,
  ask: (kind: string) => Observable<unknown>,
): Observable<never> {
  return from(places).pipe(
    concatMap(([kind, path]) =>
      ask(kind).pipe(
        catchError((error: unknown) => {
          if (isKernelError(error, 'ENOENT')) throw missing(path, what, kind, module);
          if (isKernelError(error)) return EMPTY;
          throw error;
        }),
      ),
    ),
    ignoreElements(),
  );
}

function missing(path: string, what: TrafficSort, kind: string, module: string): FieldError {
  const text = `this kernel has no ${what} of kind '${kind}', and no module ${module}${kind}${kindHint(what, kind)}`;
  return new FieldError(path, text, 'unsupported');
}

interface Kinded {
  readonly kind: string;
}

const actionsOf = (filter: object): readonly Kinded[] => (filter as { readonly actions?: readonly Kinded[] }).actions ?? [];

/** Keeps the first place of a kind. */
function note(places: Map<string, string>, object: object, path: string): void {
  const { kind } = object as Partial<Kinded>;
  if (kind !== undefined && !places.has(kind)) places.set(kind, path);
}
