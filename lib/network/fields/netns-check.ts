import type { Netns } from '../common/netns.js';
import { FieldError } from '../common/field-error.js';
import { integer, shown, text, type Check } from './check.js';

const number = integer(0, 0x7fff_ffff);
/** NAME_MAX and PATH_MAX. */
const name = text(255);
const file = text(4095);

/** Accepts a network namespace. @internal */
export const netns: Check<Netns> = (value, path) => {
  if (typeof value === 'string' && value !== '') return (value.includes('/') ? file : name)(value, path);
  const [property, ...others] = Object.entries(typeof value === 'object' && value !== null ? value : {}).filter(
    ([, id]) => id !== undefined,
  );
  if (property !== undefined && others.length === 0 && ['pid', 'fd'].includes(property[0])) {
    number(property[1], `${path}.${property[0]}`);
    return value as Netns;
  }
  throw new FieldError(path, `expected the name of a network namespace, a path, { pid } or { fd }, not ${shown(value)}`);
};
