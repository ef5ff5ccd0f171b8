import { FieldError } from '../common/field-error.js';
import type { Shape } from './shape.js';

/**
 * Checks that an object with properties that only readers return was read: then they are ignored, so that the object can be written again.
 *
 * @param always - Properties that each object that was read has.
 * @throws FieldError if it was not: its author wants something that nothing would do.
 * @internal
 */
export function requireRead(shape: Shape, always: readonly string[], given: object): void {
  // Most objects have nothing but properties of writers: the list of the others is long.
  if (!hasOther(given, shape) || isRead(always, given)) return;
  refuseState(shape, given);
}

/**
 * Checks that an object has no property that only readers return.
 *
 * @param except - Properties that it may have.
 * @throws FieldError
 * @internal
 */
export function refuseState(shape: Shape, given: object, except: readonly string[] = []): void {
  const name = shape.out?.find((each) => !except.includes(each) && Object.hasOwn(given, each));
  if (name === undefined) return;
  const option = shape.inner?.(name, given).find((path) => path.endsWith(`.${name}`));
  const remedy = shape.remedies?.[name] ?? (option === undefined ? 'omit the property' : `did you mean ${option}?`);
  throw new FieldError(name, `only the kernel sets it; ${remedy}`);
}

/** Returns true if an object was read. @param always - Properties that each object that was read has. @internal */
export function isRead(always: readonly string[], given: object): boolean {
  return always.every((name) => Object.hasOwn(given, name));
}

/** Returns true if an object has a property that writers do not write. @internal */
export function hasOther(given: object, { fields }: Shape): boolean {
  for (const name in given) if (!Object.hasOwn(fields, name)) return true;
  return false;
}
