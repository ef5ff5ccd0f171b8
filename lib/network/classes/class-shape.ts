import { FieldError } from '../common/field-error.js';
import { linkName, type Check } from '../fields/check.js';
import { requireFields, type Shape } from '../fields/shape.js';
import type { Wanted } from '../tables/table-model.js';
import { handle, handleText, parseHandle, type Handle } from '../traffic/handle.js';
import { KindPart } from '../traffic/kind-part.js';
import { classKinds } from './class-kinds.js';
import type { ClassState } from './traffic-class.js';

/** The kind of a class with its options. @internal */
export const classKindPart: KindPart = new KindPart(classKinds, 'class');

/** Accepts the handle of a class, which has a minor number: without one, the kernel would create a class that is never used. */
const classHandle: Check<Handle> = (value, path) => {
  const text = handle(value, path);
  const number = parseHandle(text);
  if (number >>> 16 !== 0 && (number & 0xffff) !== 0) return text;
  throw new FieldError(path, `expected the handle of a class, such as '1:30', not '${text}'`);
};

/** Properties that only readers return. @internal */
export const CLASS_STATE: readonly (keyof ClassState | 'statistics')[] = ['linkIndex', 'statistics'];

const fields: Readonly<Record<string, Check>> = { link: linkName(127), handle: classHandle, parent: handle, ...classKindPart.fields };

/** The properties that writers accept. @internal */
export const CLASS_SHAPE: Shape = { fields, out: CLASS_STATE };

/** The properties of a key; others are ignored, so that an object is a key. @internal */
export const CLASS_KEY: Shape = {
  fields: { link: linkName(127), handle: classHandle },
  out: [...Object.keys(fields), ...CLASS_STATE],
};

/** Returns the handle of the qdisc of a class. @internal */
export function qdiscOfClass(classid: number): Handle {
  return handleText((classid & 0xffff_0000) >>> 0);
}

/** Checks the properties of a class that depend on each other, as far as they are given. @throws FieldError @internal */
export function checkClassPart(wanted: Wanted): void {
  const { handle: own, parent } = wanted as { readonly handle?: string; readonly parent?: string };
  classKindPart.check(wanted, { handle: own === undefined ? undefined : parseHandle(own) });
  if (own === undefined || parent === undefined) return;
  if (parseHandle(own) >>> 16 !== parseHandle(parent) >>> 16 || own === parent)
    throw new FieldError('parent', `expected the qdisc '${qdiscOfClass(parseHandle(own))}' or another class of it, not '${parent}'`);
}

/** Checks a class. @throws FieldError @internal */
export function checkClass(wanted: Wanted): void {
  requireFields(wanted, ['link', 'handle', 'kind']);
  checkClassPart(wanted);
}
