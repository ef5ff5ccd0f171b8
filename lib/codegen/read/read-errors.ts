import { omitUndefined } from '../../check/index.js';
import type { AttributeSetSchema, ErrorSchema, FamilySchema } from '../../schema/index.js';
import { camelCase } from '../names.js';
import type { SpecNode } from './spec-node.js';

/** `MAX_ERRNO`, the largest number of Linux's own errors. */
const LARGEST_ERRNO = 4095;

/**
 * Reads `errors`: the error numbers that only this family has, each with its name and its meaning in words.
 *
 * Several errors can have one number, if each of them has conditions.
 *
 * @internal
 */
export function readErrors(
  root: SpecNode,
  operations: readonly string[],
  sets: readonly AttributeSetSchema[],
): Pick<FamilySchema, 'errors'> {
  const properties = new Set(sets.flatMap(({ attributes }) => attributes.map(({ property }) => property)));
  const byName = new Map<string, ErrorSchema>();
  const byValue = new Map<number, ErrorSchema>();
  const errors = root.list('errors').map((node): ErrorSchema => {
    node.allowKeys('name', 'value', 'operations', 'with', 'without');
    const error: ErrorSchema = {
      name: node.textOf('name'),
      value: node.get('value').integer(LARGEST_ERRNO + 1, 0x7fffffff),
      ...omitUndefined({ text: node.findText('doc') }),
      ...readNames(node, 'operations', (entry, name) => (operations.includes(name) ? name : entry.fail('the operation is not defined'))),
      ...readNames(node, 'with', (entry, name) => knownProperty(entry, name, properties)),
      ...readNames(node, 'without', (entry, name) => knownProperty(entry, name, properties)),
    };
    const { name, value } = error;
    const [sameName, sameValue] = [byName.get(name), byValue.get(value)];
    const isConditional = hasConditions(error) && (sameValue === undefined || hasConditions(sameValue));
    if (sameName !== undefined && (sameName.value !== value || !isConditional)) node.fail('is listed twice');
    if (sameValue !== undefined && !isConditional) {
      node.fail(`'${name}' and '${sameValue.name}' have the same number ${value}; both need 'operations', 'with' or 'without'`);
    }
    byName.set(name, error);
    byValue.set(value, error);
    return error;
  });
  return errors.length === 0 ? {} : { errors };
}

function hasConditions(error: ErrorSchema): boolean {
  return error.operations !== undefined || error.with !== undefined || error.without !== undefined;
}

function readNames<Key extends 'operations' | 'with' | 'without'>(
  node: SpecNode,
  key: Key,
  read: (entry: SpecNode, name: string) => string,
): Pick<ErrorSchema, Key> | object {
  if (!node.has(key)) return {};
  const names = node.list(key).map((entry) => read(entry, entry.text()));
  return names.length === 0 ? node.get(key).fail('must have a name') : { [key]: names };
}

function knownProperty(entry: SpecNode, name: string, properties: ReadonlySet<string>): string {
  const property = camelCase(name);
  return properties.has(property) ? property : entry.fail(`no set has the attribute '${name}'`);
}
