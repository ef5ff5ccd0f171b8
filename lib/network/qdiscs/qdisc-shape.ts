import { FieldError } from '../common/field-error.js';
import { linkName, shown, type Check } from '../fields/check.js';
import { requireFields, type Shape } from '../fields/shape.js';
import type { Wanted } from '../tables/table-model.js';
import { handle, handleText, parseHandle, type Handle } from '../traffic/handle.js';
import { KindPart } from '../traffic/kind-part.js';
import { qdiscKinds } from './kinds/kinds.js';
import type { QdiscParent, QdiscState } from './qdisc.js';

/** TC_H_ROOT and TC_H_CLSACT (uapi/linux/pkt_sched.h). */
const PLACES: Readonly<Record<'root' | 'clsact', number>> = { root: 0xffff_ffff, clsact: 0xffff_fff1 };

/** The handle of every `clsact` and `ingress`. @internal */
export const CLSACT_HANDLE = 'ffff:';

/** The kinds at the place `clsact`. */
const CLSACT_KINDS: readonly unknown[] = ['clsact', 'ingress'];

/** The kind of a qdisc with its options. @internal */
export const qdiscKindPart: KindPart = new KindPart(qdiscKinds, 'qdisc');

/** Returns the words of a place. @internal */
export function placeOf(parent: number): QdiscParent {
  return parent === PLACES.root ? 'root' : parent === PLACES.clsact ? 'clsact' : handleText(parent);
}

/** Returns the number of a place. @internal */
export function placeNumber(parent: string): number {
  return parent === 'root' || parent === 'clsact' ? PLACES[parent] : parseHandle(parent);
}

const place: Check<QdiscParent> = (value, path) => {
  if (value === 'root' || value === 'clsact') return value;
  if (typeof value === 'string' && value.includes(':')) return placeOf(parseHandle(handle(value, path)));
  throw new FieldError(path, `expected 'root', 'clsact', or the class above, such as '1:10', not ${shown(value)}`);
};

/** Accepts the handle of a qdisc, which has no minor number: the kernel drops it. */
const qdiscHandle: Check<Handle> = (value, path) => {
  const text = handle(value, path);
  const number = parseHandle(text);
  if (number !== 0 && (number & 0xffff) === 0) return text;
  throw new FieldError(path, `expected the handle of a qdisc, such as '1:', not '${text}'`);
};

/** Properties that only readers return. @internal */
export const QDISC_STATE: readonly (keyof QdiscState | 'statistics')[] = ['linkIndex', 'byDefault', 'offloaded', 'statistics'];

const fields: Readonly<Record<string, Check>> = { link: linkName(127), parent: place, handle: qdiscHandle, ...qdiscKindPart.fields };

/** The properties that writers accept. @internal */
export const QDISC_SHAPE: Shape = { fields, out: QDISC_STATE };

/** The properties of a key; others are ignored, so that an object is a key. @internal */
export const QDISC_KEY: Shape = {
  fields: { link: linkName(127), parent: place, handle: qdiscHandle },
  out: [...Object.keys(fields), ...QDISC_STATE],
};

/** Returns the place of a qdisc that has none yet. @internal */
export function placeOfKind(kind: unknown): QdiscParent {
  return CLSACT_KINDS.includes(kind) ? 'clsact' : 'root';
}

/** Checks the properties of a qdisc that depend on each other, as far as they are given. @throws FieldError @internal */
export function checkQdiscPart(wanted: Wanted): void {
  const { handle: own, parent, kind } = wanted as { readonly handle?: string; readonly parent?: string; readonly kind?: string };
  qdiscKindPart.check(wanted, { handle: own === undefined ? undefined : parseHandle(own) });
  const isClsact = CLSACT_KINDS.includes(kind);
  if (isClsact && parent !== undefined && parent !== 'clsact')
    throw new FieldError('parent', `a qdisc of kind '${kind}' has the parent 'clsact'`);
  if (kind !== undefined && !isClsact && parent === 'clsact')
    throw new FieldError('parent', "only the kinds 'clsact' and 'ingress' have it");
  if (isClsact && own !== undefined && own !== CLSACT_HANDLE)
    throw new FieldError('handle', `a qdisc of kind '${kind}' has the handle '${CLSACT_HANDLE}'`);
}

/** Checks a qdisc. @throws FieldError @internal */
export function checkQdisc(wanted: Wanted): void {
  requireFields(wanted, ['link', 'kind']);
  checkQdiscPart(wanted);
}
