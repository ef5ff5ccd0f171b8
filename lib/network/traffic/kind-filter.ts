import { suggestion } from '../../check/index.js';
import { tcSchema } from '../../families/tc.js';
import { FieldError } from '../common/field-error.js';
import { shown, type Check } from '../fields/check.js';
import { kindName, kindsOf } from '../fields/kind-name.js';

/** Kinds of filters; of two that are equally similar to a wrong one, the first is suggested. Linux 6.3 removed `rsvp`, `rsvp6` and `tcindex`. */
const FILTERS: readonly string[] = 'basic bpf cgroup flower flow fw matchall route rsvp rsvp6 tcindex u32'.split(' ');

/** Kinds of qdiscs that the specification of `tc` does not name. Linux 6.3 removed `atm`, `cbq` and `dsmark`. */
const WITHOUT_OPTIONS: readonly string[] = ['atm', 'blackhole', 'cake_mq', 'cbq', 'dsmark'];

/** Kinds of qdiscs that are not part of Linux, with names similar to those that are. */
const OUT_OF_TREE: readonly string[] = ['efq_codel', 'esfq', 'nfq_codel', 'wrr'];

type Kinds = () => readonly string[];

const filters: Kinds = () => FILTERS;

let allQdiscs: readonly string[] | undefined;

/** Returns the kinds of qdiscs; the specification is read when the first kind is checked. */
const qdiscs: Kinds = () => {
  const named = (): readonly string[] => kindsOf(tcSchema, 'options-msg').filter((kind) => !FILTERS.includes(kind));
  return (allQdiscs ??= [...named(), ...WITHOUT_OPTIONS, ...OUT_OF_TREE]);
};

/** Kinds with names that are not fixed: each link of `teql` has a number, and programs of BPF choose the name of their qdisc. */
const CHOSEN = /^(?:teql\d{1,10}|bpf_.{1,11})$/;

/** Accepts kinds of one sort; those of the other are an error. */
function kindOfSort(sort: string, own: Kinds, other: string, others: Kinds): { readonly kind: Check } {
  const similar = kindName(own);
  const kind: Check = (value, path) => {
    if (typeof value === 'string' && others().includes(value) && !own().includes(value))
      throw new FieldError(path, `${shown(value)} is a kind of ${other}, not of ${sort}`);
    return typeof value === 'string' && CHOSEN.test(value) ? value : similar(value, path);
  };
  return { kind };
}

/** The check of the kind in filters for qdiscs. @internal */
export const QDISC_KIND: Readonly<Record<string, Check>> = kindOfSort('qdisc', qdiscs, 'filter', filters);

/** The check of the kind in filters for classes, which have that of their qdisc. @internal */
export const CLASS_KIND: Readonly<Record<string, Check>> = kindOfSort('class', qdiscs, 'filter', filters);

/** The check of the kind of a filter of traffic control. The request for a filter of a kind that the specification does not name cannot be encoded. @internal */
export const FILTER_KIND: { readonly kind: Check } = kindOfSort('filter', filters, 'qdisc', qdiscs);

const KINDS: Readonly<Record<TrafficSort, Kinds>> = { qdiscs, filters, actions: () => kindsOf(tcSchema, 'act-options-msg') };

/** The objects of traffic control whose kinds are modules of the kernel. @internal */
export type TrafficSort = 'qdiscs' | 'filters' | 'actions';

/** Returns the question whether another kind is meant; `''` for a known kind, and for one that is similar to none. @internal */
export function kindHint(sort: TrafficSort, kind: string): string {
  const known = KINDS[sort]();
  return known.includes(kind) ? '' : suggestion(kind, known, '; ');
}
