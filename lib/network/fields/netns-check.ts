import type { Netns } from '../common/netns.js';
import { FieldError } from '../common/field-error.js';
import { shown, type Check } from './check.js';

/** Accepts a network namespace. @internal */
export const netns: Check<Netns> = (value, path) => {
  if (typeof value === 'string' && value !== '') return value;
  const { pid, fd } = (typeof value === 'object' && value !== null ? value : {}) as { readonly pid?: unknown; readonly fd?: unknown };
  if ((Number.isInteger(pid) && fd === undefined) || (Number.isInteger(fd) && pid === undefined)) return value as Netns;
  throw new FieldError(path, `expected the name of a network namespace, a path, { pid } or { fd }, not ${shown(value)}`);
};
