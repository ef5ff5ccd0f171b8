import { FieldError } from '../common/field-error.js';
import { requireFields } from '../fields/shape.js';
import type { TableModel, Wanted } from './table-model.js';

/**
 * Checks that a key names an object: a verb on a key that fits all objects would change or delete the only one of a table.
 *
 * @throws FieldError if a property is missing.
 * @internal
 */
export function requireKey({ keyNeeds, noun }: Pick<TableModel<object>, 'keyNeeds' | 'noun'>, key: Wanted): void {
  requireFields(key, keyNeeds);
  if (Object.values(key).every((value) => value === null))
    throw new FieldError('', `expected at least one property of the ${noun}; an empty key fits all of them`);
}
