import type { Link } from '../../links/link.js';
import { normalise } from '../../fields/shape.js';
import type { TableModel, Wanted } from '../../tables/table-model.js';
import { withRateTexts } from '../../traffic/bare-rate.js';
import { parseHandle, type Handle } from '../../traffic/handle.js';
import { sameValue } from '../../../live/internal.js';
import type { DocumentModels, State } from '../plan/planned-change.js';
import { initialOptionsOf } from '../traffic/complete-options.js';
import type { QueueOfLink } from '../traffic/default-options.js';
import { isClsact, ownedBy, topmost, trafficOf, type FoundTraffic, type OwnedTraffic } from '../traffic/found-traffic.js';
import { queueOf } from '../traffic/traffic-link.js';
import { WITH_CREATED_CLASSES } from '../traffic/tree-node.js';

type Values = Readonly<Record<string, unknown>>;

/** The facts that each level of a tree needs. */
interface Context {
  readonly models: DocumentModels;
  readonly queue: QueueOfLink;
  readonly found: FoundTraffic;
}

/** The first numbers that the kernel gives to filters of a priority. */
const FIRST: Values = { u32: 0x800, flower: 1, matchall: 1, basic: 1, bpf: 1, cgroup: 1 };

/** The kernel gives handles from 8001: on (`qdisc_alloc_handle`). */
const FIRST_CHOSEN = 0x8001_0000;

/** Returns the properties `qdisc` and `clsact` of a link, as far as it has such qdiscs. @internal */
export function exportTrees(models: DocumentModels, state: State, link: Link): Values {
  const found = trafficOf(link.name, state, models);
  const context = { models, queue: queueOf(link), found };
  const root = topmost(found).find((qdisc) => (qdisc as Wanted)['parent'] === 'root');
  const sides = found.qdiscs.find(isClsact);
  return {
    ...(root !== undefined && { qdisc: withRateTexts(treeOf(context, root)) }),
    ...(sides !== undefined && { clsact: withRateTexts(clsactOf(context, sides)) }),
  };
}

function clsactOf({ models, found }: Context, qdisc: object): Values {
  const { kind } = qdisc as { readonly kind: string };
  const { filters } = ownedBy(found, qdisc);
  const side = (name: string): Values => filtersOf(models, filters, name, name);
  return { ...(kind !== 'clsact' && { kind }), ...side('ingress'), ...side('egress') };
}

function treeOf(context: Context, qdisc: object): Values {
  const { models, queue, found } = context;
  const owned = ownedBy(found, qdisc);
  const { handle, kind } = qdisc as { readonly handle: string; readonly kind: string };
  const classes = WITH_CREATED_CLASSES.has(kind) ? classesOf(context, owned, qdisc, handle) : placesOf(context, owned, kind);
  const filters = filtersOf(models, owned.filters, handle, 'filters');
  const { parent: _parent, handle: _handle, ...values } = withoutDefaults('qdiscs', models.qdiscs, qdisc, { queue, qdisc: {} });
  const isNamed = classes.length > 0 || filters['filters'] !== undefined || parseHandle(handle) < FIRST_CHOSEN;
  return { ...(isNamed && { handle }), ...values, ...(classes.length > 0 && { classes }), ...filters };
}

function classesOf(context: Context, owned: OwnedTraffic, qdisc: object, above: string): readonly Values[] {
  const { models, queue } = context;
  const options = (qdisc as Wanted)[(qdisc as Wanted)['kind'] as string] as Values | undefined;
  const own = owned.classes.filter((one) => (one as Wanted)['parent'] === above);
  const byHandle = [...own].sort((one, other) => ((one as { handle: string }).handle < (other as { handle: string }).handle ? -1 : 1));
  return byHandle.map((one) => {
    const { handle } = one as { readonly handle: string };
    const inner = classesOf(context, owned, qdisc, handle);
    const child = owned.children.find((each) => (each as Wanted)['parent'] === handle);
    const { parent: _parent, ...values } = withoutDefaults('classes', models.classes, one, { queue, qdisc: options ?? {} });
    return {
      ...(inner.length > 0 ? withoutQuantum(values) : values),
      ...(inner.length > 0 && { classes: inner }),
      ...filtersOf(models, owned.filters, handle, 'filters'),
      ...(child !== undefined && { qdisc: treeOf(context, child) }),
    };
  });
}

/** Inner classes do not use it, and the kernel keeps the value from before. */
function withoutQuantum({ htb, ...values }: Values): Values {
  const { quantum: _unused, ...options } = (htb ?? {}) as Values;
  return { ...values, htb: options };
}

const parentOf = (qdisc: object): Handle => (qdisc as { readonly parent: Handle }).parent;

/** Returns the qdiscs below one that has its classes by itself. The kernel lists them in an order of its own. */
function placesOf(context: Context, { children }: OwnedTraffic, kind: string): readonly Values[] {
  const places = [...children].sort((one, next) => parseHandle(parentOf(one)) - parseHandle(parentOf(next)));
  return places.map((child) => ({ handle: parentOf(child), kind, qdisc: treeOf(context, child) }));
}

function filtersOf(models: DocumentModels, filters: readonly object[], parent: string, name: string): Values {
  const own = filters.filter((filter) => (filter as Wanted)['parent'] === parent);
  if (own.length === 0) return {};
  const counts = new Map<string, number>();
  const list = own.map((filter) => {
    const { parent: _parent, handle, chain, protocol, ...values } = written(models.filters, filter);
    const group = JSON.stringify([chain, values['priority']]);
    const count = counts.get(group) ?? 0;
    counts.set(group, count + 1);
    const first = FIRST[values['kind'] as string];
    const isNext = first !== undefined && numberOf(handle) === (first as number) + count;
    return {
      ...values,
      ...(chain !== 0 && { chain }),
      ...(protocol !== impliedProtocol(models, values) && { protocol }),
      ...(!isNext && { handle }),
    };
  });
  return { [name]: list };
}

function impliedProtocol({ filters }: DocumentModels, values: Values): unknown {
  return filters.complete?.({ ...values })['protocol'] ?? 'all';
}

/** Returns the number of a filter in its priority. */
function numberOf(handle: unknown): number {
  return typeof handle === 'string' ? Number.parseInt(handle.slice(handle.lastIndexOf(':') + 1), 16) : Number(handle);
}

function withoutDefaults(
  table: 'qdiscs' | 'classes',
  model: TableModel<object>,
  object: object,
  context: { readonly queue: QueueOfLink; readonly qdisc: Values },
): Values {
  const values = written(model, object);
  const kind = values['kind'] as string;
  const options = values[kind] as Values | undefined;
  if (options === undefined) return values;
  const initial = initialOptionsOf(table, kind, options, context);
  const equal = model.equal ?? {};
  const left = Object.entries(options).filter(([name, value]) => {
    const path = `${kind}.${name}`;
    if (!Object.hasOwn(initial, name)) return true;
    return !(equal[path]?.(initial[name], value, object) ?? sameValue(initial[name], value));
  });
  // Of the limit and the latency of tbf, one follows from the other.
  const chosen = kind === 'tbf' ? left.filter(([name]) => name !== 'latency') : left;
  const { [kind]: _all, ...others } = values;
  return { ...others, ...(chosen.length > 0 && { [kind]: Object.fromEntries(chosen) }) };
}

function written(model: TableModel<object>, object: object): Values {
  const { link: _link, ...values } = normalise<Values>(model.shape, object) as Values;
  return values;
}
