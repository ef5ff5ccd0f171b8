import { omitUndefined } from '../../check/index.js';
import type { ErrorSchema, FamilySchema } from '../../schema/index.js';
import type { SpecNode } from './spec-node.js';

/** `MAX_ERRNO`, the largest number of Linux's own errors. */
const LARGEST_ERRNO = 4095;

/** Reads `errors`: the error numbers that only this family has, each with its name and its meaning in words. @internal */
export function readErrors(root: SpecNode): Pick<FamilySchema, 'errors'> {
  const byName = new Set<string>();
  const byValue = new Map<number, string>();
  const errors = root.list('errors').map((node): ErrorSchema => {
    node.allowKeys('name', 'value');
    const [name, value] = [node.textOf('name'), node.get('value').integer(LARGEST_ERRNO + 1, 0x7fffffff)];
    const other = byValue.get(value);
    if (byName.has(name)) node.fail('is listed twice');
    if (other !== undefined) node.fail(`'${name}' and '${other}' have the same number ${value}`);
    byName.add(name);
    byValue.set(value, name);
    return { name, value, ...omitUndefined({ text: node.findText('doc') }) };
  });
  return errors.length === 0 ? {} : { errors };
}
